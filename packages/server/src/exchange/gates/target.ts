// Gates on the request line, Host and version: what is asked for, and whether it is served at all.

import { majorOf } from '../../define/names.ts'
import { refusedByMode } from '../../limits/mode.ts'
import { nearest } from '../../query/nearest.ts'
import { changelogOf, successorOf } from '../../versions/announce.ts'
import type { VersionModel } from '../../versions/view.ts'
import { refuse, type Stop } from '../answer.ts'
import type { Exchange } from '../exchange.ts'
import { allowedMethods } from '../methods.ts'
import { siteOf } from '../site.ts'

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
  if (place.kind === 'site' ? siteOf(x, place.path) !== undefined : place.kind !== 'nothing') return
  const first = path.split('/')[1] ?? ''
  // A version that is gone says so wherever it is looked for.
  if (x.version?.status === 'retired') return
  const near = nearest(first, (x.version?.model ?? x.runtime.model).resources.keys())
  const hint =
    near === undefined || near === first ? 'The entry point lists what is served.' : `Did you mean “/${near}”?`
  return refuse('no-such-resource', `Nothing is served at “${path}”. ${hint}`)
}

/** Path first, then the API-Version field, then `v=`. */
export function versionServed(x: Exchange): Stop | undefined {
  if (x.target.place.kind === 'site') return
  const asked = x.target.versionPath ? x.target.asked : (x.field('api-version') ?? x.target.asked)
  if (asked === undefined) return
  const { model } = x.runtime
  const current = majorOf(model.version)
  if (asked === current) return
  if (x.version?.number === asked) return x.version.status === 'retired' ? retired(x, x.version) : undefined
  const served = [current, ...[...model.versions.values()].filter(isServed).map(({ number }) => number)]
  const said = served.length === 1 ? `version ${current} is` : `versions ${served.join(', ')} are`
  return refuse('version-unknown', `Version “${asked.slice(0, 60)}” is not served; ${said}.`, {
    members: { versions: served },
  })
}

const isServed = ({ status }: VersionModel): boolean => status !== 'retired'

/** RFC 9110 §15.5.11 */
function retired(x: Exchange, version: VersionModel): Stop {
  const origin = x.incoming.origin()
  const reference = successorOf(x, version)
  const successor = origin === '' ? reference : new URL(reference, origin).href
  return refuse('version-retired', `Version ${version.number} is not served any more; go to ${successor}.`, {
    members: { successor, changelog: `${origin}${changelogOf(x, version)}` },
  })
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
  if (!x.runtime.isDraining() || (x.target.place.kind === 'page' && x.target.place.page === 'livez'))
    return refusedByMode(x, x.runtime.mode())
  return refuse('service-unavailable', 'The server is shutting down.', {
    fields: { 'retry-after': '5', connection: 'close' },
  })
}
