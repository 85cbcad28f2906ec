// Bodies in every format, each with an example written by the format itself. OpenAPI 3.1.1 §4.8.14.
import type { Format, Shape } from '../formats/format.ts'
import { bytesOf, listBytes } from '../formats/pieces.ts'
import { formats, htmlForm } from '../formats/registry.ts'
import type { Field, Values } from '../model/model.ts'
import type { Content, Example, Examples, MediaTypeObject, Schema } from './kind.ts'

/** A named example: the values of one item, or of a list. */
export type Sample = {
  readonly name: string
  readonly summary: string
  readonly value: Values | readonly Values[] | undefined
  /** The members shown, where not all of the shape's are. */
  readonly fields?: readonly Field[]
}

/** The content in every format; `samples` without a value are left out. */
export function contentIn(schema: Schema, shape: Shape, samples: readonly Sample[]): Content {
  return Object.fromEntries(formats.map(format => [format.mediaType, mediaType(format, schema, shape, samples)]))
}

/** What is answered: in every format, and as a page for people. */
export const shownIn = (schema: Schema, shape: Shape, samples: readonly Sample[]): Content => ({
  ...contentIn(schema, shape, samples),
  ...asPage,
})

/** A page for people; what it says is said better elsewhere. */
export const asPage: Content = {
  [htmlForm.mediaType]: { schema: { type: 'string', contentMediaType: htmlForm.mediaType } },
}

function mediaType(format: Format, schema: Schema, shape: Shape, samples: readonly Sample[]): MediaTypeObject {
  const examples: Record<string, Example> = {}
  for (const sample of samples)
    if (sample.value !== undefined)
      examples[sample.name] = { summary: sample.summary, value: written(format, shape, sample, sample.value) }
  return {
    schema: isStructured(format) ? schema : textOf(format, schema),
    ...withExamples(examples),
  }
}

export const withExamples = (examples: Examples): { readonly examples?: Examples } =>
  Object.keys(examples).length > 0 ? { examples } : {}

/** The formats whose data are those of JSON, by themselves: a schema describes them as it stands. */
const isStructured = ({ name }: Format): boolean => name === 'json' || name === 'cbor'

/** What is text to JSON Schema says by `contentSchema` which structure the text holds. */
function textOf(format: Format, schema: Schema): Schema {
  const text = { type: 'string', contentMediaType: format.mediaType }
  if (format.name === 'xml') return { ...text, contentSchema: schema }
  if (format.name === 'ndjson') return { ...text, description: 'A JSON text an item, each on a line of its own.' }
  return { ...text, description: 'A header row with the names of the members, then a row an item (RFC 4180).' }
}

function written(format: Format, shape: Shape, sample: Sample, value: Values | readonly Values[]): unknown {
  // RFC 8949 §8: the diagnostic notation of CBOR that has JSON's meaning is JSON.
  if (isStructured(format)) return value
  const shown = { ...shape, fields: sample.fields ?? shape.fields }
  const bytes = isList(value) ? listBytes(format.list(shown), value) : bytesOf(format.item(value, shown))
  return new TextDecoder().decode(bytes)
}

const isList = (value: Values | readonly Values[]): value is readonly Values[] => Array.isArray(value)

/** One media type of JSON, with one example. */
export function jsonContent(
  mediaType: string,
  schema: Schema,
  sample: Pick<Sample, 'name' | 'summary'> & { readonly value: unknown },
): Content {
  const { name, summary, value } = sample
  return { [mediaType]: { schema, ...withExamples(value === undefined ? {} : { [name]: { summary, value } }) } }
}
