// From one version to the one before it: the steps of a module, compiled into a view of its fields.
import { isMember, reservedWords } from '../define/names.ts'
import type { Step } from '../define/version.ts'
import type { Field, Values } from '../model/model.ts'
import { partsOfMoves } from './moves.ts'
import type { Making, Part } from './part.ts'
import { partOfAdded, partOfConverted, partOfDropped, partOfRetyped } from './values.ts'
import type { FieldsView } from './view.ts'

/** Names the fault that stands at a place within one resource's changes. */
export type Say = (place: string, problem: string) => void

/** The fields of version `number`, which `steps` lead from to `next`. */
export function hop(next: FieldsView, steps: readonly Step[], number: string, say: Say): FieldsView {
  if (steps.every(({ kind }) => kind === 'called' || kind === 'filter')) return { ...next, step: undefined }
  const parts = partsOf(steps, makingOf(next, number, say))
  const hidden = hiddenBy(parts, steps, say)
  const kept = next.fields.filter(({ name }) => !hidden.has(name))
  const fields = inOrder(next.fields, parts, hidden)
  checkNames(fields, say)
  const sources = new Map(parts.flatMap(part => [...part.sources]))
  const read = (values: Values): Values => {
    const made = Object.assign({}, ...parts.map(part => part.read(values))) as Values
    return Object.fromEntries(
      fields.map(({ name }) => [name, Object.hasOwn(made, name) ? made[name] : (values[name] ?? null)]),
    )
  }
  const write = (values: Values, present: Values | undefined): Values => {
    const out: Values = {}
    for (const { name } of kept) if (Object.hasOwn(values, name)) out[name] = values[name]
    for (const part of parts) part.write(values, present, out)
    return out
  }
  return {
    fields,
    parts: new Map(
      [...next.parts]
        .filter(([word]) => !hidden.has(word.split('.')[0] ?? ''))
        .concat(parts.flatMap(part => [...part.words])),
    ),
    down: values => read(next.down(values)),
    up: (values, present) => next.up(write(values, present && next.down(present)), present),
    sourceOf: field => sources.get(field) ?? next.sourceOf(field),
    placeOf(tokens) {
      const place = next.placeOf(tokens)
      const [member = ''] = place ?? []
      if (place === undefined || !hidden.has(member)) return place
      for (const how of ['exact', 'near'] as const)
        for (const part of parts) {
          const found = part.hides.includes(member) ? part.placeOf(place, how) : undefined
          if (found !== undefined) return found
        }
      return undefined
    },
    step: { next: next.fields, read, write },
  }
}

function makingOf(next: FieldsView, number: string, say: Say): Making {
  const byName = new Map(next.fields.map(field => [field.name, field]))
  return {
    next,
    number,
    say,
    nextField(name, place) {
      const field = byName.get(name)
      if (field === undefined) say(place, `the next version has no member “${name}”`)
      return field
    },
  }
}

function partsOf(steps: readonly Step[], making: Making): readonly Part[] {
  const moves = steps.flatMap(step => (step.kind === 'moves' ? step.moves : []))
  const others = steps.map(step => {
    switch (step.kind) {
      case 'added':
        return partOfAdded(step, making)
      case 'dropped':
        return partOfDropped(step, making)
      case 'retyped':
        return partOfRetyped(step, making)
      case 'converted':
        return partOfConverted(step, making)
      default:
        return undefined
    }
  })
  return [...partsOfMoves(moves, making), ...others.filter(part => part !== undefined)]
}

/** Places of the next version that a step takes for itself. */
function usedBy(step: Step): readonly string[] {
  switch (step.kind) {
    case 'moves':
      return step.moves.filter(({ stays }) => !stays).map(({ to }) => to)
    case 'added':
      return [step.member]
    case 'retyped':
      return [step.to ?? step.member]
    case 'converted':
      return step.replaces
    default:
      return []
  }
}

/** Members of the next version that are not seen as they are. Each place may be used by one step only. */
function hiddenBy(parts: readonly Part[], steps: readonly Step[], say: Say): ReadonlySet<string> {
  const used: string[] = []
  for (const place of steps.flatMap(usedBy)) {
    if (used.some(other => other === place || other.startsWith(`${place}.`) || place.startsWith(`${other}.`)))
      say(place, 'is used twice')
    if (place === 'id') say(place, '“id” keeps its name and type in every version')
    used.push(place)
  }
  return new Set(parts.flatMap(({ hides }) => hides))
}

/** Each field stands where that of the next version stood which it comes from. */
function inOrder(next: readonly Field[], parts: readonly Part[], hidden: ReadonlySet<string>): readonly Field[] {
  const at = (name: string) => parts.filter(part => part.at === name).flatMap(part => part.fields)
  const fields = next.flatMap(field => [...at(field.name), ...(hidden.has(field.name) ? [] : [field])])
  const tail = parts.filter(part => part.at === undefined).flatMap(part => part.fields)
  const stamp = fields.findIndex(({ access, name }) => access === 'server' && name.endsWith('At'))
  return stamp < 0 ? [...fields, ...tail] : fields.toSpliced(stamp, 0, ...tail)
}

function checkNames(fields: readonly Field[], say: Say): void {
  const names = new Set<string>()
  for (const { name } of fields) {
    if (names.has(name)) say(name, 'is the name of two members')
    if (!isMember(name)) say(name, 'a member’s name is camelCase')
    if (reservedWords.has(name)) say(name, `“${name}” is a query word that every resource understands`)
    names.add(name)
  }
}
