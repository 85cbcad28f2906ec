// The part of an entity tag that tells representations of one revision apart: format, and the members shown.
import { formats } from '../formats/registry.ts'
import type { Exchange } from './exchange.ts'
import { otherThanFirst } from './language.ts'
import { bytesOfFile } from './representation.ts'

/** `json`, or `json-1f3a9c2` where not every member is shown or the question came as content; `json.v1`. */
export function nameOfRepresentation(x: Exchange): string {
  // A file is what it is, whatever is said of it.
  if (x.target.place.kind === 'file') return bytesOfFile
  const { shown } = x
  const collection = x.collection()
  if (x.method === 'QUERY' && x.query) return named(x, `-${fingerprint(x.query.canonical)}`)
  if (shown === undefined || collection === undefined || shown.length === x.seen(collection).fields.length)
    return named(x, '')
  return named(x, `-${fingerprint(shown.map(({ name }) => name).join())}`)
}

/** That of all members. */
export const wholeRepresentation = (x: Exchange): string => named(x, '')

/** `pt-BR` → `ptbr`: a part of a tag has letters and digits only. */
const partFor = (language: string): string => language.toLowerCase().replaceAll('-', '')

/** The parts that follow, in their order: an older version, a language, the part that the caller sees. */
function named(x: Exchange, members: string): string {
  const format = x.format?.name ?? formats[0]?.name ?? 'json'
  const version = x.version === undefined ? '' : `.v${x.version.number}`
  const language = otherThanFirst(x, x.language)
  const { view } = x.target
  return `${format}${members}${version}${language === undefined ? '' : `.${partFor(language)}`}${view === undefined ? '' : `.s${view}`}`
}

/** FNV-1a, 32 bits, in base 36: tells the few representations of one revision apart, and needs no more. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return (hash >>> 0).toString(36)
}
