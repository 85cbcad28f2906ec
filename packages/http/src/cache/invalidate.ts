// RFC 9111 §4.4: invalidating stored responses

import { fieldValue } from '../fields.ts'
import { isSafe } from '../method.ts'
import { cacheUrl } from './key.ts'
import type { CacheRequest, CacheResponse, StoredResponse } from './store.ts'

/**
 * The URLs whose stored responses a request and its response make invalid: normalised as in keys, so that `isKeyOf`
 * finds them. None for safe methods and for errors; otherwise the target, and what `Location` and `Content-Location`
 * name on the same origin. A method that is not known counts as unsafe. RFC 9111 §4.4.
 */
export function invalidatedUrls(
  request: Pick<CacheRequest, 'method' | 'url'>,
  response: CacheResponse,
): readonly string[] {
  const target = cacheUrl(request.url)
  if (target === undefined || isSafe(request.method)) return []
  // §4.4: a non-error response is 2xx or 3xx.
  if (response.status < 200 || response.status > 399) return []
  const urls = [target]
  for (const name of ['location', 'content-location']) {
    const value = fieldValue(response.fields, name)
    const url = value === undefined ? undefined : cacheUrl(value, target)
    // §4.4: MUST NOT invalidate on another origin.
    if (url !== undefined && new URL(url).origin === new URL(target).origin && !urls.includes(url)) urls.push(url)
  }
  return urls
}

/** The stored response, to be validated before its next use. RFC 9111 §4.4. */
export function invalidated<Stored extends StoredResponse>(stored: Stored): Stored & { readonly invalid: true } {
  return { ...stored, invalid: true }
}
