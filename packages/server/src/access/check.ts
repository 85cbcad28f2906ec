// Are these rules that can be kept? What they would give away, or nobody could ever do, is told at load.
import type { AccessRule } from '../define/access.ts'
import type { ApiDefinition } from '../define/api.ts'
import type { Fault } from '../define/definition-error.ts'
import { type AccessModel, type Act, acts, type Resource, type Rule } from './rule.ts'
import { scopedName } from './scopes.ts'

type CollectionResource = Extract<Resource, { kind: 'collection' }>

const known: ReadonlySet<string> = new Set(['who', 'may', 'rows', 'members', 'hidden', 'readOnly', 'reveals'])
const knownOfCallers: ReadonlySet<string> = new Set(['role', 'kind', 'scope', 'claims'])

/** What is wrong with one rule by itself, policies aside. */
export function faultsOfRule(
  place: string,
  rule: AccessRule,
  resource: Resource,
  definition: ApiDefinition,
): readonly Fault[] {
  const faults: Fault[] = []
  const say = (where: string, problem: string) => faults.push({ place: where ? `${place}.${where}` : place, problem })
  if (typeof rule !== 'object' || rule === null)
    return [{ place, problem: 'must be an object, such as { who: "callers" }' }]
  for (const name of Object.keys(rule))
    if (!known.has(name)) say(name, `is not known; a rule says ${[...known].join(', ')}`)
  const { who = 'callers', may } = rule
  if (typeof who === 'string' && who !== 'anyone' && who !== 'callers')
    say('who', `“${who}” is neither “anyone” nor “callers”; a role is said as { role: '${who}' }`)
  if (typeof who === 'object')
    for (const name of Object.keys(who))
      if (!knownOfCallers.has(name)) say(`who.${name}`, `is not known; callers have ${[...knownOfCallers].join(', ')}`)
  if (who !== 'anyone' && (definition.authentication ?? []).length === 0)
    say('who', 'is for callers, and nobody can say who they are: the API declares no authentication')
  if (typeof may === 'string' && !['read', 'write'].includes(may)) say('may', 'must be “read”, “write”, or methods')
  if (Array.isArray(may))
    for (const method of may)
      if (!(acts as readonly string[]).includes(method)) say('may', `“${method}” is not one of ${acts.join(', ')}`)
  if (resource.kind === 'service') {
    for (const name of ['rows', 'members', 'hidden', 'readOnly', 'reveals'] as const)
      if (rule[name] !== undefined) say(name, `is for collections, and ${resource.name} is a service`)
    return faults
  }
  for (const name of ['members', 'hidden', 'readOnly', 'reveals'] as const)
    for (const member of rule[name] ?? [])
      if (!resource.byName.has(member) && !(name === 'reveals' && member === 'references'))
        say(name, `“${member}” is not a member of ${scopedName(resource)}`)
  if (rule.members && rule.hidden) say('hidden', 'says again what “members” says: one of the two is enough')
  for (const member of rule.hidden ?? [])
    if (member === 'id' || member === resource.parentField?.name)
      say('hidden', `“${member}” is where the item is found`)
  return faults
}

/**
 * What rows that are not seen would be given away by: that an id or a value of theirs is taken, that something refers to
 * them or they to it. Whoever limits rows has to say that they know. And what could never be sent.
 */
export function* faultsOfSecrets(access: AccessModel, definition: ApiDefinition): Generator<Fault> {
  for (const [resource, { list, of }] of access) {
    if (resource.kind === 'service' || of === 'parent' || resource.whole) continue
    const places = placesOf(definition, resource)
    for (const [index, rule] of list.entries()) {
      const place = `${places}.${index}`
      const writes = (...some: readonly Act[]) =>
        some.some(act => rule.acts.has(act) && [...resource.methods.collection, ...resource.methods.item].includes(act))
      const isLimited =
        rule.rows !== undefined || (!rule.acts.has('GET') && list.some(({ rows, acts: may }) => rows && may.has('GET')))
      if (isLimited && writes('POST', 'PUT', 'PATCH')) yield* unrevealed(place, resource, rule, writes('POST'))
      if (writes('POST')) yield* unsendable(place, resource, rule)
      if (writes('DELETE') && !resource.parent && !rule.reveals.has('references'))
        yield* referredTo(place, resource, access)
      for (const { name, references } of resource.fields) {
        if (references === undefined || rule.reveals.has(name) || !writes('POST', 'PUT', 'PATCH')) continue
        const other = [...access].find(([{ name: called }]) => called === references)
        if (other === undefined || other[1].list.some(({ acts: may }) => may.has('GET'))) continue
        yield {
          place,
          problem: `nobody may read ${references}, so nothing may refer to them: give a rule for that, or say reveals: ['${name}'], by which a write tells whether there is such an item`,
        }
      }
    }
  }
}

function* unrevealed(place: string, resource: CollectionResource, rule: Rule, creates: boolean): Generator<Fault> {
  const lacks: string[] = []
  if (creates && (resource.ids === 'given' || (resource.files && !resource.parent)) && !rule.reveals.has('id'))
    lacks.push('id')
  for (const { name, unique, access } of resource.fields)
    if (
      unique &&
      access === 'read-write' &&
      !rule.reveals.has(name) &&
      !rule.hidden.has(name) &&
      !rule.readOnly.has(name)
    )
      lacks.push(name)
  for (const name of lacks)
    yield {
      place,
      problem: `a write is refused where “${name}” is taken, also by a row that is not seen: say reveals: ['${name}'] where that is no secret, or let them not write it`,
    }
}

/** What is referred to cannot be deleted, and that is told. */
function* referredTo(place: string, { name }: CollectionResource, access: AccessModel): Generator<Fault> {
  for (const [other, { list }] of access) {
    if (other.kind === 'service' || other.whole || !other.fields.some(({ references }) => references === name)) continue
    const reads = list.filter(({ acts: may }) => may.has('GET'))
    if (reads.length > 0 && reads.every(({ rows }) => rows === undefined)) continue
    yield {
      place,
      problem: `may DELETE, which is refused while ${scopedName(other)} refer to it, also such as are not seen: say reveals: ['references'] where that is no secret, or leave DELETE out`,
    }
  }
}

function* unsendable(place: string, resource: CollectionResource, rule: Rule): Generator<Fault> {
  const filled =
    rule.rows?.length === 1
      ? rule.rows[0]?.filter(({ operator }) => operator === 'eq').map(({ field }) => field.name)
      : []
  for (const { name, access, presence, byDefault } of resource.fields)
    if (
      (rule.hidden.has(name) || rule.readOnly.has(name)) &&
      access === 'read-write' &&
      presence === 'required' &&
      byDefault === undefined &&
      !filled?.includes(name)
    )
      yield {
        place,
        problem: `may POST, and cannot set “${name}”, which every new item needs: give it a default, or leave POST out`,
      }
}

/** Where the rules of a resource are said. */
function placesOf(definition: ApiDefinition, resource: CollectionResource): string {
  const top = resource.parent ?? resource
  const defined = definition.resources[top.name]?.definition as { access?: unknown } | undefined
  if (resource.parent) return `resources.${top.name}.nested.${resource.name}.access`
  return defined?.access === undefined ? 'access' : `resources.${top.name}.access`
}
