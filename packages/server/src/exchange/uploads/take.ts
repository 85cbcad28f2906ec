// All of an upload is here: it becomes the content of the request that began it, and is done once.
import { formatDigests, parseDigests } from '@comity/http'
import { sniff, sniffedLength } from '../../content/sniff.ts'
import type { FileRules } from '../../model/model.ts'
import type { Upload } from '../../store/files/uploads.ts'
import type { Later } from '../../store/store.ts'
import { type Answer, type Refused, refuse } from '../answer.ts'
import type { Exchange } from '../exchange.ts'
import { answerFailure } from '../failure.ts'
import { typeOf } from '../files/type-of.ts'
import { contentsOf } from './contents-of.ts'

/** Notes what was uploaded as the file that was sent. @throws Stopped where its type is refused */
export async function takeUpload(
  x: Exchange,
  rules: FileRules,
  name: string,
  upload: Upload,
): Promise<Refused | undefined> {
  const contents = contentsOf(x)
  const expected = parseDigests(x.field('repr-digest'))
  if (expected.kind === 'malformed') return refuse('invalid-digest', 'Repr-Digest is not a digest.')
  const digests = expected.kind === 'digests' ? expected.digests : new Map<never, never>()
  // Whatever comes of it now, nothing may be appended to bytes that a file may have already.
  await contents.uploads.change({ ...recordOf(upload), length: upload.offset })
  const whole = await contents.uploads.whole(upload.id, sniffedLength, [...digests.keys()])
  for (const [algorithm, said] of digests) {
    const found = whole.digests.get(algorithm)
    if (found === undefined || Buffer.compare(found, said) === 0) continue
    const [expectedText, receivedText] = [said, found].map(bytes => formatDigests(new Map([[algorithm, bytes]])))
    return refuse('digest-mismatch', `Repr-Digest says ${expectedText}, and what came has ${receivedText}.`, {
      errors: [{ field: 'Repr-Digest', detail: 'The content that came has another digest.' }],
      members: { expected: expectedText, received: receivedText },
    })
  }
  const mediaType = typeOf(rules, name, x.field('content-type'), await sniff(whole.start))
  x.files.push({ name, mediaType, laid: contents.uploaded(upload.id, whole) })
  return
}

const recordOf = ({ offset: _, touched: __, ...record }: Upload) => record

/** The answer to the request whose content was uploaded. What was done, or refused for good, ends the upload. */
export async function completed(x: Exchange, act: () => Later<Answer>): Promise<Answer> {
  let answer: Answer
  try {
    answer = await act()
  } catch (error) {
    answer = answerFailure(x, error)
  }
  const { upload } = x
  if (upload === undefined || answer.status >= 500) return answer
  await contentsOf(x).uploads.end({ ...recordOf(upload), length: upload.offset }, answer.fields.location)
  return { ...answer, fields: { ...answer.fields, 'upload-complete': '?1' } }
}
