// The formats content travels in, in the server's order of preference.
import { cbor } from './cbor.ts'
import { csv } from './csv.ts'
import type { Form, Format } from './format.ts'
import { json } from './json.ts'
import { ndjson } from './ndjson.ts'
import { xml } from './xml.ts'

/** Every format; the first is what a client gets that does not care. */
export const formats: readonly Format[] = [json, xml, csv, ndjson, cbor]

/** A page for people: written by `pages/resource`, never read. */
export const htmlForm = {
  name: 'html',
  mediaType: 'text/html',
  contentType: 'text/html; charset=utf-8',
} as const satisfies Partial<Form>

/** What a resource can be shown in, in the same order: who does not care gets the first, a browser the last. */
export const forms: readonly Pick<Form, 'name' | 'mediaType'>[] = [...formats, htmlForm]

const names: ReadonlyMap<string, Format> = new Map(formats.map(format => [format.name, format]))
const mediaTypes: ReadonlyMap<string, Format> = new Map([
  ...formats.map(format => [format.mediaType, format] as const),
  ['text/xml', xml], // RFC 7303 §9.2: the same as application/xml
  ['application/ndjson', ndjson], // neither is registered
])

/** The format by its name or extension, lower case: `csv`. */
export function formatByName(name: string): Format | undefined {
  return names.get(name)
}

/** The format by a media type without parameters, lower case: `text/csv`. */
export function formatByMediaType(essence: string): Format | undefined {
  return mediaTypes.get(essence)
}
