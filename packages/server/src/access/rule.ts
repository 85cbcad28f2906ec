// The rules of access, compiled at load. What they come to for one caller is in sight.ts.
import type { Caller } from '../auth/caller.ts'
import type { CollectionModel, ServiceModel } from '../model/model.ts'
import type { Policy } from './rows.ts'

/** What is done, as rules know it: HEAD and QUERY are GET. */
export type Act = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export const acts: readonly Act[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

export const actOf = (method: string): Act => (method === 'HEAD' || method === 'QUERY' ? 'GET' : (method as Act))

export type Rule = {
  readonly names: (caller: Caller | undefined) => boolean
  /** Whether it is for whoever asks, credentials or not. */
  readonly forAnyone: boolean
  readonly acts: ReadonlySet<Act>
  /** Any of them; undefined: every row. */
  readonly rows: readonly Policy[] | undefined
  /** Names of members. */
  readonly hidden: ReadonlySet<string>
  readonly readOnly: ReadonlySet<string>
  readonly reveals: ReadonlySet<string>
}

export type Rules = {
  readonly list: readonly Rule[]
  /** `parent`: what is nested and has no rules of its own; the rows of its rules are those of what it is below. */
  readonly of: 'own' | 'parent'
}

export type Resource = CollectionModel | ServiceModel

export type AccessModel = ReadonlyMap<Resource, Rules>

const nothing: Rules = { list: [], of: 'own' }

/** What has no rules is nobody's. */
export const rulesOf = (access: AccessModel, resource: Resource): Rules => access.get(resource) ?? nothing

/** The one that holds; undefined where the caller may not. */
export function ruleFor({ list }: Rules, caller: Caller | undefined, act: Act): Rule | undefined {
  return list.find(rule => rule.acts.has(act) && rule.names(caller))
}

/** Whether a read is answered the same, whoever asks. */
export function isSameForAll(access: AccessModel, resource: Resource): boolean {
  const rules = rulesOf(access, resource)
  const first = rules.list.find(rule => rule.acts.has(resource.kind === 'service' ? actOf(resource.method) : 'GET'))
  if (first?.forAnyone !== true || first.rows?.some(policy => policy.some(({ value }) => value.kind === 'caller')))
    return false
  return resource.kind === 'service' || !resource.parent || isSameForAll(access, resource.parent)
}

/** Whether anybody may begin what is gone on with elsewhere: jobs and uploads. */
export const letsAnyoneWrite = (access: AccessModel): boolean =>
  [...access.values()].some(({ list }) =>
    list.some(rule => rule.forAnyone && [...rule.acts].some(act => act !== 'GET')),
  )
