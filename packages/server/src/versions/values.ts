// Steps that make values anew: added, dropped, retyped and converted members.
import type { Step } from '../define/version.ts'
import { fieldOf } from '../model/field.ts'
import type { Field, Values } from '../model/model.ts'
import type { Making, Part } from './part.ts'
import type { Source } from './view.ts'

const nothing = new Map<never, never>()

type Of<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>

export function partOfAdded({ member, value }: Of<'added'>, { nextField, say }: Making): Part | undefined {
  const field = nextField(member, `added(${member})`)
  if (field === undefined) return undefined
  const isFilled = field.access !== 'read-write' || field.presence === 'optional' || field.byDefault !== undefined
  if (value === undefined && !isFilled)
    say(`added(${member})`, 'is required in the next version, and nothing gives it a value')
  const fault = value === undefined || value === null ? undefined : field.fault(value)
  if (fault !== undefined) say(`added(${member})`, `the value ${fault}`)
  return {
    fields: [],
    hides: [member],
    at: undefined,
    read: () => ({}),
    write(_values, present, out) {
      if (present === undefined && value !== undefined) out[member] = value
    },
    sources: nothing,
    words: nothing,
    placeOf: () => undefined,
  }
}

export function partOfDropped({ member, schema, shown }: Of<'dropped'>, { number, say }: Making): Part {
  const field = fieldOf(member, schema)
  const value = shown ?? field.byDefault ?? null
  const wrong = value === null ? (field.presence === 'optional' ? undefined : 'must not be null') : field.fault(value)
  if (wrong !== undefined) say(`dropped(${member})`, `what is shown for it ${wrong}`)
  const why = `was dropped after version ${number}: nothing is kept of it`
  return {
    fields: [field],
    hides: [],
    at: undefined,
    read: () => ({ [member]: value }),
    write: () => {},
    sources: new Map([[field, { kind: 'none', why }]]),
    words: nothing,
    placeOf: () => undefined,
  }
}

export function partOfRetyped(step: Of<'retyped'>, { next, nextField }: Making): Part | undefined {
  const { member, to = member, schema, order = 'lost' } = step
  const [up, down] = [step.up as (value: unknown) => unknown, step.down as (value: unknown) => unknown]
  const after = nextField(to, `retyped(${member})`)
  if (after === undefined) return undefined
  const field: Field = { ...fieldOf(member, schema), access: after.access }
  return {
    fields: [field],
    hides: [to],
    at: to,
    read: values => ({ [member]: values[to] === null || values[to] === undefined ? null : down(values[to]) }),
    write(values, _present, out) {
      if (Object.hasOwn(values, member)) out[to] = values[member] === null ? null : up(values[member])
    },
    sources: new Map([[field, through(next.sourceOf(after), up, order)]]),
    words: nothing,
    placeOf: () => [member],
  }
}

/** A source, asked with values of another type. */
function through(source: Source, up: (value: unknown) => unknown, order: 'kept' | 'lost'): Source {
  if (source.kind === 'none') return source
  const both = source.order === 'lost' ? 'lost' : order
  return { ...source, value: value => source.value(up(value)), order: both }
}

export function partOfConverted(step: Of<'converted'>, { nextField, say }: Making): Part | undefined {
  const names = Object.keys(step.fields)
  const place = `convert(${names.join(', ')})`
  const replaced = step.replaces.map(name => nextField(name, place))
  if (replaced.some(field => field === undefined)) return undefined
  const fields = Object.entries(step.fields).map(([name, schema]) => fieldOf(name, schema))
  const isFixed = replaced.length > 0 && replaced.every(field => field?.access !== 'read-write')
  if (isFixed && fields.some(({ access }) => access === 'read-write'))
    say(place, 'stands for members that callers do not write: declare its fields readOnly')
  const why = 'is made of others in the newest version, and cannot be asked for'
  return {
    fields,
    hides: step.replaces,
    at: step.replaces[0],
    read: values => chosen(step.down(values), names),
    write(values, present, out) {
      const given = chosen(values, names)
      if (Object.keys(given).length > 0) Object.assign(out, chosen(step.up(given, present), step.replaces))
    },
    sources: new Map(fields.map(field => [field, { kind: 'none', why }])),
    words: nothing,
    placeOf: ([member]) => (step.replaces.includes(member ?? '') ? names.slice(0, 1) : undefined),
  }
}

const chosen = (values: Values, names: readonly string[]): Values =>
  Object.fromEntries(names.flatMap(name => (Object.hasOwn(values, name) ? [[name, values[name]]] : [])))
