// RFC 5849: OAuth 1.0a, from the side of the client. The hashes are those of Web Crypto, which Node and browsers have.
import {
  fieldValue,
  formatOAuth1,
  formParameters,
  type OAuth1Method,
  type OAuth1Parameter,
  parseMediaType,
  sharedSecretKey,
  signatureBaseString,
} from '@comity/http'
import type { Outgoing } from '../../exchange/request.ts'
import { type AuthScheme, type Secret, told, whoHas, withField } from './scheme.ts'

export type OAuth1Options = {
  readonly consumerKey: string
  /** For RSA-SHA1 the private key, PKCS #8 in PEM. */
  readonly consumerSecret: Secret
  readonly token?: string
  readonly tokenSecret?: Secret
  /** HMAC-SHA1 by default: it is what every server knows. PLAINTEXT is sent over https only. */
  readonly method?: OAuth1Method
  readonly realm?: string
  /** More parameters to sign: `oauth_callback`, `oauth_verifier`. */
  readonly parameters?: Readonly<Record<string, string>>
}

/** Signs each request anew, with its own nonce. @throws TypeError for PLAINTEXT over http. */
export function oauth1(given: OAuth1Options): AuthScheme {
  const method = given.method ?? 'HMAC-SHA1'
  return {
    name: 'OAuth',
    ...whoHas(given.consumerSecret, `${given.consumerKey}:${given.token ?? ''}`),
    async sign(request, { call }) {
      const own: OAuth1Parameter[] = [
        ['oauth_consumer_key', given.consumerKey],
        ...(given.token === undefined ? [] : [['oauth_token', given.token] as const]),
        ['oauth_signature_method', method],
        ['oauth_timestamp', String(Math.floor(call.clock.now() / 1000))],
        ['oauth_nonce', crypto.randomUUID()],
        ['oauth_version', '1.0'],
        ...Object.entries(given.parameters ?? {}),
      ]
      const secret = await told(given.consumerSecret)
      const tokenSecret = given.tokenSecret === undefined ? '' : await told(given.tokenSecret)
      const signature = await sign(method, request, own, secret, tokenSecret)
      return withField(request, 'authorization', formatOAuth1([...own, ['oauth_signature', signature]], given.realm))
    },
  }
}

async function sign(
  method: OAuth1Method,
  request: Outgoing,
  own: readonly OAuth1Parameter[],
  secret: string,
  tokenSecret: string,
): Promise<string> {
  if (method === 'PLAINTEXT') {
    // §3.4.4: it is the secrets themselves.
    if (!isProtected(request.url)) throw new TypeError('PLAINTEXT shows its secrets, and is sent over https only')
    return sharedSecretKey(secret, tokenSecret)
  }
  const base = signatureBaseString(request.method, request.url, [...own, ...formOf(request)])
  const bytes = new TextEncoder().encode(base)
  const key = await keyFor(method, secret, tokenSecret)
  const signature = await crypto.subtle.sign(method === 'RSA-SHA1' ? 'RSASSA-PKCS1-v1_5' : 'HMAC', key, bytes)
  return btoa(String.fromCharCode(...new Uint8Array(signature)))
}

function keyFor(method: 'HMAC-SHA1' | 'HMAC-SHA256' | 'RSA-SHA1', secret: string, tokenSecret: string) {
  if (method === 'RSA-SHA1') {
    const base64 = secret.replace(/-----[^-]+-----|\s+/g, '')
    const der = Uint8Array.from(atob(base64), character => character.charCodeAt(0))
    return crypto.subtle.importKey('pkcs8', der, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-1' }, false, ['sign'])
  }
  const bytes = new TextEncoder().encode(sharedSecretKey(secret, tokenSecret))
  const hash = method === 'HMAC-SHA1' ? 'SHA-1' : 'SHA-256'
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash }, false, ['sign'])
}

// §3.4.1.3.1: a form of one part is signed with the rest
function formOf({ content, fields }: Outgoing): readonly OAuth1Parameter[] {
  if (content?.kind !== 'bytes') return []
  const type = parseMediaType(fieldValue(fields, 'content-type') ?? '')
  const isForm = type?.type === 'application' && type.subtype === 'x-www-form-urlencoded'
  return isForm ? formParameters(new TextDecoder().decode(content.bytes)) : []
}

function isProtected(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)
}
