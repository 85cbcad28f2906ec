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

/** The same of an answer that others would not have been given: not even `public` lets a shared cache store it. */
export function controlForOne(field: string): string {
  const { sMaxage: _, proxyRevalidate: __, public: ___, ...control } = parseCacheControl(field)
  return control.noStore ? field : formatCacheControl({ ...control, private: 'all' })
}
