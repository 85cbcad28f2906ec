// RFC 5849: OAuth 1.0, what is signed and how it is written. Signing itself is the platform's matter.

/** In the registry's spelling, and HMAC-SHA256, which came later and is in use. */
export const oauth1Methods = ['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'PLAINTEXT'] as const
export type OAuth1Method = (typeof oauth1Methods)[number]

/** Name and value, decoded. */
export type OAuth1Parameter = readonly [name: string, value: string]

/** §3.6: everything but unreserved characters, in UTF-8 and upper case. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** The parameters of a query or of a form, decoded, in order. §3.4.1.3.1. */
export function formParameters(text: string): readonly OAuth1Parameter[] {
  return [...new URLSearchParams(text)]
}

/** §3.4.1.3.2: encoded, sorted by the bytes of name and then value, and joined. */
export function normalizedParameters(parameters: readonly OAuth1Parameter[]): string {
  return parameters
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** §3.4.1.2: the target without query; scheme and host in lower case, a default port left out. */
export function baseStringUri(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}

/**
 * §3.4.1.1: what is signed. `parameters` are those of the Authorization field, without realm and signature, and of a
 * form in the content; those of the query are taken from the URL.
 */
export function signatureBaseString(method: string, url: string, parameters: readonly OAuth1Parameter[]): string {
  const all = [...formParameters(new URL(url).search), ...parameters]
  return [method.toUpperCase(), baseStringUri(url), normalizedParameters(all)].map(percentEncode).join('&')
}

/** §3.4.2, §3.4.4: the key of an HMAC, and all of a PLAINTEXT signature. */
export function sharedSecretKey(clientSecret: string, tokenSecret = ''): string {
  return `${percentEncode(clientSecret)}&${percentEncode(tokenSecret)}`
}

/** Writes Authorization. §3.5.1. */
export function formatOAuth1(parameters: readonly OAuth1Parameter[], realm?: string): string {
  const written = parameters.map(([name, value]) => `${percentEncode(name)}="${percentEncode(value)}"`)
  // A realm is a quoted string of RFC 9110 and not percent-encoded.
  const first = realm === undefined ? [] : [`realm="${realm.replace(/["\\]/g, '\\$&')}"`]
  return `OAuth ${[...first, ...written].join(', ')}`
}

/** The parameters that an OAuth field holds, decoded, realm left out. `undefined` where one is not well-formed. §3.5.1. */
export function oauth1Parameters(params: Readonly<Record<string, string>>): readonly OAuth1Parameter[] | undefined {
  try {
    return Object.entries(params)
      .filter(([name]) => name !== 'realm')
      .map(([name, value]) => [decodeURIComponent(name), decodeURIComponent(value)] as const)
  } catch {
    return undefined
  }
}
