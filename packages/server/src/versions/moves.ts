// Steps that only move values: renamed, moved, split and merged members. They lose nothing by construction.
import Type, { type TSchema } from 'typebox'
import { object } from '../define/fields.ts'
import type { Move } from '../define/version.ts'
import { fieldOf } from '../model/field.ts'
import type { Field, Values } from '../model/model.ts'
import { type Making, type Part, within } from './part.ts'
import type { Source } from './view.ts'

type Target = {
  readonly move: Move
  /** Within the older version's object; undefined where the member itself moves. */
  readonly part: string | undefined
  /** The next version's member, and the place within it. */
  readonly field: Field
  readonly inner: string | undefined
  /** The moved value as a field of its own. */
  readonly value: Field
}

/** One part for each member of the older version that some of the moves begin at. */
export function partsOfMoves(moves: readonly Move[], making: Making): readonly Part[] {
  const heads = new Map<string, Target[]>()
  for (const move of moves) {
    const target = targetOf(move, making)
    if (target === undefined) continue
    const [head = ''] = move.from.split('.')
    heads.set(head, [...(heads.get(head) ?? []), target])
  }
  return [...heads].flatMap(([head, targets]) => {
    const field = fieldAt(head, targets, making)
    return field === undefined ? [] : [partOf(field, targets, making)]
  })
}

function targetOf(move: Move, { nextField, say }: Making): Target | undefined {
  const place = `${move.from} → ${move.to}`
  const [from, to] = [move.from.split('.'), move.to.split('.')]
  if (from.length > 2 || to.length > 2) {
    say(place, 'goes deeper than one object')
    return undefined
  }
  const [member = '', inner] = to
  const field = nextField(member, place)
  if (field === undefined) return undefined
  const [head = '', part] = from
  const name = part ?? head
  if (inner === undefined) {
    const wrap = (schema: TSchema) => (field.presence === 'optional' ? Type.Optional(schema) : schema)
    const value = { ...fieldOf(name, wrap(field.schema)), access: field.access, column: field.column }
    return { move, part, field, inner, value }
  }
  const found = propertyOf(field, inner)
  if (found === undefined) {
    say(place, `“${member}” has no member “${inner}” in the next version`)
    return undefined
  }
  return { move, part, field, inner, value: { ...fieldOf(name, found), access: field.access } }
}

/** The schema of a member of an object; it may be left out where the object may be. */
function propertyOf(field: Field, name: string): TSchema | undefined {
  const { properties } = field.schema as { properties?: Readonly<Record<string, TSchema>> }
  const found = properties && Object.hasOwn(properties, name) ? properties[name] : undefined
  if (found === undefined) return undefined
  const isOptional = field.presence === 'optional' || Type.IsOptional(found)
  const [only, none, more] = (found as { anyOf?: readonly TSchema[] }).anyOf ?? []
  const bare = only && more === undefined && (none as { type?: string } | undefined)?.type === 'null' ? only : found
  return isOptional ? Type.Optional(bare) : bare
}

/** The older version's member: the moved one itself, or an object of several. */
function fieldAt(head: string, targets: readonly Target[], { say }: Making): Field | undefined {
  const [first] = targets as [Target]
  if (targets.length === 1 && first.part === undefined) return first.value
  if (targets.some(({ part }) => part === undefined)) {
    say(head, 'is moved as a whole and in parts')
    return undefined
  }
  const moving = targets.filter(({ move }) => !move.stays)
  const written = moving.filter(({ field }) => field.access === 'read-write')
  if (written.length > 0 && written.length < targets.length) {
    const fixed = targets.filter(target => !written.includes(target)).map(({ part }) => `“${part}”`)
    say(
      head,
      `mixes what callers write with what they do not (${fixed.join(', ')}); keep one of both as a member of its own`,
    )
    return undefined
  }
  const members = Object.fromEntries(targets.map(({ part, value }) => [part ?? '', asWritten(value)]))
  const schema = object(members, { ...(written.length === 0 && { readOnly: true }) })
  const isOptional = targets.every(({ field }) => field.presence === 'optional')
  const field = fieldOf(head, isOptional ? Type.Optional(schema) : schema)
  const normalise = (value: unknown) =>
    Object.fromEntries(
      targets.map(({ part = '', value: inside }) => {
        const given = within(value, part)
        return [part, given === null ? null : inside.normalise(given)]
      }),
    )
  return { ...field, normalise }
}

const asWritten = ({ schema, presence }: Field): TSchema => (presence === 'optional' ? Type.Optional(schema) : schema)

function partOf(field: Field, targets: readonly Target[], { next }: Making): Part {
  const taken = ({ field: { name }, inner }: Target, values: Values) =>
    inner === undefined ? (values[name] ?? null) : within(values[name], inner)
  const whole = targets.length === 1 && targets[0]?.part === undefined ? targets[0] : undefined
  const sources = new Map<Field, Source>()
  const words = new Map<string, Field>()
  if (whole) sources.set(field, sourceOf(whole))
  else sources.set(field, { kind: 'none', why: 'is an object, and cannot be compared' })
  for (const target of targets) {
    if (target.part === undefined || target.inner !== undefined || target.value.kind === 'json') continue
    const word = { ...target.value, name: target.move.from }
    words.set(word.name, word)
    sources.set(word, sourceOf(target))
  }
  function sourceOf({ field: from, inner }: Target): Source {
    if (inner === undefined) return next.sourceOf(from)
    return { kind: 'none', why: 'is kept within an object by now, and cannot be compared' }
  }
  return {
    fields: [field],
    hides: targets.filter(({ move }) => !move.stays).map(({ field: { name } }) => name),
    at: targets[0]?.field.name,
    sources,
    words,
    read(values) {
      if (whole) return { [field.name]: taken(whole, values) }
      // Never null: who read a member of it goes on to.
      return { [field.name]: Object.fromEntries(targets.map(target => [target.part ?? '', taken(target, values)])) }
    },
    write(values, present, out) {
      if (!Object.hasOwn(values, field.name)) return
      for (const { move, part, field: to, inner } of targets) {
        if (move.stays) continue
        const value = part === undefined ? values[field.name] : within(values[field.name], part)
        if (inner === undefined) out[to.name] = value
        else out[to.name] = placed(to, out[to.name] ?? present?.[to.name], inner, value)
      }
    },
    placeOf([member, ...rest], how) {
      const found = targets.find(
        ({ field: { name }, inner }) => name === member && (how === 'near' || inner === undefined || inner === rest[0]),
      )
      if (found === undefined) return undefined
      return [...found.move.from.split('.'), ...(found.inner === undefined ? rest : rest.slice(1))]
    },
  }
}

/** An object with one member set; one of which every member is null may be null itself. */
function placed(to: Field, before: unknown, inner: string, value: unknown): unknown {
  const members = { ...(typeof before === 'object' ? before : {}), [inner]: value }
  return to.presence === 'optional' && Object.values(members).every(member => member === null) ? null : members
}
