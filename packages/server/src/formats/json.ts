// RFC 8259: JSON, the format that the others are measured by
import { parseJson } from '../content/parse-json.ts'
import type { Format, ListWriter } from './format.ts'

const listWriter: ListWriter<string> = {
  open: () => '[',
  rows: (rows, first) => {
    if (rows.length === 0) return ''
    const elements = JSON.stringify(rows).slice(1, -1)
    return first ? elements : `,${elements}`
  },
  close: () => ']',
}

/** `application/json`, compact. A list is the bare array. What is read is not judged by the shape: validation does. */
export const json: Format<string> = {
  name: 'json',
  mediaType: 'application/json',
  contentType: 'application/json',
  item: values => JSON.stringify(values),
  list: () => listWriter,
  parse: (content, _shape, _expect, limits) => parseJson(content, limits),
}
