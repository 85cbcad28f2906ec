// RFC 7662: tokens that say nothing by themselves are asked about, at the server that issued them.
import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { ask, secureUrl } from './ask.ts'
import { invalid, type TokenRead, tokenOf } from './token.ts'

export type Introspection = {
  /** The introspection endpoint. */
  readonly url: string
  /** By which this API says who it is to that endpoint. */
  readonly clientId: string
  readonly clientSecret: string
  /**
   * Ms for which what was said of a token is believed, never past its end: a revoked token is accepted for so long. 10,000
   * by default; 0 asks each time.
   */
  readonly cacheFor?: number
  /** Ms for an answer; 5,000 by default. */
  readonly timeout?: number
}

/** Answers kept, of tokens that were asked about lately; and questions under way at once. */
const mostKept = 10_000
const mostAsked = 500
/** Ms for which a token that is not active is not asked about again. */
const refusedFor = 5_000
/** Ms of rest after a question that had no answer. */
const rest = 1_000

export function introspecting(
  { url, clientId, clientSecret, cacheFor = 10_000, timeout = 5_000 }: Introspection,
  expected: { readonly issuer: string; readonly audience: readonly string[] },
): (token: string, now: number) => Promise<TokenRead> {
  secureUrl('introspection.url', url)
  const kept = new LRUCache<string, { readonly read: TokenRead; readonly until: number }>({ max: mostKept })
  const asked = new Map<string, Promise<TokenRead>>()
  let failed = Number.NEGATIVE_INFINITY
  // RFC 6749 §2.3.1: as a form writes them.
  const encoded = [clientId, clientSecret].map(text => new URLSearchParams({ a: text }).toString().slice(2))
  const authorization = `Basic ${Buffer.from(encoded.join(':')).toString('base64')}`

  const question = async (token: string): Promise<TokenRead> => {
    if (asked.size > mostAsked || performance.now() - failed < rest)
      return { kind: 'unavailable', cause: new Error(`${url} is not asked at the moment`) }
    try {
      const body = new URLSearchParams({ token, token_type_hint: 'access_token' })
      const headers = { authorization, accept: 'application/json' }
      const response = await ask(url, { method: 'POST', headers, body }, { timeout, size: 65_536 })
      if (response.status !== 200) throw new Error(`${url} answered ${response.status}`)
      return answered((await response.json()) as Readonly<Record<string, unknown>>, expected)
    } catch (cause) {
      failed = performance.now()
      return { kind: 'unavailable', cause }
    }
  }

  return async (token, now) => {
    // What is kept is no token: who reads the memory of this process learns none.
    const name = createHash('sha256').update(token).digest('base64')
    const before = kept.get(name)
    if (before !== undefined && before.until > now) return before.read
    const pending = asked.get(name)
    const read = await (pending ??
      begin(asked, name, () => question(token)).then(result => {
        const until = now + (result.kind === 'token' ? cacheFor : refusedFor)
        if (result.kind !== 'unavailable' && cacheFor > 0)
          kept.set(name, { read: result, until: Math.min(until, endOf(result)) })
        return result
      }))
    return read.kind === 'token' && endOf(read) <= now ? invalid('it has expired') : read
  }
}

function begin<T>(running: Map<string, Promise<T>>, name: string, act: () => Promise<T>): Promise<T> {
  const promise = act().finally(() => running.delete(name))
  running.set(name, promise)
  return promise
}

const endOf = (read: TokenRead): number =>
  read.kind === 'token' ? (read.token.expires ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY

/** §2.2, §4: `aud` and `iss` may be left out, since the server knows who asks; where they are there they must be right. */
function answered(
  said: Readonly<Record<string, unknown>>,
  { issuer, audience }: { readonly issuer: string; readonly audience: readonly string[] },
): TokenRead {
  if (said.active !== true) return invalid('its issuer says that it is not active')
  if (said.iss !== undefined && said.iss !== issuer) return invalid('it is of another issuer')
  const meant = said.aud === undefined ? undefined : [said.aud].flat()
  if (meant?.some(one => audience.includes(one as string)) === false) return invalid('it is for another audience')
  const { token_type } = said
  if (typeof token_type === 'string' && !/^(?:bearer|dpop|access_token)$/i.test(token_type))
    return invalid('it is no access token')
  return tokenOf(said)
}
