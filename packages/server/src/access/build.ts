// Definition → rules, once, at load; with all that is wrong with them.
import type { Caller } from '../auth/caller.ts'
import { type AccessRule, rulesIn, type Who } from '../define/access.ts'
import type { ApiDefinition } from '../define/api.ts'
import type { Fault } from '../define/definition-error.ts'
import { translationsName } from '../languages/translations.ts'
import type { ApiModel, CollectionModel } from '../model/model.ts'
import { faultsOfRule, faultsOfSecrets } from './check.ts'
import { type Policy, readPolicy } from './rows.ts'
import { type AccessModel, type Act, acts, type Resource, type Rule, type Rules, rulesOf } from './rule.ts'

/** The part of a definition that says who may. */
type Declared = { readonly place: string; readonly rules: readonly AccessRule[] }

/** Undefined where nothing is said anywhere: every caller may do everything. */
export function accessOf(
  definition: ApiDefinition,
  model: Pick<ApiModel, 'resources' | 'limits'>,
  say: (fault: Fault) => void,
): AccessModel | undefined {
  const byDefault = definition.access === undefined ? undefined : declared('access', definition.access)
  const access = new Map<Resource, Rules>()
  let isSaid = byDefault !== undefined
  for (const [name, resource] of model.resources) {
    const defined = definition.resources[name]?.definition as { access?: ApiDefinition['access']; nested?: object }
    const own = defined.access === undefined ? byDefault : declared(`resources.${name}.access`, defined.access)
    if (defined.access !== undefined) isSaid = true
    const rules = own ? compiled(resource, own, model, definition, say) : []
    access.set(resource, { list: rules, of: 'own' })
    if (resource.kind !== 'collection') continue
    for (const nested of resource.nested.filter(({ whole }) => whole === undefined)) {
      const below = (defined.nested as Record<string, { definition: { access?: ApiDefinition['access'] } }>)[
        nested.name
      ]
      const said = below?.definition.access
      if (said !== undefined) isSaid = true
      const place = `resources.${name}.nested.${nested.name}.access`
      access.set(
        nested,
        said === undefined
          ? { list: rules.map(inherited), of: 'parent' }
          : { list: compiled(nested, declared(place, said), model, definition, say), of: 'own' },
      )
    }
  }
  if (!isSaid) return undefined
  // Another way to the same items: the same rules, below what may be seen.
  for (const resource of model.resources.values())
    for (const part of resource.kind === 'collection' ? resource.nested : [])
      if (part.whole) access.set(part, rulesOf(access, part.whole))
  for (const fault of faultsOfSecrets(access, definition)) say(fault)
  return access
}

function declared(place: string, said: NonNullable<ApiDefinition['access']>): Declared {
  return { place, rules: Array.isArray(said) || typeof said === 'string' ? rulesIn(said) : [] }
}

/** What is said of the members of an item says nothing of what is below it. */
const none: ReadonlySet<string> = new Set()
const inherited = (rule: Rule): Rule => ({ ...rule, hidden: none, readOnly: none, reveals: none })

function compiled(
  resource: Resource,
  { place, rules }: Declared,
  { limits }: Pick<ApiModel, 'limits'>,
  definition: ApiDefinition,
  say: (fault: Fault) => void,
): readonly Rule[] {
  return rules.map((rule, index): Rule => {
    const at = `${place}.${index}`
    const faults = faultsOfRule(at, rule, resource, definition)
    for (const fault of faults) say(fault)
    const who = rule.who ?? 'callers'
    const hidden = resource.kind === 'service' || faults.length > 0 ? none : hiddenBy(resource, rule)
    const texts = rule.rows === undefined ? undefined : [rule.rows].flat()
    const rows = texts?.map((text): Policy => {
      const read = resource.kind === 'service' ? [] : readPolicy(resource, text, limits)
      if (typeof read !== 'string') return read
      say({ place: `${at}.rows`, problem: `“${text}”: ${read.replace(/\.$/, '')}` })
      return []
    })
    return {
      names: namesOf(who),
      forAnyone: who === 'anyone',
      acts: actsOf(rule.may),
      rows,
      hidden,
      readOnly: withTranslations(resource, rule.readOnly ?? []),
      reveals: new Set(rule.reveals),
    }
  })
}

function actsOf(may: AccessRule['may']): ReadonlySet<Act> {
  if (may === undefined) return new Set(acts)
  if (may === 'read') return new Set(['GET'])
  return new Set(may === 'write' ? acts.filter(act => act !== 'GET') : may)
}

function hiddenBy(collection: CollectionModel, { members, hidden = [] }: AccessRule): ReadonlySet<string> {
  const shown = members && new Set(['id', collection.parentField?.name, ...members])
  const left = collection.fields.filter(({ name }) => shown !== undefined && !shown.has(name)).map(({ name }) => name)
  return withTranslations(collection, [...new Set([...left, ...hidden])])
}

/** A text in other languages is the same text. */
function withTranslations(resource: Resource, names: readonly string[]): ReadonlySet<string> {
  const has = resource.kind === 'collection' && resource.translated.some(name => names.includes(name))
  return new Set(has ? [...names, translationsName] : names)
}

function namesOf(who: Who): Rule['names'] {
  if (who === 'anyone') return () => true
  if (who === 'callers') return caller => caller !== undefined
  const { role, kind, scope, claims = {} } = who
  return caller =>
    caller !== undefined &&
    (kind === undefined || caller.kind === kind) &&
    (role === undefined || [role].flat().some(one => has(caller, 'role', one) || has(caller, 'roles', one))) &&
    (scope === undefined || caller.scopes === undefined || [scope].flat().some(one => caller.scopes?.includes(one))) &&
    Object.entries(claims).every(([name, wanted]) => [wanted].flat().some(one => has(caller, name, one)))
}

type Claim = string | number | boolean

function has({ claims }: Caller, name: string, wanted: Claim): boolean {
  const claim = Object.hasOwn(claims, name) ? claims[name] : undefined
  return Array.isArray(claim) ? claim.includes(wanted) : claim === wanted
}
