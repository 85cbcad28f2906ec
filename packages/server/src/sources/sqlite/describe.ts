// The catalog of a database as the resources of an API: what each is called, what its items have, how they hang together.
import { isPlural, singularOf } from '../../define/names.ts'
import type { Catalog, CatalogColumn, CatalogReference, CatalogTable } from './catalog.ts'
import { literalOf } from './defaults.ts'
import { type Checks, checksOf, type Inferred, inferColumn } from './infer.ts'
import { memberName, naming, resourceName } from './names.ts'

export type FoundMember = Inferred & {
  readonly name: string
  readonly column: string
  /** `optional`: may be null, or is filled in where it is not given. */
  readonly presence: 'required' | 'optional'
  /** The value of a literal default. */
  readonly byDefault: string | number | boolean | undefined
  readonly access: 'read-write' | 'read-only'
  readonly unique: boolean
  /** The resource whose ids it holds. */
  readonly references: { readonly collection: string; readonly ids: 'integer' | 'text' } | undefined
}

/** `counted`: whole numbers, counted up; `given`: chosen by whoever creates; `generated`: UUIDs; `made`: of the key. */
export type FoundId = {
  readonly how: 'counted' | 'given' | 'generated' | 'made' | 'row-number'
  readonly is: Inferred
}

export type FoundResource = {
  readonly name: string
  /** Where the name does not tell. */
  readonly singular: string | undefined
  readonly table: string
  readonly kind: 'table' | 'view'
  readonly key: readonly string[]
  readonly id: FoundId
  readonly members: readonly FoundMember[]
  readonly nested: readonly { readonly name: string; readonly collection: string; readonly by: string }[]
  readonly access: 'read-write' | 'read-only'
  readonly sort: string | undefined
}

export type Found = {
  readonly resources: readonly FoundResource[]
  /** What is not as somebody may expect, in sentences. */
  readonly notices: readonly string[]
}

const text: Inferred = { type: { kind: 'text', max: undefined } }

/** Pure. */
export function describe({ tables, leftOut }: Catalog): Found {
  const notices = [...leftOut]
  const resourceOf = naming()
  const names = new Map(tables.map(table => [table.name.toLowerCase(), resourceOf(resourceName(table.name))]))
  const ids = new Map(tables.map(table => [table.name.toLowerCase(), idOf(table)]))
  const targets: Targets = { names, ids, tables: new Map(tables.map(table => [table.name.toLowerCase(), table])) }
  const found = tables.map(table => resource(table, targets, notices))
  return { resources: found.map(one => ({ ...one, nested: nestedIn(one, found) })), notices }
}

type Targets = {
  readonly names: ReadonlyMap<string, string>
  readonly ids: ReadonlyMap<string, FoundId>
  readonly tables: ReadonlyMap<string, CatalogTable>
}

function resource(table: CatalogTable, targets: Targets, notices: string[]): FoundResource {
  const lower = table.name.toLowerCase()
  const name = targets.names.get(lower) ?? lower
  const id = targets.ids.get(lower) as FoundId
  const [keyColumn] = table.key
  const shown = table.columns.filter(({ name: column }) => table.key.length !== 1 || column !== keyColumn)
  const memberOf = naming()
  const members = shown.map(column => member(column, memberOf(memberName(column.name)), table, targets))
  const broken = table.references.find(reference => !isKept(reference, targets))
  if (broken)
    notices.push(
      `“${table.name}” is only read: its foreign key (${broken.from.join(', ')}) refers to ${broken.table}, which has no such key.`,
    )
  if (table.kind === 'table' && table.key.length === 0)
    notices.push(`“${table.name}” is only read: it has no primary key, so its ids are the numbers of its rows.`)
  const byKey = table.key.map(column => members.find(one => one.column === column)?.name)
  return {
    name,
    singular: isPlural(name.split('-').at(-1) ?? name) ? undefined : singularOf(name),
    table: table.name,
    kind: table.kind,
    key: table.key,
    id,
    members,
    nested: [],
    access: table.kind === 'view' || table.key.length === 0 || broken ? 'read-only' : 'read-write',
    sort: table.key.length > 1 ? byKey.join(',') : undefined,
  }
}

function idOf(table: CatalogTable): FoundId {
  const [column, ...more] = table.key
  const key = table.columns.find(({ name }) => name === column)
  if (key === undefined) return { how: 'row-number', is: { type: { kind: 'integer' } } }
  if (more.length > 0) return { how: 'made', is: text }
  const is = inferColumn(key, checksOf(table.sql, key.name))
  const refers = table.references.some(({ from }) => from.length === 1 && from[0] === key.name)
  if (is.type.kind === 'integer') return { how: refers ? 'given' : 'counted', is: { type: { kind: 'integer' } } }
  if (is.type.kind === 'text' && /UUID|GUID/i.test(key.type)) return { how: 'generated', is }
  return { how: 'given', is: is.type.kind === 'text' || is.type.kind === 'words' ? is : text }
}

function member(column: CatalogColumn, name: string, table: CatalogTable, targets: Targets): FoundMember {
  const checks: Checks = checksOf(table.sql, column.name)
  const inferred = inferColumn(column, checks)
  const readOnly = column.generated === 'computed'
  const byDefault = readOnly ? undefined : literalOf(column.byDefault, inferred)
  const isFilled = column.byDefault !== undefined && byDefault === undefined
  return {
    ...inferred,
    name,
    column: column.name,
    presence: table.kind === 'view' || readOnly || isFilled ? 'optional' : column.presence,
    byDefault,
    access: readOnly ? 'read-only' : 'read-write',
    unique: table.uniques.some(columns => columns.length === 1 && columns[0] === column.name),
    references: referenceOf(column.name, inferred, table, targets),
  }
}

function referenceOf(
  column: string,
  { type }: Inferred,
  table: CatalogTable,
  { names, ids, tables }: Targets,
): FoundMember['references'] {
  const reference = table.references.find(({ from }) => from.length === 1 && from[0] === column)
  const to = reference?.table.toLowerCase() ?? ''
  const [target, collection, id] = [tables.get(to), names.get(to), ids.get(to)]
  if (!reference || !target || !collection || !id || target.kind !== 'table' || target.key.length !== 1)
    return undefined
  if (reference.to.length > 0 && reference.to[0]?.toLowerCase() !== target.key[0]?.toLowerCase()) return undefined
  const held = id.is.type.kind === 'integer' ? 'integer' : 'text'
  return held === (type.kind === 'integer' ? 'integer' : 'text') && (held === 'integer' || type.kind === 'text')
    ? { collection, ids: held }
    : undefined
}

/** Whether SQLite can check the reference: what is referred to must be a key. Otherwise every write fails. */
function isKept({ table, to }: CatalogReference, { tables }: Targets): boolean {
  const target = tables.get(table.toLowerCase())
  if (target === undefined || target.kind !== 'table') return false
  const same = (columns: readonly string[]) =>
    columns.length === to.length &&
    columns.every(column => to.some(other => other.toLowerCase() === column.toLowerCase()))
  return to.length === 0 ? target.key.length > 0 : same(target.key) || target.uniques.some(same)
}

/** `/artists/1/albums`: what refers to an item, below it. */
function nestedIn(parent: FoundResource, all: readonly FoundResource[]): FoundResource['nested'] {
  const nameOf = naming()
  return all.flatMap(({ name, members }) => {
    const by = members.filter(({ references }) => references?.collection === parent.name)
    return by.map(member => {
      const suffix = by.length > 1 ? `-by-${member.name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}` : ''
      return { name: nameOf(name + suffix), collection: name, by: member.name }
    })
  })
}
