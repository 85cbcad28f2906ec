// RFC 6749 §3.3: what each scope of a caller lets it do. `accounts:read` reads accounts, `accounts:write` does the rest;
// `accounts:create`, `accounts:change` and `accounts:delete` are parts of that. What is nested has a name of its own,
// `accounts.transactions:read`. A service is called with `convert:call`. `read` and `write` alone are of the whole API.
import { nameOf } from '../model/name-of.ts'
import { type Act, acts, type Resource } from './rule.ts'

/** `accounts`, `accounts.transactions` */
export const scopedName = (resource: Resource): string =>
  resource.kind === 'collection' ? nameOf(resource.whole ?? resource) : resource.name

const words: Readonly<Record<Act, readonly string[]>> = {
  GET: ['read'],
  POST: ['create', 'write'],
  PUT: ['change', 'write'],
  PATCH: ['change', 'write'],
  DELETE: ['delete', 'write'],
}

/** The scopes any of which suffices; the first is the least that will do. */
export function scopesFor(resource: Resource, act: Act): readonly string[] {
  const name = scopedName(resource)
  const own = resource.kind === 'service' ? [`${name}:call`] : words[act].map(word => `${name}:${word}`)
  return [...own, act === 'GET' ? 'read' : 'write']
}

export const isCovered = (scopes: readonly string[] | undefined, resource: Resource, act: Act): boolean =>
  scopes === undefined || scopesFor(resource, act).some(scope => scopes.includes(scope))

/** Every scope that the resources know, in their order: what an authorization server may grant. */
export const scopesOf = (resources: Iterable<Resource>): readonly string[] => [
  ...new Set(Array.from(resources, resource => acts.flatMap(act => scopesFor(resource, act))).flat()),
]
