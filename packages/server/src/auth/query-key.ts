// An API key in the query is seen by whoever sees the URL: logs, histories, referrers. So it is taken out of it before
// anything else looks, and is nowhere afterwards: in no link, trace, job, problem or Location.
import { isApiKey } from './keys.ts'

export type WithoutKey = {
  /** The target without the key. */
  readonly url: string
  /** What stood there; empty where there was more than one. */
  readonly key: string | undefined
}

/**
 * `allowed`: what `key=` says is the key. `refused`: `key` may be any member's name, but what has the form of a key is one,
 * whatever its parameter is called.
 */
export function withoutKey(url: string, queryKeys: 'allowed' | 'refused'): WithoutKey {
  const mark = url.indexOf('?')
  if (mark === -1) return { url, key: undefined }
  const keys: string[] = []
  const others = url
    .slice(mark + 1)
    .split('&')
    .filter(word => {
      const equals = word.indexOf('=')
      const name = decoded(equals === -1 ? word : word.slice(0, equals))
      const value = equals === -1 ? '' : decoded(word.slice(equals + 1))
      if (!isApiKey(value) && !(queryKeys === 'allowed' && name === 'key')) return true
      keys.push(value)
      return false
    })
  if (keys.length === 0) return { url, key: undefined }
  const query = others.join('&')
  return {
    url: query === '' ? url.slice(0, mark) : `${url.slice(0, mark)}?${query}`,
    key: keys.length === 1 ? keys[0] : '',
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
