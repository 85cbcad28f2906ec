// §4.3 to §4.5: /uploads/{id}, once the gates let the request that far.
import { parseUploadBytes, parseUploadComplete, partialUpload } from '@comity/http'
import { nameOfCaller } from '../../auth/caller.ts'
import { exchangeOf } from '../../jobs/request.ts'
import type { Upload } from '../../store/files/uploads.ts'
import type { Later } from '../../store/store.ts'
import { type Answer, type Refused, refuse } from '../answer.ts'
import { ContentLost } from '../content-lost.ts'
import type { Exchange } from '../exchange.ts'
import { mayKnow } from '../gates/permitted.ts'
import { refusedAnswer } from '../problem-answer.ts'
import { appended, lengthNoted } from './append.ts'
import { notAllOfIt } from './begin.ts'
import { contentsOf } from './contents-of.ts'
import { completed } from './take.ts'
import { inconsistentLength, stateOf, wrongOffset } from './told.ts'
import { alone } from './turns.ts'

/** `exchanged` answers the request whose content was uploaded, once all of it is here. */
export async function performOnUpload(
  x: Exchange,
  id: string,
  exchanged: (x: Exchange) => Later<Answer>,
): Promise<Answer> {
  const none = () => refusedAnswer(x, refuse('not-found', `There is no upload “${id}”.`))
  // Only its own caller may end what a request has left open.
  if ((await uploadOf(x, id)) === undefined) return none()
  const free = await alone(x, id)
  try {
    const upload = await uploadOf(x, id)
    if (upload === undefined) return none()
    if (x.method === 'DELETE') {
      await contentsOf(x).uploads.remove(id)
      return { status: 204, fields: {}, body: undefined }
    }
    if (x.method === 'HEAD') return { status: 204, fields: stateOf(x, upload), body: undefined }
    return await append(x, upload, exchanged)
  } finally {
    free()
  }
}

/** One that has had its time is no more, whether or not it was swept away. */
async function uploadOf(x: Exchange, id: string): Promise<Upload | undefined> {
  const { runtime } = x
  const upload = await runtime.contents?.uploads.read(id)
  if (upload === undefined || runtime.now() - upload.touched > runtime.model.retention.uploads) return undefined
  // Another's is as though it were not there.
  const { request } = upload
  return nameOfCaller(request.by) === x.callerName && mayKnow(x, request) ? upload : undefined
}

async function append(x: Exchange, upload: Upload, exchanged: (x: Exchange) => Later<Answer>): Promise<Answer> {
  const fault = faultOfAppend(x, upload)
  if (fault) return refusedAnswer(x, fault)
  const noted = await lengthNoted(x, upload, upload.offset)
  if ('kind' in noted) return refusedAnswer(x, noted)
  if (noted.length !== upload.length) {
    const { offset: _, touched: __, ...record } = noted
    await contentsOf(x).uploads.change(record)
  }
  let offset: number | Refused
  try {
    offset = await appended(x, noted)
  } catch (error) {
    if (!(error instanceof ContentLost)) throw error
    const why = error.how === 'timeout' ? 'request-timeout' : 'malformed-request'
    const detail = 'The content did not come to its end. What came of it is kept.'
    return refusedAnswer(x, refuse(why, detail, { fields: { connection: 'close' } }))
  }
  if (typeof offset !== 'number') return refusedAnswer(x, offset)
  const now = { ...noted, offset, touched: x.runtime.now() }
  if (parseUploadComplete(x.field('upload-complete')) !== true)
    return { status: 204, fields: stateOf(x, now), body: undefined }
  if (now.length !== undefined && now.length !== offset) return refusedAnswer(x, notAllOfIt(offset, now.length))
  return complete(x, now, exchanged)
}

function faultOfAppend(x: Exchange, { ended, offset }: Upload): Refused | undefined {
  const complete = parseUploadComplete(x.field('upload-complete'))
  const given = parseUploadBytes(x.field('upload-offset'))
  if (complete === undefined || given === undefined)
    return refuse('malformed-request', `${partialUpload} needs Upload-Offset and Upload-Complete.`, {
      fields: { connection: 'close' },
    })
  if (ended && x.field('content-length') !== '0')
    return inconsistentLength(`The upload is complete with its ${ended.size} bytes.`)
  if (ended)
    return refuse('completed-upload', 'The upload is complete already.', {
      ...(ended.location !== undefined && { fields: { location: ended.location } }),
    })
  return given === offset ? undefined : wrongOffset(offset, given)
}

/** §4.4.2: the answer is the one that the first request would have had. */
async function complete(x: Exchange, upload: Upload, exchanged: (x: Exchange) => Later<Answer>): Promise<Answer> {
  const { request } = upload
  const fields = { ...request.fields, 'content-length': String(upload.offset) }
  // Who they were when they began says nothing of what they may by now.
  const now = { ...request, fields, by: x.caller, content: new Uint8Array() }
  const first = exchangeOf(x.runtime, now, x.incoming.signal())
  first.upload = upload
  const answer = await completed(first, () => exchanged(first))
  x.refused = first.refused
  return answer
}
