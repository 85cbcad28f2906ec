// §4.2: a PUT or POST of a file that says Upload-Complete is an upload that may be taken up again.
import { parseUploadComplete } from '@comity/http'
import { requestOf } from '../../jobs/request.ts'
import type { FileRules } from '../../model/model.ts'
import { newUploadId, type Upload } from '../../store/files/uploads.ts'
import { refuse, type Stop } from '../answer.ts'
import type { Exchange } from '../exchange.ts'
import { appended, lengthNoted } from './append.ts'
import { contentsOf } from './contents-of.ts'
import { inconsistentLength, inform, limitsOf, pathOfUpload, stateOf } from './told.ts'
import { alone } from './turns.ts'

/** Whether the client asks for an upload that it can take up again. */
export const isResumable = (x: Exchange): boolean =>
  x.contentKind === 'file' &&
  x.contentCodings.length === 0 &&
  parseUploadComplete(x.field('upload-complete')) !== undefined

/** Takes what comes of the content. Nothing is left to say here where all of it came: `x.upload` names it then. */
export async function beginUpload(x: Exchange, rules: FileRules): Promise<Stop | undefined> {
  const { uploads } = contentsOf(x)
  const about = { id: newUploadId(), request: requestOf(x), most: rules.size, length: undefined, ended: undefined }
  const noted = await lengthNoted(x, about, 0)
  if ('kind' in noted) return noted
  const full = await fullUploads(x, noted.length ?? 0)
  if (full) return full
  const free = await alone(x, about.id)
  try {
    await uploads.create(noted)
    const location = { location: pathOfUpload(x, about.id) }
    inform(x, { ...location, ...limitsOf(x, noted) })
    const upload: Upload = { ...noted, offset: 0, touched: x.runtime.now() }
    const offset = await appended(x, upload)
    if (typeof offset !== 'number') return offset
    if (parseUploadComplete(x.field('upload-complete')) === true) {
      if (noted.length !== undefined && noted.length !== offset) return notAllOfIt(offset, noted.length)
      x.upload = { ...upload, offset }
      return
    }
    const fields = { ...location, ...stateOf(x, { ...upload, offset }), 'content-length': '0' }
    return { kind: 'answered', answer: { status: 201, fields, body: undefined } }
  } finally {
    free()
  }
}

export const notAllOfIt = (offset: number, length: number) =>
  inconsistentLength(`The upload is said to be complete, and ${offset} of its ${length} bytes are here.`)

async function fullUploads(x: Exchange, length: number): Promise<Stop | undefined> {
  const { uploads: most, uploadBytes } = x.runtime.model.limits
  const { count, bytes } = await contentsOf(x).uploads.open()
  if (count < most && bytes + length <= uploadBytes) return
  return refuse('insufficient-storage', `${count} uploads with ${bytes} bytes are waiting for their ends already.`, {
    fields: { connection: 'close', 'retry-after': '60' },
  })
}
