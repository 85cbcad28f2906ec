// Do the steps of a version hold what they say? Asked at load with sample values of both sides, in both directions.
import { isDeepStrictEqual } from 'node:util'
import type { Step } from '../define/version.ts'
import type { Field, Values } from '../model/model.ts'
import { samplesOf } from '../openapi/sample.ts'
import type { Say } from './hop.ts'
import type { FieldsView } from './view.ts'

/** `down`: only what is read; `up`: only what is written. */
export type Way = 'both' | 'up' | 'down'

/** Says at which member a step fails, and with which value. */
export function checkBothWays(view: FieldsView, steps: readonly Step[], way: Way, say: Say): void {
  if (view.step === undefined) return
  const said = new Set<string>()
  const once: Say = (place, problem) => {
    if (said.has(place)) return
    said.add(place)
    say(place, problem)
  }
  const lossy = lossyOf(steps)
  if (way !== 'up') checkDown(view, lossy, way, once)
  if (way !== 'down' && said.size === 0) checkUp(view, lossy, once)
}

type Lossy = { readonly fields: ReadonlySet<string>; readonly next: ReadonlySet<string> }

/** Members that are not the same after the way there and back, as their steps admit. */
function lossyOf(steps: readonly Step[]): Lossy {
  const fields = new Set<string>()
  const next = new Set<string>()
  for (const step of steps) {
    if (step.kind === 'added') next.add(step.member)
    else if (step.kind === 'dropped') fields.add(step.member)
    else if (step.kind === 'retyped' && step.loses !== undefined) {
      fields.add(step.member)
      next.add(step.to ?? step.member)
    } else if (step.kind === 'converted' && step.loses !== undefined) {
      for (const name of Object.keys(step.fields)) fields.add(name)
      for (const name of step.replaces) next.add(name)
    }
  }
  return { fields, next }
}

const mostVariants = 8

/** Items as unlike each other as the samples of their members allow; the last has no optional member. */
function itemsOf(fields: readonly Field[]): readonly Values[] {
  const samples = fields.map(field => [field, samplesOf(field)] as const)
  const variants = Math.min(mostVariants, Math.max(1, ...samples.map(([, { length }]) => length)))
  const items = Array.from({ length: variants }, (_, at) =>
    Object.fromEntries(samples.map(([{ name }, values]) => [name, values[at % values.length] ?? null])),
  )
  const least = Object.fromEntries(
    samples.map(([{ name, presence }, values]) => [name, presence === 'optional' ? null : (values[0] ?? null)]),
  )
  return [...items, least]
}

const show = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

const isWritten = ({ access }: Field): boolean => access === 'read-write'

/** What the members of `fields` have of `values`. */
const only = (fields: readonly Field[], values: Values): Values =>
  Object.fromEntries(
    fields.filter(isWritten).flatMap(({ name }) => (Object.hasOwn(values, name) ? [[name, values[name]]] : [])),
  )

function attempt<T>(work: () => T, failed: (error: unknown) => void): T | undefined {
  try {
    return work()
  } catch (error) {
    failed(error)
    return undefined
  }
}

/** Next → this → next. */
function checkDown({ fields, step }: FieldsView, lossy: Lossy, way: Way, say: Say): void {
  if (step === undefined) return
  for (const item of itemsOf(step.next)) {
    const seen = attempt(
      () => step.read(item),
      error => say('down', `fails on ${show(item)}: ${String(error)}`),
    )
    if (seen === undefined) return
    for (const field of fields) {
      const value = seen[field.name]
      const fault = value === null || value === undefined ? nullFault(field, item) : field.fault(value)
      if (fault !== undefined)
        say(field.name, `reads as ${show(value)} where the next version has ${show(item)}, and ${fault}`)
    }
    if (way === 'down') continue
    const back = attempt(
      () => step.write(only(fields, seen), undefined),
      error => say('up', `fails on ${show(seen)}: ${String(error)}`),
    )
    if (back === undefined) return
    for (const field of step.next.filter(isWritten)) {
      if (lossy.next.has(field.name)) continue
      const value = back[field.name] ?? null
      if (!isSame(field, value, item[field.name] ?? null))
        say(
          field.name,
          `is ${show(item[field.name])} in the next version, ${show(value)} after the way to this one and back`,
        )
    }
  }
}

/** A member that no sample was found for is no fault of the step. */
const nullFault = (field: Field, item: Values): string | undefined =>
  field.presence === 'optional' || Object.values(item).includes(null) ? undefined : 'must not be null'

const isSame = (field: Field, value: unknown, other: unknown): boolean =>
  isDeepStrictEqual(value === null || field.fault(value) !== undefined ? value : field.normalise(value), other)

/** This → next → this. */
function checkUp({ fields, step }: FieldsView, lossy: Lossy, say: Say): void {
  if (step === undefined) return
  const unfit = new Map<string, string>()
  const fit = new Set<string>()
  for (const [at, item] of itemsOf(fields).entries()) {
    const sent = only(fields, item)
    const sentUp = attempt(
      () => step.write(sent, undefined),
      error => say('up', `fails on ${show(sent)}: ${String(error)}`),
    )
    if (sentUp === undefined) return
    let isWhole = true
    for (const field of step.next.filter(isWritten)) {
      const value = sentUp[field.name] ?? null
      const fault = value === null ? missing(field, sentUp) : field.fault(value)
      if (fault === undefined) fit.add(field.name)
      else unfit.set(field.name, `is ${show(value)} for ${show(sent)}, and ${fault}`)
      if (fault !== undefined) isWhole = false
    }
    // What the next version does not take is refused: it need not come back.
    if (!isWhole) continue
    const stored = normal(step.next, { ...itemsOf(step.next)[at % itemsOf(step.next).length], ...sentUp })
    const seen = attempt(
      () => step.read(stored),
      error => say('down', `fails on ${show(stored)}: ${String(error)}`),
    )
    if (seen === undefined) return
    for (const field of fields.filter(isWritten))
      if (!lossy.fields.has(field.name) && !isDeepStrictEqual(told(seen[field.name]), told(item[field.name])))
        say(
          field.name,
          `is ${show(item[field.name])} in this version, ${show(seen[field.name])} after the way to the next and back`,
        )
  }
  for (const [name, fault] of unfit) if (!fit.has(name)) say(name, fault)
}

/** An object of nothing says what null does. */
const told = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && Object.values(value).every(member => member === null)
    ? null
    : (value ?? null)

function missing({ presence, byDefault, name }: Field, told: Values): string | undefined {
  if (presence === 'optional') return undefined
  if (Object.hasOwn(told, name)) return 'must not be null'
  return byDefault === undefined ? 'no step gives it a value' : undefined
}

const normal = (fields: readonly Field[], values: Values): Values =>
  Object.fromEntries(
    fields.map(({ name, normalise }) => [
      name,
      values[name] === null || values[name] === undefined ? null : normalise(values[name]),
    ]),
  )
