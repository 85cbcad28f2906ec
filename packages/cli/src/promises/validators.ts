// RFC 9110 §8.8, §13: whether what a client has can be asked for again without being sent again.
import { fieldNames, fieldValue, isSameTag, parseDate, parseEntityTag } from '@comity/http'
import type { Finding, Observed } from './finding.ts'

const found = (kind: Finding['kind'], text: string, section: string): Finding => ({
  kind,
  about: 'validators',
  text,
  section,
})

export function* lookAtValidators(observed: Observed): Generator<Finding> {
  const { method, at, answer, revalidated, coded } = observed
  if ((method !== 'GET' && method !== 'HEAD') || answer.status !== 200) return
  const etag = fieldValue(answer.fields, 'etag')
  const modified = fieldValue(answer.fields, 'last-modified')
  const tag = etag === undefined ? undefined : parseEntityTag(etag)
  if (etag !== undefined && tag === undefined)
    yield found('broken', `ETag is ${etag}, and an entity tag stands in double quotes.`, 'RFC 9110 §8.8.3')
  if (modified !== undefined && parseDate(modified, at) === undefined)
    yield found('broken', `Last-Modified is no date: ${modified}.`, 'RFC 9110 §8.8.2')
  if (etag === undefined && modified === undefined) {
    yield found(
      'missing',
      'There is neither ETag nor Last-Modified: it is sent whole each time, and changes cannot be made on condition.',
      'RFC 9110 §8.8',
    )
    return
  }
  if (revalidated !== undefined) yield* lookAtRevalidation(observed, revalidated)
  const codedTag = parseEntityTag(fieldValue(coded?.fields ?? {}, 'etag') ?? '')
  const isCoded = fieldValue(coded?.fields ?? {}, 'content-encoding') !== undefined
  if (tag && codedTag && isCoded && isSameTag(tag, codedTag, 'strong'))
    yield found(
      'broken',
      'The same strong ETag names the content as it is and in a content coding; a resumed download may splice the two.',
      'RFC 9110 §8.8.3.3',
    )
}

function* lookAtRevalidation({ answer }: Observed, revalidated: Observed['answer']): Generator<Finding> {
  const by = fieldValue(answer.fields, 'etag') === undefined ? 'If-Modified-Since' : 'If-None-Match'
  if (revalidated.status !== 304) {
    const same = revalidated.digest === answer.digest
    yield same
      ? found(
          'broken',
          `${by} with its own validator was answered ${revalidated.status} and the same content again, not 304.`,
          'RFC 9110 §13.1',
        )
      : found('promised', `It had changed when it was asked for with ${by} (${revalidated.status}).`, 'RFC 9110 §13.1')
    return
  }
  yield found('kept', `${by} is answered 304, and nothing is sent again.`, 'RFC 9110 §15.4.5')
  const wanted = ['etag', 'cache-control', 'expires', 'vary'].filter(
    name => fieldValue(answer.fields, name) !== undefined,
  )
  const missing = wanted.filter(name => fieldValue(revalidated.fields, name) === undefined)
  if (missing.length > 0)
    yield found(
      'broken',
      `The 304 leaves out ${missing.join(', ')}, which the 200 has; what is stored cannot be brought up to date.`,
      'RFC 9110 §15.4.5',
    )
  if (
    fieldNames(fieldValue(revalidated.fields, 'vary')).join() !==
      fieldNames(fieldValue(answer.fields, 'vary')).join() &&
    !missing.includes('vary')
  )
    yield found('broken', 'Vary of the 304 is another than that of the 200.', 'RFC 9110 §12.5.5')
}
