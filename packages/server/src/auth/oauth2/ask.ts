// Requests of an authorization server: bounded in time and in size, followed nowhere.

/** Ms for an answer, and bytes that it may have. */
export type AskBounds = { readonly timeout: number; readonly size: number }

/**
 * One request; what is answered is all here. Redirections are not followed: an issuer that moves is another issuer.
 * @throws where there is no answer in time, or a longer one than may be
 */
export async function ask(url: string, init: RequestInit, { timeout, size }: AskBounds): Promise<Response> {
  const limit = AbortSignal.timeout(timeout)
  const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit
  const response = await fetch(url, { ...init, redirect: 'manual', signal })
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of response.body ?? []) {
    length += piece.length
    if (length > size) throw new Error(`${url} answered more than ${size} bytes`)
    pieces.push(piece)
  }
  const { status, headers } = response
  return new Response(length === 0 ? null : Buffer.concat(pieces), { status, headers })
}

/**
 * RFC 8414 §2, RFC 9728: https, so that nobody between can answer. To this machine itself plain http will do.
 * @throws TypeError where it is neither
 */
export function secureUrl(what: string, text: string): URL {
  const url = URL.parse(text)
  if (url === null) throw new TypeError(`${what} “${text}” is no URL`)
  if (url.protocol === 'https:' || isLoopback(url)) return url
  throw new TypeError(`${what} “${text}” must be an https URL`)
}

export const isLoopback = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)
