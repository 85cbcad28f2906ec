// What a file that is sent is to be called.
import { parseContentDisposition } from '@comity/http'
import { faultOfName } from '../../model/files.ts'
import { type Refused, refuse } from '../answer.ts'
import type { Exchange } from '../exchange.ts'

/** The name of the one file that is sent; undefined where its parts have their own. */
export function nameOfUpload(x: Exchange): string | undefined | Refused {
  const { place } = x.target
  if (place.kind === 'file') return fitting(place.name)
  if (x.contentKind === 'multipart') return
  const name = nameInFields(x)
  if (name !== undefined) return fitting(lastOf(name))
  return refuse(
    'file-name-invalid',
    'The file has no name: PUT it to one, or send Content-Disposition with a filename, Slug, or multipart/form-data.',
  )
}

/** Content-Disposition, else Slug (RFC 5023 §9.7). */
function nameInFields(x: Exchange): string | undefined {
  const disposition = x.field('content-disposition')
  const filename = disposition === undefined ? undefined : parseContentDisposition(utf8(disposition))?.filename
  if (filename !== undefined) return filename
  const slug = x.field('slug')
  if (slug === undefined) return
  try {
    return decodeURIComponent(slug)
  } catch {
    return slug
  }
}

/** Field values come as Latin-1; most who send more than ASCII mean UTF-8. */
function utf8(field: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(field, 'latin1'))
  } catch {
    return field
  }
}

/** RFC 6266 §4.3: of a path, only how it ends. */
export const lastOf = (name: string): string => name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)

/** The name in the one form in which names are kept, where it can be one. */
export function fitting(name: string): string | Refused {
  const fault = faultOfName(name)
  if (fault === undefined) return name.normalize('NFC')
  return refuse('file-name-invalid', `The name “${name.toWellFormed().slice(0, 100)}” ${fault}.`)
}
