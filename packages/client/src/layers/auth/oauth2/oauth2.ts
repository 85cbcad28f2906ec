// RFC 6749, RFC 6750: a token with each request. It is obtained when it is needed and refreshed before it ends or once
// it is refused; whoever needs one meanwhile waits for the same.
import type { TokenEndpointResponse } from 'oauth4webapi'
import type { Outgoing } from '../../../exchange/request.ts'
import { originOf } from '../../../exchange/target.ts'
import { unlessAborted } from '../../common-wait.ts'
import { withToken } from '../bearer.ts'
import { type AuthScheme, type Exchange, withField } from '../scheme.ts'
import { type Authority, authorityFor, isInvalidGrant, refusal } from './authority.ts'
import { newKey, proof, readKey, writtenKey } from './dpop.ts'
import type { KeyPair, OAuth2Options, Tokens } from './options.ts'

/** How tokens are had for the first time. */
export type Grant = (authority: Authority) => Promise<TokenEndpointResponse>

/** Ms before its end that a token is not used any more; at most a tenth of its life. */
const margin = 30_000
const mostNonces = 100

export function oauth2(given: OAuth2Options, grant: Grant): AuthScheme {
  const usesDpop = given.dpop === 'required'
  const name = [given.issuer, given.clientId, given.scope ?? '', given.resource ?? ''].join(' ')
  const nonces = new Map<string, string>()
  let tokens: Tokens | undefined
  let keys: KeyPair | undefined
  let loaded = false
  let pending: Promise<Tokens> | undefined

  /** `refused`: a token that a server did not take. */
  function current(exchange: Exchange, refused?: string): Tokens | Promise<Tokens> {
    if (tokens !== undefined && tokens.access !== refused && isFresh(tokens, exchange.call.clock.now())) return tokens
    // Single flight: a refused token is refreshed once, however many requests it was refused for.
    pending ??= renewed(exchange, refused).finally(() => {
      pending = undefined
    })
    return unlessAborted(pending, exchange.call.signal)
  }

  async function renewed(exchange: Exchange, refused: string | undefined): Promise<Tokens> {
    const { clock, note } = exchange.call
    if (!loaded) {
      tokens = await given.store?.load(name)
      if (usesDpop && tokens?.key === undefined) tokens = undefined
      if (tokens?.key !== undefined) keys = await readKey(tokens.key)
      loaded = true
      if (tokens !== undefined && tokens.access !== refused && isFresh(tokens, clock.now())) return tokens
    }
    if (usesDpop) keys ??= await newKey(given.store !== undefined)
    try {
      const authority = await authorityFor(given, keys, exchange)
      const old = tokens?.refresh
      const answer =
        (old === undefined ? undefined : await refreshed(authority, old, note)) ?? (await granted(authority))
      note('auth', 'a token was obtained from the authorization server')
      tokens = {
        access: answer.access_token,
        type: answer.token_type === 'dpop' ? 'DPoP' : 'Bearer',
        expires: answer.expires_in === undefined ? undefined : clock.now() + answer.expires_in * 1000,
        // RFC 6749 §6: where no new one is given, the old one stays.
        refresh: answer.refresh_token ?? old,
        ...(keys !== undefined && given.store !== undefined ? { key: await writtenKey(keys) } : {}),
      }
    } catch (error) {
      throw refusal(error)
    }
    await given.store?.save(name, tokens)
    return tokens
  }

  async function granted(authority: Authority): Promise<TokenEndpointResponse> {
    return withNonce(authority, () => grant(authority))
  }

  async function refreshed(
    authority: Authority,
    refresh: string,
    note: Exchange['call']['note'],
  ): Promise<TokenEndpointResponse | undefined> {
    const { oauth, server, client, authentication, options } = authority
    try {
      return await withNonce(authority, async () =>
        oauth.processRefreshTokenResponse(
          server,
          client,
          await oauth.refreshTokenGrantRequest(server, client, authentication, refresh, options),
        ),
      )
    } catch (error) {
      if (!isInvalidGrant(error)) throw error
      note('auth', 'the refresh token is of no use any more')
      tokens = undefined
      await given.store?.save(name, undefined)
      return undefined
    }
  }

  async function signed(request: Outgoing, { access, type }: Tokens, { call }: Exchange): Promise<Outgoing> {
    const sent = withToken(request, type, access)
    if (type === 'Bearer' || keys === undefined) return sent
    const nonce = nonces.get(originOf(request.url))
    return withField(sent, 'dpop', await proof(keys, request, access, nonce, call.clock.now()))
  }

  return {
    name: 'OAuth 2',
    sign(request, exchange) {
      const known = current(exchange)
      if (known instanceof Promise) return known.then(tokens => signed(request, tokens, exchange))
      return known.type === 'Bearer' ? withToken(request, 'Bearer', known.access) : signed(request, known, exchange)
    },
    async receive({ response, sent, request, tries }, exchange) {
      const nonce = response.fields['dpop-nonce']
      const origin = originOf(request.url)
      if (nonce !== undefined && usesDpop) {
        if (nonces.size >= mostNonces) nonces.clear()
        nonces.set(origin, nonce)
      }
      if (response.status !== 401 || tries > 2) return undefined
      const token = sent.fields.authorization?.split(' ')[1]
      // RFC 9449 §9: only the nonce was missing.
      if (usesDpop && nonce !== undefined && /use_dpop_nonce/.test(response.fields['www-authenticate'] ?? '')) {
        return { kind: 'send', request: await signed(request, await current(exchange), exchange) }
      }
      if (refusedBefore.has(request)) return undefined
      refusedBefore.add(request)
      return { kind: 'send', request: await signed(request, await current(exchange, token), exchange) }
    },
  }
}

/** Requests that were tried with a new token already. */
const refusedBefore = new WeakSet<Outgoing>()

// RFC 9449 §8: a server may want a nonce that only it can tell; the library remembers it.
async function withNonce<T>({ oauth }: Authority, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (oauth.isDPoPNonceError(error)) return act()
    throw error
  }
}

function isFresh({ expires }: Tokens, now: number): boolean {
  return expires === undefined || expires - now > margin
}
