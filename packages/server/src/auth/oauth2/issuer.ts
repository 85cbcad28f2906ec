// RFC 8414: what an authorization server says of itself; and its keys (RFC 7517), fetched anew when they are rotated.
import type { FetchImplementation, RemoteJWKSet } from 'jose'
import { type AskBounds, ask, secureUrl } from './ask.ts'

export type IssuerOptions = {
  /** As tokens name it (`iss`). */
  readonly issuer: string
  /** Where its keys are; asked for by its metadata unless given. */
  readonly jwksUri?: string | undefined
}

/** Ms after a failure in which it is not asked again, so that what is down is not flooded. */
const rest = 5_000
/** Ms between two fetches because of keys that nobody knew: whoever makes up a `kid` causes no more than that. */
const cooldown = 30_000
const bounds: AskBounds = { timeout: 5_000, size: 262_144 }

/** The keys of an issuer, found when they are first needed. What cannot be had rejects. */
export function keysOf({ issuer, jwksUri }: IssuerOptions): () => Promise<RemoteJWKSet> {
  if (jwksUri !== undefined) secureUrl('jwksUri', jwksUri)
  secureUrl('issuer', issuer)
  let found: Promise<RemoteJWKSet> | undefined
  let failed: { readonly at: number; readonly error: unknown } | undefined
  const guarded = async <T>(act: () => Promise<T>): Promise<T> => {
    if (failed !== undefined && performance.now() - failed.at < rest) throw failed.error
    try {
      const value = await act()
      failed = undefined
      return value
    } catch (error) {
      failed = { at: performance.now(), error }
      throw error
    }
  }
  const find = async (): Promise<RemoteJWKSet> => {
    const { createRemoteJWKSet, customFetch } = await import('jose')
    const uri = jwksUri ?? (await guarded(() => jwksUriOf(issuer)))
    const fetched: FetchImplementation = (url, init) => guarded(() => ask(url, init, bounds))
    return createRemoteJWKSet(secureUrl('jwks_uri', uri), {
      timeoutDuration: bounds.timeout,
      cooldownDuration: cooldown,
      [customFetch]: fetched,
    })
  }
  return () => {
    found ??= find().catch(error => {
      found = undefined
      throw error
    })
    return found
  }
}

/** RFC 8414 §3.1 inserts its well-known path before that of the issuer, OpenID Connect appends its own. */
export function metadataUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ]
}

async function jwksUriOf(issuer: string): Promise<string> {
  let said = ''
  for (const url of metadataUrls(issuer)) {
    const response = await ask(url, { headers: { accept: 'application/json' } }, bounds)
    if (response.status !== 200) {
      said = `${url} answered ${response.status}`
      continue
    }
    const metadata = (await response.json()) as { readonly issuer?: unknown; readonly jwks_uri?: unknown }
    // RFC 8414 §3.3: else one server could speak for another.
    if (metadata.issuer !== issuer)
      throw new Error(`${url} is the metadata of “${metadata.issuer}”, not of “${issuer}”`)
    if (typeof metadata.jwks_uri === 'string') return metadata.jwks_uri
    said = `${url} names no jwks_uri`
  }
  throw new Error(`the keys of ${issuer} cannot be found: ${said}`)
}
