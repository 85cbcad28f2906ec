// RFC 10008: the content of a QUERY says what the query of a GET would: a JSON object of query words, or a form.
import type { Limits, ProblemError } from '../model/model.ts'
import { joinValues } from './list.ts'
import { readForm, type Word, type WordsRead } from './words.ts'

export type ContentWordsRead =
  | { readonly kind: 'words'; readonly words: readonly Word[] }
  | { readonly kind: 'invalid'; readonly errors: readonly ProblemError[] }

const mostErrors = 20

/**
 * Words from parsed JSON: `{ "type": "savings", "amount.gte": 100, "fields": ["id", "name"], "sort": ["-date"] }`. A
 * string is what would stand in a URL, so a comma in it separates values; an element of an array is one value, commas
 * and all. Numbers and booleans become text. Errors carry JSON Pointers.
 */
export function wordsOfJson(value: unknown, limits: Pick<Limits, 'words'>): ContentWordsRead {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return invalid([{ pointer: '', detail: 'The query must be an object of query words, such as {"limit": 10}.' }])
  const members = Object.entries(value)
  if (members.length > limits.words)
    return invalid([{ pointer: '', detail: `The query holds more than ${limits.words} words.` }])
  const words: Word[] = []
  const errors: ProblemError[] = []
  for (const [name, member] of members) {
    const text = Array.isArray(member) ? readArray(name, member, errors) : readScalar(member)
    if (typeof text === 'string') words.push({ name, value: text })
    else if (text)
      errors.push({ pointer: pointerTo(name), detail: `“${name.slice(0, 60).toWellFormed()}” ${text.fault}.` })
    if (errors.length >= mostErrors) break
  }
  return errors.length > 0 ? invalid(errors) : { kind: 'words', words }
}

/** Words from content of the type application/x-www-form-urlencoded, in UTF-8. */
export function wordsOfForm(content: Uint8Array, limits: Pick<Limits, 'words'>): WordsRead {
  try {
    return readForm(new TextDecoder('utf-8', { fatal: true }).decode(content), limits)
  } catch {
    return { kind: 'malformed', detail: 'The content is not UTF-8.' }
  }
}

/** Errors of a plan as they concern a JSON query: with pointers in place of parameters. */
export const errorsOfJson = (errors: readonly ProblemError[]): readonly ProblemError[] =>
  errors.map(({ parameter, ...error }) =>
    parameter === undefined ? error : { pointer: pointerTo(parameter), ...error },
  )

/** RFC 6901 §3 */
const pointerTo = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`

type Fault = { readonly fault: string }

function readArray(name: string, elements: readonly unknown[], errors: ProblemError[]): string | Fault | undefined {
  if (elements.length === 0) return { fault: 'needs at least one value' }
  const texts: string[] = []
  for (const [index, element] of elements.entries()) {
    const text = readScalar(element)
    if (typeof text === 'string') texts.push(text)
    else {
      errors.push({ pointer: `${pointerTo(name)}/${index}`, detail: `This value ${text.fault}.` })
      return undefined
    }
  }
  return joinValues(texts)
}

function readScalar(value: unknown): string | Fault {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') {
    if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return String(value)
    return { fault: 'is beyond what a JSON number holds exactly; write it as a string' }
  }
  if (value === null) return { fault: 'must not be null; to ask for absence, use “.exists” with false' }
  return {
    fault:
      'must be a string, a number, a boolean or an array of these; an operator follows the name, as in “amount.gte”',
  }
}

const invalid = (errors: readonly ProblemError[]): ContentWordsRead => ({ kind: 'invalid', errors })
