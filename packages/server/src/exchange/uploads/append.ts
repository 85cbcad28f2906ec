// §4.2 and §4.4: content is appended as far as it comes, and what is here stays.
import { lengthOfUpload, parseUploadComplete } from '@comity/http'
import type { Upload } from '../../store/files/uploads.ts'
import { type Refused, refuse } from '../answer.ts'
import type { Exchange } from '../exchange.ts'
import { contentBounds } from '../gates/content-fields.ts'
import { digestsOf } from '../gates/digests.ts'
import { contentsOf } from './contents-of.ts'
import { inconsistentLength, inform, tooLargeUpload } from './told.ts'

/** What the request says of the length of all there is, noted; or why it cannot be so. */
export async function lengthNoted<About extends Pick<Upload, 'length' | 'most'>>(
  x: Exchange,
  about: About,
  offset: number,
): Promise<About | Refused> {
  const said = {
    complete: parseUploadComplete(x.field('upload-complete')),
    uploadLength: x.field('upload-length'),
    contentLength: x.field('content-length'),
  }
  const read = lengthOfUpload(said, offset, about.length)
  if (read.kind === 'inconsistent')
    return inconsistentLength(`The upload was to have ${read.lengths.join(' bytes, and ')} bytes.`)
  if (read.kind === 'unknown') return about
  if (read.length < offset) return inconsistentLength(`${offset} bytes are here of ${read.length}.`)
  if (read.length > about.most) return tooLargeUpload(x, about, `The upload is to have ${read.length} bytes`)
  return { ...about, length: read.length }
}

/**
 * Appends the content of this request. @returns how much is here then, or why the upload cannot go on
 * @throws ContentLost where the content ended early: what came of it is here
 */
export async function appended(x: Exchange, upload: Upload): Promise<number | Refused> {
  const { uploads } = contentsOf(x)
  const { id, offset, length } = upload
  const most = length ?? upload.most
  const digestFault = digestsOf(x, ['Content-Digest'])
  if (typeof digestFault !== 'function') return digestFault ?? offset
  const pieces = x.incoming.pieces({ ...contentBounds(x), limit: Number.POSITIVE_INFINITY, codings: [] })
  const done = await uploads.append(id, offset, most, pieces, at => inform(x, { 'upload-offset': String(at) }))
  switch (done.kind) {
    case 'no-room':
      return refuse('insufficient-storage', 'There is no room for the rest of the upload.', {
        fields: { 'upload-offset': String(done.offset), connection: 'close' },
      })
    case 'over':
      // §4.4.2: it is given up, whatever else there may be of it.
      await uploads.remove(id)
      return length === undefined
        ? tooLargeUpload(x, upload, 'More came')
        : inconsistentLength(`More came than the ${length} bytes that there were to be; the upload is given up.`)
    case 'whole': {
      const mismatch = digestFault()
      if (!mismatch) return done.offset
      await uploads.cut(id, offset)
      return mismatch
    }
  }
}
