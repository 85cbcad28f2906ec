// The part of an entity tag that tells representations of one revision apart: format, and the members shown.
import { formats } from '../formats/registry.ts'
import type { Exchange } from './exchange.ts'
import { bytesOfFile } from './representation.ts'

/** `json`, or `json-1f3a9c2` where not every member is shown or the question came as content. */
export function nameOfRepresentation(x: Exchange): string {
  // A file is what it is, whatever is said of it.
  if (x.target.place.kind === 'file') return bytesOfFile
  const format = x.format?.name ?? formats[0]?.name ?? 'json'
  if (x.method === 'QUERY' && x.query) return `${format}-${fingerprint(x.query.canonical)}`
  const all = x.collection()?.fields.length ?? 0
  if (x.shown === undefined || x.shown.length === all) return format
  return `${format}-${fingerprint(x.shown.map(({ name }) => name).join())}`
}

/** FNV-1a, 32 bits, in base 36: tells the few representations of one revision apart, and needs no more. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return (hash >>> 0).toString(36)
}
