// What is said of an upload: its fields, and why it cannot go on.
import { formatUploadComplete, formatUploadLimit, partialUpload, uploadInteropVersion } from '@comity/http'
import type { Upload, UploadRecord } from '../../store/files/uploads.ts'
import { type AnswerFields, type Refused, refuse } from '../answer.ts'
import type { Exchange } from '../exchange.ts'

/** `/uploads/{id}`, as the client reaches it. */
export const pathOfUpload = (x: Exchange, id: string): string => `${x.root()}/uploads/${id}`

/** §4.1.4 */
export function limitsOf(x: Exchange, { most }: Pick<UploadRecord, 'most'>, touched = x.runtime.now()): AnswerFields {
  const maxAge = (touched + x.runtime.model.retention.uploads - x.runtime.now()) / 1000
  return { 'upload-limit': formatUploadLimit({ maxSize: most, maxAge }) }
}

/** §4.3: where it is. */
export function stateOf(x: Exchange, upload: Upload): AnswerFields {
  const { ended, offset, length, touched } = upload
  const all = ended?.size ?? length
  return {
    'upload-offset': String(offset),
    'upload-complete': formatUploadComplete(ended !== undefined),
    ...(all !== undefined && { 'upload-length': String(all) }),
    ...limitsOf(x, upload, touched),
    'cache-control': 'no-store',
    ...(ended?.location !== undefined && { 'content-location': ended.location }),
  }
}

/** §5: only to those who speak the same revision of the draft. */
export function inform(x: Exchange, fields: AnswerFields): void {
  if (x.field('upload-draft-interop-version') !== String(uploadInteropVersion)) return
  x.incoming.inform(104, { ...fields, 'upload-draft-interop-version': String(uploadInteropVersion) })
}

export const wrongOffset = (expected: number, provided: number): Refused =>
  refuse('mismatching-upload-offset', `${expected} bytes are here; the content was to begin at ${provided}.`, {
    fields: { 'upload-offset': String(expected), connection: 'close' },
    members: { 'expected-offset': expected, 'provided-offset': provided },
  })

export const inconsistentLength = (detail: string): Refused =>
  refuse('inconsistent-upload-length', detail, { fields: { connection: 'close' } })

export const tooLargeUpload = (x: Exchange, about: Pick<UploadRecord, 'most'>, said: string): Refused =>
  refuse('content-too-large', `${said}; at most ${about.most} bytes are taken.`, {
    fields: { ...limitsOf(x, about), connection: 'close' },
    members: { limit: about.most },
  })

export const onlyPartialUploads = (said: string): Refused =>
  refuse('unsupported-media-type', `${said}. Send ${partialUpload}.`, {
    fields: { accept: partialUpload, 'accept-patch': partialUpload },
  })
