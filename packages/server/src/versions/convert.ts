// Values on their way through an older version: what callers sent becomes what the newest version keeps, and what it
// keeps becomes what they read. What is wrong is said in the caller's words.
import type { ProblemError } from '@comity/http'
import { type EntryMode, readEntry } from '../content/entry.ts'
import { formatPointer, parsePointer } from '../content/json-pointer.ts'
import { fieldsOfNew } from '../model/ids.ts'
import type { CollectionModel, Field, Values } from '../model/model.ts'
import type { CollectionView, FieldsView } from './view.ts'

type Tokens = readonly (string | number)[]

export type Raised =
  | { readonly kind: 'values'; readonly values: Values }
  | { readonly kind: 'invalid'; readonly errors: readonly ProblemError[] }

/** Values of a new item, all that callers may write → those of the newest version, valid and complete. */
export function raiseNew(view: FieldsView, newest: readonly Field[], values: Values, at: Tokens = []): Raised {
  return attempted(at, () => judged(view, newest, view.up(values, undefined), 'whole', at))
}

/**
 * What a write through an older version changes of an item: only what the caller's version shows and the caller changed.
 * What that version cannot tell stays as it is.
 */
export function raiseChanges(view: CollectionView, present: Values, values: Values, at: Tokens = []): Raised {
  return attempted(at, () => {
    const seen = view.down(present)
    const before = view.up(Object.fromEntries(Object.keys(values).map(name => [name, seen[name] ?? null])), present)
    const after = view.up(values, present)
    const changed = Object.entries(after).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]),
    )
    return judged(view, view.newest.fields, Object.fromEntries(changed), 'part', at)
  })
}

function attempted(at: Tokens, work: () => Raised): Raised {
  try {
    return work()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return {
      kind: 'invalid',
      errors: [{ pointer: formatPointer(at), detail: `This cannot be kept by the newest version: ${why}` }],
    }
  }
}

/** `whole`: what is missing gets its default. */
function judged(
  view: FieldsView,
  newest: readonly Field[],
  given: Values,
  extent: 'whole' | 'part',
  at: Tokens,
): Raised {
  const values: Values = {}
  const errors: ProblemError[] = []
  for (const field of newest) {
    const { name, access, presence, byDefault } = field
    if (access !== 'read-write') continue
    if (!Object.hasOwn(given, name) && extent === 'part') continue
    const value = given[name] ?? (Object.hasOwn(given, name) ? null : (byDefault ?? null))
    const fault = value === null ? (presence === 'optional' ? undefined : 'must not be null') : field.fault(value)
    if (fault === undefined) values[name] = value === null ? null : field.normalise(value)
    else {
      const place = view.placeOf([name]) ?? []
      const told = place.at(-1)
      const detail = told === undefined ? `“${name}” of the newest version ${fault}.` : `“${told}” ${fault}.`
      errors.push({ pointer: formatPointer([...at, ...place]), detail })
    }
  }
  return errors.length > 0 ? { kind: 'invalid', errors } : { kind: 'values', values }
}

/** Check a new item, and make it one of the newest version; see `readEntry`. */
export function readNew(
  view: CollectionView | undefined,
  collection: CollectionModel,
  value: unknown,
  at: Tokens = [],
): ReturnType<typeof readEntry> {
  const mode: EntryMode = 'create'
  if (view === undefined) return readEntry(fieldsOfNew(collection), value, mode, collection.singular, at)
  const read = readEntry(view.fields, value, mode, view.model.singular, at)
  if (read.kind === 'invalid') return read
  const raised = raiseNew(view, collection.fields, read.values, at)
  return raised.kind === 'invalid' ? raised : { ...read, values: raised.values }
}

/** Errors that name members of the newest version, in the caller's words. Those of items in a list keep their index. */
export function toldIn(view: FieldsView, errors: readonly ProblemError[]): readonly ProblemError[] {
  return errors.map(error => {
    const { pointer, parameter } = error
    if (pointer !== undefined) {
      const tokens = parsePointer(pointer) ?? []
      const [first = ''] = tokens
      const index = /^\d+$/.test(first) ? [first] : []
      const place = tokens.length > index.length ? view.placeOf(tokens.slice(index.length)) : []
      return { ...error, pointer: formatPointer([...index, ...(place ?? [])]) }
    }
    if (parameter === undefined) return error
    const [name = '', ...operator] = parameter.split('.')
    const [told = name] = view.placeOf([name]) ?? []
    return { ...error, parameter: [told, ...operator].join('.') }
  })
}

/** Arguments of a service that stand in a query. */
export function raiseArguments(view: FieldsView, newest: readonly Field[], values: Values): Raised {
  const raised = raiseNew(view, newest, values)
  if (raised.kind === 'values') return raised
  const named = raised.errors.map(({ pointer = '', ...error }) => ({
    ...error,
    parameter: parsePointer(pointer)?.[0] ?? '',
  }))
  return { kind: 'invalid', errors: named }
}
