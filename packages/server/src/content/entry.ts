// Is this value an item of the collection? Every member at fault is named by its JSON Pointer (RFC 6901).
import type { ProblemError } from '@comity/http'
import { capitalised, oneOfThem, spoken } from '../define/names.ts'
import type { Field, Values } from '../model/model.ts'
import { nearest } from '../query/nearest.ts'
import { formatPointer, parsePointer } from './json-pointer.ts'

/** What a content says of one item. */
export type EntryRead =
  | {
      readonly kind: 'entry'
      /** The members the client may write, complete and normalised. */
      readonly values: Values
      /** Members the server keeps that were sent along: allowed only as they are. */
      readonly claims: Values
    }
  | { readonly kind: 'invalid'; readonly errors: readonly ProblemError[] }

/** `create`: what the server keeps must not be sent. `replace`: it may be sent back as it was. */
export type EntryMode = 'create' | 'replace'

const mostErrors = 50

/** Check one object against the fields; `at` are the pointer tokens of the object itself. */
export function readEntry(
  fields: readonly Field[],
  value: unknown,
  mode: EntryMode,
  noun: string,
  at: readonly (string | number)[] = [],
): EntryRead {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return invalid([
      { pointer: formatPointer(at), detail: `An object with the members of one ${spoken(noun)} is expected.` },
    ])
  const given = value as Record<string, unknown>
  const errors: ProblemError[] = []
  const values: Values = {}
  const claims: Values = {}
  const say = (name: string, detail: string) => errors.push({ pointer: formatPointer([...at, name]), detail })
  for (const name of Object.keys(given)) {
    if (fields.some(field => field.name === name)) continue
    if (errors.length >= mostErrors) break
    const near = nearest(
      name,
      fields.map(field => field.name),
    )
    say(
      name,
      `${capitalised(oneOfThem(noun))} has no member “${name.slice(0, 60)}”.${near ? ` Did you mean “${near}”?` : ''}`,
    )
  }
  for (const field of fields) {
    if (errors.length >= mostErrors) break
    const { name } = field
    const present = Object.hasOwn(given, name)
    const member = given[name]
    if (field.access !== 'read-write') {
      if (!present) continue
      if (mode === 'create') say(name, `“${name}” is set by the server; leave it out.`)
      else claims[name] = member
    } else if (!present) {
      if (mode === 'replace' && field.whenAbsent === 'kept') continue
      const fallback = field.byDefault ?? (field.presence === 'optional' ? null : undefined)
      if (fallback === undefined) say(name, `“${name}” is missing.`)
      else values[name] = fallback
    } else if (member === null) {
      if (field.presence === 'optional') values[name] = null
      else say(name, `“${name}” must not be null.`)
    } else {
      const fault = field.fault(member)
      if (fault === undefined) values[name] = field.normalise(member)
      else if (field.kind !== 'json') say(name, `“${name}” ${fault}.`)
      else errors.push(...faultsWithin(field, member, at, mostErrors - errors.length))
    }
  }
  return errors.length > 0 ? invalid(errors) : { kind: 'entry', values, claims }
}

/** Each fault at its own place, by the name of what is there. */
function faultsWithin(
  { name, nested }: Field,
  member: unknown,
  at: readonly (string | number)[],
  most: number,
): readonly ProblemError[] {
  return nested(member)
    .slice(0, most)
    .map(fault => {
      const last = parsePointer(fault.at)?.at(-1) ?? name
      return { pointer: formatPointer([...at, name]) + fault.at, detail: `“${last.slice(0, 60)}” ${fault.detail}.` }
    })
}

const invalid = (errors: readonly ProblemError[]): EntryRead => ({ kind: 'invalid', errors })

/** Which of the members that the server keeps were sent otherwise than they are. */
export function falseClaims(
  fields: readonly Field[],
  claims: Values,
  actual: Values,
  at: readonly (string | number)[] = [],
): readonly ProblemError[] {
  const errors: ProblemError[] = []
  for (const [name, claimed] of Object.entries(claims)) {
    const field = fields.find(candidate => candidate.name === name)
    if (!field || isSame(field, claimed, actual[name])) continue
    errors.push({
      pointer: formatPointer([...at, name]),
      detail: `“${name}” is set by the server and is ${JSON.stringify(actual[name] ?? null)}; leave it out, or send it back as it is.`,
    })
  }
  return errors
}

function isSame(field: Field, claimed: unknown, actual: unknown): boolean {
  if (claimed === null || actual === null || actual === undefined) return claimed === (actual ?? null)
  if (field.fault(claimed) !== undefined) return false
  return JSON.stringify(field.normalise(claimed)) === JSON.stringify(actual)
}
