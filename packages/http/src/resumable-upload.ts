// draft-ietf-httpbis-resumable-upload-12: uploads that are taken up again after an interruption
import { formatDictionary, itemOf, parseItem } from './structured.ts'

/** What `Upload-Draft-Interop-Version` says of those who implement this revision of the draft. */
export const uploadInteropVersion = 8

/** The media type of a block of a representation, in a PATCH of its upload resource (§6). */
export const partialUpload = 'application/partial-upload'

/** §4.1.2: `?1` or `?0`; anything else is ignored. */
export function parseUploadComplete(field: string | undefined): boolean | undefined {
  const [value] = (field === undefined ? undefined : parseItem(field)) ?? []
  return typeof value === 'boolean' ? value : undefined
}

/** §4.1.1 and §4.1.3, Upload-Offset and Upload-Length: a number of bytes; anything else is ignored. */
export function parseUploadBytes(field: string | undefined): number | undefined {
  const [value] = (field === undefined ? undefined : parseItem(field)) ?? []
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

export const formatUploadComplete = (complete: boolean): string => (complete ? '?1' : '?0')

/** §4.1.4, in bytes and seconds. */
export type UploadLimits = { readonly maxSize?: number; readonly maxAge?: number }

/** Upload-Limit, a dictionary: `max-size=1073741824, max-age=86400`. */
export function formatUploadLimit({ maxSize, maxAge }: UploadLimits): string {
  const members = new Map<string, ReturnType<typeof itemOf>>()
  if (maxSize !== undefined) members.set('max-size', itemOf(maxSize))
  if (maxAge !== undefined) members.set('max-age', itemOf(Math.max(0, Math.floor(maxAge))))
  return formatDictionary(members) ?? ''
}

/** What the fields of one request say of the length of all that is to be uploaded (§4.1.3). */
export type UploadLength =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'inconsistent'; readonly lengths: readonly number[] }

/**
 * @param known what earlier requests said
 * @param offset where the content of this one begins
 */
export function lengthOfUpload(
  fields: {
    readonly complete: boolean | undefined
    readonly uploadLength: string | undefined
    readonly contentLength: string | undefined
  },
  offset: number,
  known?: number,
): UploadLength {
  const told = parseUploadBytes(fields.uploadLength)
  const content = fields.contentLength === undefined ? undefined : Number(fields.contentLength)
  const rest = fields.complete === true && content !== undefined ? offset + content : undefined
  const lengths = [known, told, rest].filter(length => length !== undefined)
  const [length] = lengths
  if (length === undefined) return { kind: 'unknown' }
  return lengths.every(other => other === length) ? { kind: 'length', length } : { kind: 'inconsistent', lengths }
}
