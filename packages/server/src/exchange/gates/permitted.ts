// RFC 9110 §15.5.4 and RFC 6750 §3.1: may the caller do this, to anything of the kind? Which rows there are for them, is asked
// of the database with everything else; one that is not there for them is 404.
import { type Act, actOf, letsAnyoneWrite, type Resource, ruleFor, rulesOf } from '../../access/rule.ts'
import { isCovered, scopedName, scopesFor } from '../../access/scopes.ts'
import { sightOf } from '../../access/sight.ts'
import type { Caller } from '../../auth/caller.ts'
import type { JobRequest } from '../../store/store.ts'
import { type Refused, refuse, type Stop } from '../answer.ts'
import type { Exchange } from '../exchange.ts'
import type { Place } from '../target.ts'

/** What rules are about, of what a path names; undefined: nothing that has any. */
function resourceAt(place: Place): Resource | undefined {
  if (place.kind === 'service') return place.service
  return 'collection' in place ? place.collection : undefined
}

/** Notes what there is for the caller. */
export function permitted(x: Exchange): Stop | undefined {
  const { access } = x.runtime.model
  if (access === undefined && x.caller?.scopes === undefined) return
  const resource = resourceAt(x.target.place)
  if (resource === undefined || x.method === 'OPTIONS') return
  const act = actOf(x.method)
  // Whoever has credentials for something else is still anyone.
  const isScoped = isCovered(x.caller?.scopes, resource, act)
  const caller = isScoped ? x.caller : undefined
  if (access === undefined) return isScoped ? undefined : insufficientScope(x, resource, act)
  const sight = sightOf(access, caller)
  if (sight.rule(resource, act) === undefined)
    return isScoped
      ? refuse('forbidden', `${x.method} is not for you at “${x.target.path}”.`)
      : insufficientScope(x, resource, act)
  x.see(sight)
  const view = resource.kind === 'collection' ? sight.view(resource) : ''
  if (view !== '') x.target = x.runtime.targetSeen(x.target, view)
  return
}

/** Whether a rule lets anyone do it who asks, without credentials too; and go on with what they began. */
export function mayAnyone(x: Exchange): boolean {
  const { access } = x.runtime.model
  if (access === undefined) return false
  const { place } = x.target
  const resource = resourceAt(place)
  if (resource !== undefined) return ruleFor(rulesOf(access, resource), undefined, actOf(x.method)) !== undefined
  return (place.kind === 'upload' || place.kind === 'job' || place.kind === 'job-result') && letsAnyoneWrite(access)
}

/** Whether the caller may know of a request of theirs that they made before, perhaps with other credentials. */
export function mayKnow(x: Exchange, { method, url, fields }: Pick<JobRequest, 'method' | 'url' | 'fields'>): boolean {
  const resource = resourceAt(x.runtime.targetOf(url, fields['api-version']).place)
  if (resource === undefined) return true
  const act = actOf(method)
  if (!isCovered(x.caller?.scopes, resource, act)) return false
  const { access } = x.runtime.model
  return access === undefined || ruleFor(rulesOf(access, resource), x.caller, act) !== undefined
}

/** The scheme's challenge says which scope is wanted, where it is one that has scopes. */
function insufficientScope(x: Exchange, resource: Resource, act: Act): Refused {
  const scopes = scopesFor(resource, act)
  const [scope = ''] = scopes
  const { scheme, scopes: granted = [] } = (x.caller ?? {}) as Partial<Caller>
  const detail = `${x.method} of ${scopedName(resource)} needs the scope ${scopes.join(' or ')}; what was granted is ${granted.join(' ') || 'none'}.`
  const theirs = x.runtime.schemes.find(({ name }) => scheme !== undefined && name.split(', ').includes(scheme))
  const challenge = theirs?.insufficientScope?.(x, [scope])
  return refuse('insufficient-scope', detail, {
    members: { scope },
    ...(challenge !== undefined && { fields: { 'www-authenticate': challenge } }),
  })
}
