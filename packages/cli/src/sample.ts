// Values worth showing for the fields of a definition: what its author gave as an example, or one that is valid.
import type { Api } from '@comity/server'

type CollectionModel = Api['model']['collections'][number]
export type Field = CollectionModel['fields'][number]

const byKind: Readonly<Record<Field['kind'], readonly unknown[]>> = {
  text: ['Example', 'example'],
  integer: [1, 0, 10, 100],
  number: [1, 0, 10, 100],
  boolean: [true],
  decimal: ['10.00', '10', '0'],
  date: ['2026-01-31'],
  'date-time': ['2026-01-31T12:00:00Z'],
  json: [],
}

/** The words a text field chooses from; none where it is free. */
export function wordsOf(field: Field): readonly string[] {
  const { enum: words } = field.schema as { readonly enum?: readonly unknown[] }
  return (words ?? []).filter(word => typeof word === 'string')
}

/** A valid wire value of a field; undefined where only its author would know one. */
export function sampleOf(field: Field): unknown {
  if (field.references !== undefined) return undefined
  const candidates = [field.example, field.byDefault, ...wordsOf(field), ...byKind[field.kind]]
  return candidates.find(value => value !== undefined && value !== null && field.fault(value) === undefined)
}

/**
 * Valid values of all the fields that have to be given, and of up to `more` others; undefined where one of the former has
 * no sample.
 */
export function samplesOf(fields: readonly Field[], more = 0): ReadonlyMap<string, unknown> | undefined {
  const needed = fields.filter(
    field => field.access === 'read-write' && field.presence === 'required' && field.byDefault === undefined,
  )
  const samples = new Map(needed.map(field => [field.name, sampleOf(field)]))
  if ([...samples.values()].includes(undefined)) return undefined
  const others = fields
    .filter(field => field.access === 'read-write' && !needed.includes(field) && field.kind !== 'json')
    .map(field => [field.name, sampleOf(field)] as const)
    .filter(([, value]) => value !== undefined)
  return new Map([...samples, ...others.slice(0, more)])
}
