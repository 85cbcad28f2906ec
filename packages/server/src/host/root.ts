// Where an API is, for what says so of itself: the issuer of tokens, the audience they are for.
import type { FastifyInstance } from 'fastify'

/**
 * Scheme, authority and path of the API's root, without a slash at its end. By `publicUrl`; else where the host listens,
 * which is known once it does. Never by a Host field, which whoever asks could choose.
 */
export function rootOf(app: FastifyInstance, publicUrl: string | undefined): () => string {
  if (publicUrl !== undefined) return () => publicUrl.replace(/\/+$/, '')
  return () => listening(app) + app.prefix
}

function listening(app: FastifyInstance): string {
  const address = app.server.address()
  if (typeof address !== 'object' || address === null) return 'http://localhost'
  const { port, family } = address
  const scheme = 'setSecureContext' in app.server ? 'https' : 'http'
  // On all addresses: which of them is meant only `publicUrl` could say.
  if (address.address === '0.0.0.0' || address.address === '::') return `${scheme}://localhost:${port}`
  return `${scheme}://${family === 'IPv6' ? `[${address.address}]` : address.address}:${port}`
}
