// §4.2: a PUT or POST of a file that says Upload-Complete is an upload that may be taken up again.
import { parseUploadComplete } from '@comity/http'
import { nameOfCaller } from '../../auth/caller.ts'
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
  const all = await contentsOf(x).uploads.open()
  const own = all.filter(({ request }) => nameOfCaller(request.by) === x.callerName)
  // Where callers are told apart, one of them leaves room for others.
  const share = x.runtime.schemes.length > 0 ? 2 : 1
  const ownRoom = own.length === 0 || (own.length < most / share && roomOf(own) + length <= uploadBytes / share)
  if (ownRoom && all.length < most && roomOf(all) + length <= uploadBytes) return
  // How much others have begun is not told.
  const told = share === 1 ? `${all.length} uploads` : ownRoom ? 'Uploads of others' : `${own.length} uploads of yours`
  return refuse('insufficient-storage', `${told} are waiting for their ends already, and leave no room for more.`, {
    fields: { connection: 'close', 'retry-after': '60' },
  })
}

/** In bytes; what was told that it will come has its room already. */
const roomOf = (uploads: readonly Upload[]): number =>
  uploads.reduce((sum, { offset, length }) => sum + Math.max(offset, length ?? 0), 0)
