// The content of an answer: what the document declares, else what its schema admits, in the media type that was chosen.
import type { Documents } from './document.ts'
import type { Content } from './operation.ts'
import { sampleOf } from './sample.ts'
import { xmlOf } from './xml.ts'

export type Wishes = {
  /** The name of an example. */
  readonly example: string | undefined
  /** `types`: made anew each time, and not taken from examples. */
  readonly from: 'examples' | 'types'
  readonly seed: number
}

export type Example =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  /** There is none of that name. */
  | { readonly kind: 'no-such-example'; readonly names: readonly string[] }

export const isJson = (mediaType: string): boolean => /[/+]json\b|ndjson|json-seq/i.test(mediaType)
const isXml = (mediaType: string): boolean => /[/+]xml\b/i.test(mediaType)

export function exampleOf(documents: Documents, content: Content, mediaType: string, wishes: Wishes): Example {
  const { examples, schema, located } = content
  const named = examples.filter(({ name }) => name !== '')
  const chosen = wishes.example === undefined ? examples[0] : named.find(({ name }) => name === wishes.example)
  if (chosen === undefined && wishes.example !== undefined)
    return { kind: 'no-such-example', names: named.map(({ name }) => name) }
  const isDeclared = chosen !== undefined && (wishes.from === 'examples' || wishes.example !== undefined)
  if (isDeclared && chosen.as === 'text') return bytes(String(chosen.value))
  if (isDeclared && typeof chosen.value === 'string' && !isTextOf(content, mediaType)) return bytes(chosen.value)
  const value = isDeclared ? chosen.value : sampleOf(schema ?? {}, wishes.from, wishes.seed).value
  if (isJson(mediaType)) return bytes(JSON.stringify(value))
  if (isXml(mediaType)) return bytes(xmlOf(documents, located, value))
  if (/x-www-form-urlencoded/i.test(mediaType)) return bytes(formOf(value))
  return bytes(typeof value === 'string' ? value : JSON.stringify(value))
}

const bytes = (text: string): Example => ({ kind: 'bytes', bytes: Buffer.from(text) })

/** Whether text is the value, and not the content as it is to be sent: `"red"` in JSON, where a text is meant. */
function isTextOf({ schema }: Content, mediaType: string): boolean {
  if (!isJson(mediaType)) return false
  const type = typeof schema === 'object' ? schema.type : undefined
  return type === undefined || type === 'string' || (Array.isArray(type) && type.includes('string'))
}

function formOf(value: unknown): string {
  const words = new URLSearchParams()
  for (const [name, each] of Object.entries((value ?? {}) as Record<string, unknown>)) words.set(name, String(each))
  return String(words)
}
