// Names that stay unique over the whole description: of schemas, and of operations (OpenAPI 3.1.1 §4.8.10.1).
import { camelCase } from '../define/names.ts'
import type { ApiModel, CollectionModel, ServiceModel } from '../model/model.ts'

export type Names = {
  /** `Account`; `AccountTransaction` only where another resource is a `Transaction` too. */
  readonly of: ReadonlyMap<CollectionModel | ServiceModel, string>
}

/** Schemas that every description has. */
const ownSchemas = ['Problem', 'ProblemError', 'JsonPatch', 'ProblemKind', 'Entry', 'Health']
/** What is appended to a resource's name. */
const variants = [
  '',
  'Part',
  'List',
  'PartList',
  'Create',
  'Replace',
  'ReplaceList',
  'Patch',
  'PatchList',
  'Query',
  'Input',
  'Output',
]

export function namesOf(model: ApiModel): Names {
  const taken = new Set(ownSchemas)
  const of = new Map<CollectionModel | ServiceModel, string>()
  // What is seen in several places has its name where it is at home.
  const parts = model.collections.filter(({ whole }) => whole)
  for (const resource of [...model.collections.filter(({ whole }) => !whole), ...model.services, ...parts]) {
    const candidates = candidatesOf(resource)
    const isFree = (name: string) => variants.every(variant => !taken.has(name + variant))
    const name = candidates.find(isFree) ?? firstFree(candidates.at(-1) ?? '', isFree)
    for (const variant of variants) taken.add(name + variant)
    of.set(resource, name)
  }
  return { of }
}

function candidatesOf(resource: CollectionModel | ServiceModel): readonly string[] {
  const own = pascalCase(resource.kind === 'collection' ? resource.singular : resource.name)
  const parent = resource.kind === 'collection' ? resource.parent : undefined
  return parent ? [own, pascalCase(parent.singular) + own] : [own]
}

function firstFree(name: string, isFree: (name: string) => boolean): string {
  for (let number = 2; ; number++) if (isFree(name + number)) return name + number
}

/** `bank-account` → `BankAccount` */
export function pascalCase(name: string): string {
  const camel = camelCase(name)
  return camel.charAt(0).toUpperCase() + camel.slice(1)
}
