// Gates on the request line, Host and version: what is asked for, and whether it is served at all.
import { nearest } from '../../query/nearest.ts'
import { refuse, type Stop } from '../answer.ts'
import type { Exchange } from '../exchange.ts'
import { allowedMethods } from '../methods.ts'

const implemented: ReadonlySet<string> = new Set(['GET', 'HEAD', 'QUERY', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
/** Known, so that refusing them is a matter of the target (405), and never allowed. */
const neverAllowed: ReadonlySet<string> = new Set(['TRACE', 'CONNECT'])

/** What the host could tell of the message before anything of it was read as a request. */
export function messageUnderstood(x: Exchange): Stop | undefined {
  return x.incoming.fault()
}

export function methodKnown(x: Exchange): Stop | undefined {
  if (implemented.has(x.method) || neverAllowed.has(x.method)) return
  return refuse('method-not-implemented', `The method ${x.method} is not implemented here, for any resource.`)
}

export function uriAcceptable(x: Exchange): Stop | undefined {
  const { place, wordsFault } = x.target
  if (place.kind === 'too-long') {
    const limit = x.runtime.model.limits.url
    return refuse(
      'uri-too-long',
      `The request target has ${x.incoming.url.length} characters; at most ${limit} are read.`,
    )
  }
  if (place.kind === 'malformed') return refuse('malformed-uri', `In the path, ${place.detail}.`)
  if (wordsFault !== undefined) return refuse('malformed-uri', `The query cannot be read: ${wordsFault}`)
  return
}

export function hostServed(x: Exchange): Stop | undefined {
  const { hosts } = x.runtime
  if (hosts === undefined) return
  const host = (x.field('host') ?? '').toLowerCase()
  if (hosts.has(host) || hosts.has(host.replace(/:\d+$/, ''))) return
  return refuse('misdirected-request', `This server does not answer for the host “${host}”.`)
}

export function routeFound(x: Exchange): Stop | undefined {
  const { place, path } = x.target
  if (place.kind === 'moved') return { kind: 'moved', to: x.incoming.prefix() + place.to }
  if (place.kind !== 'nothing') return
  const first = path.split('/')[1] ?? ''
  const near = nearest(first, x.runtime.model.resources.keys())
  const hint =
    near === undefined || near === first ? 'The entry point lists what is served.' : `Did you mean “/${near}”?`
  return refuse('no-such-resource', `Nothing is served at “${path}”. ${hint}`)
}

/** Path first, then the API-Version field, then `v=`. Only one version is served so far: the major of the API's own. */
export function versionServed(x: Exchange): Stop | undefined {
  const asked = x.target.versionPath ? x.target.version : (x.field('api-version') ?? x.target.version)
  if (asked === undefined) return
  const current = x.runtime.model.version.split('.')[0]
  if (asked === current) return
  return refuse('version-unknown', `Version “${asked}” is not served; version ${current} is.`)
}

export function methodAllowed(x: Exchange): Stop | undefined {
  const allowed = allowedMethods(x.target.place)
  if (allowed.includes(x.method)) return
  const allow = allowed.join(', ')
  return refuse('method-not-allowed', `${x.method} is not allowed on “${x.target.path}”; ${allow} are.`, {
    fields: { allow },
    members: { allowed },
  })
}

export function serviceAvailable(x: Exchange): Stop | undefined {
  // A process that drains is still alive.
  if (!x.runtime.isDraining() || (x.target.place.kind === 'page' && x.target.place.page === 'livez')) return
  return refuse('service-unavailable', 'The server is shutting down.', {
    fields: { 'retry-after': '5', connection: 'close' },
  })
}
