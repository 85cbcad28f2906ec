// Whose pages may call the API from a browser (https://fetch.spec.whatwg.org/#http-cors-protocol). What the browser asks
// beforehand is answered here; any other OPTIONS is the API's own.
import type { ServeOptions } from '@comity/server'

type App = Parameters<NonNullable<ServeOptions['around']>>[0]

/** Fields of answers that scripts may read besides those that they always may. */
const exposed = [
  'Accept-Patch',
  'Accept-Query',
  'Allow',
  'API-Version',
  'Content-Location',
  'Content-Range',
  'Deprecation',
  'ETag',
  'Link',
  'Location',
  'Preference-Applied',
  'RateLimit',
  'RateLimit-Policy',
  'Repr-Digest',
  'Retry-After',
  'Sunset',
  'WWW-Authenticate',
  'X-Total-Count',
].join(', ')

const methods = 'GET, HEAD, QUERY, POST, PUT, PATCH, DELETE'

/** How long a browser may remember what it was told, in s. */
const remembered = '600'

/** `origins`: those whose pages may, or `*` for all. Cookies of theirs are not asked for. */
export function allowOrigins(app: App, origins: readonly string[]): void {
  const isAny = origins.includes('*')
  app.addHook('onRequest', async (request, reply) => {
    const {
      origin,
      'access-control-request-method': wanted,
      'access-control-request-headers': fields,
    } = request.headers
    if (isAny || (origin !== undefined && origins.includes(origin)))
      reply.header('access-control-allow-origin', isAny ? '*' : origin).header('access-control-expose-headers', exposed)
    if (request.method !== 'OPTIONS' || origin === undefined || wanted === undefined) return undefined
    return reply
      .code(204)
      .header('access-control-allow-methods', methods)
      .header('access-control-max-age', remembered)
      .header('vary', 'Origin, Access-Control-Request-Headers')
      .headers(fields === undefined ? {} : { 'access-control-allow-headers': fields })
      .send()
  })
  if (isAny) return
  // After the API has said what else its answer depends on.
  app.addHook('onSend', async (_request, reply) => {
    const vary = String(reply.getHeader('vary') ?? '')
    if (!/(^|,)\s*(origin|\*)\s*(,|$)/i.test(vary)) reply.header('vary', vary === '' ? 'Origin' : `${vary}, Origin`)
  })
}
