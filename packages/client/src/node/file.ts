// A file as content: opened anew for each attempt, with its size known before.
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { type TypedContent, typedContent } from '../exchange/content.ts'

const types: Readonly<Record<string, string>> = {
  csv: 'text/csv;charset=utf-8',
  gif: 'image/gif',
  gz: 'application/gzip',
  html: 'text/html;charset=utf-8',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain;charset=utf-8',
  webp: 'image/webp',
  xml: 'application/xml',
  zip: 'application/zip',
}

/**
 * The file at `path`, to be given as `body`. Its media type is told by its name, where `type` does not say.
 * @throws as `fs.stat` where there is none, and TypeError where it is no file
 */
export async function file(path: string, type?: string): Promise<TypedContent> {
  const found = await stat(path)
  if (!found.isFile()) throw new TypeError(`“${path}” is not a file`)
  const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
  const told = type ?? types[extension] ?? 'application/octet-stream'
  const { size } = found
  // What is appended meanwhile is not sent: the size has been promised.
  const open = () => createReadStream(path, size === 0 ? {} : { end: size - 1 })
  return typedContent({ kind: 'source', open, size, reading: 'again' }, told)
}
