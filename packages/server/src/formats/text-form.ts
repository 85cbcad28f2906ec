// Values as text, for the formats that know nothing else. JSON values travel as JSON text.

import type { Bounds } from '../content/depth.ts'
import { parseJson } from '../content/parse-json.ts'
import type { FieldKind } from '../model/model.ts'

/** A value in text, or why there is none in a sentence's end: "is not JSON: …". */
export type TextValue =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'malformed'; readonly detail: string }

const wholeNumber = /^-?(?:0|[1-9][0-9]*)$/
const anyNumber = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/
const unpaired = /[\uFFFE\uFFFF]/g

/** The text of a value that is not null. Numbers are written as JSON writes them. */
export function formatText(value: unknown, kind: FieldKind): string {
  if (kind !== 'json') return typeof value === 'string' ? value : String(value)
  // The two noncharacters cannot stand in XML, but their escapes can.
  return (JSON.stringify(value) ?? 'null').replace(unpaired, character => `\\u${character.charCodeAt(0).toString(16)}`)
}

/**
 * The value that text stands for. Text that is none of its kind stays text, for validation to refuse; only a `json`
 * field must hold JSON, since as text it might pass for a value it is not.
 */
export function parseText(text: string, kind: FieldKind, bounds: Bounds): TextValue {
  if (kind === 'json') {
    const parsed = parseJson(new TextEncoder().encode(text), bounds)
    return parsed.kind === 'value' ? parsed : { kind: 'malformed', detail: `is not JSON: ${parsed.detail}` }
  }
  if (kind === 'integer' && wholeNumber.test(text)) return { kind: 'value', value: exactly(text) }
  if (kind === 'number' && anyNumber.test(text)) return { kind: 'value', value: exactly(text) }
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return { kind: 'value', value: text === 'true' }
  return { kind: 'value', value: text }
}

function exactly(text: string): number | string {
  const number = Number(text)
  return Number.isFinite(number) ? number : text
}
