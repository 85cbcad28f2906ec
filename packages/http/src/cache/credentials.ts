// RFC 9111 §3.5: storing responses to authenticated requests
import { formatCacheControl, parseCacheControl } from '../cache-control.ts'

/**
 * The Cache-Control of an answer to a request that carried credentials: `private`, and without what only shared caches
 * heed. Unchanged where it is `public`, which says that it is for anybody, and where nobody may store it.
 */
export function controlForCredentials(field: string): string {
  const { sMaxage: _, proxyRevalidate: __, ...control } = parseCacheControl(field)
  if (control.public || control.noStore) return field
  return formatCacheControl({ ...control, private: 'all' })
}
