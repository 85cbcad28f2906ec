// RFC 9110 §14: whether parts of it can be asked for, so that what broke off can be gone on with.
import { fieldValue, parseContentRange } from '@comity/http'
import type { Finding, Observed } from './finding.ts'

const found = (kind: Finding['kind'], text: string, section: string): Finding => ({
  kind,
  about: 'ranges',
  text,
  section,
})

export function* lookAtRanges({ method, answer, part, beyond }: Observed): Generator<Finding> {
  if (method !== 'GET' || answer.status !== 200) return
  const says = fieldValue(answer.fields, 'accept-ranges')?.toLowerCase()
  if (part === undefined) return
  if (part.status === 206) yield* lookAtPart(answer, part)
  else if (says === 'bytes')
    yield found('broken', `Accept-Ranges is bytes, and Range: bytes=0-0 was answered ${part.status}.`, 'RFC 9110 §14.3')
  else
    yield found(
      'missing',
      'Range is not understood: a download that breaks off has to be begun anew.',
      'RFC 9110 §14.2',
    )
  if (part.status === 206 && says === undefined)
    yield found('missing', 'Ranges are answered, and Accept-Ranges does not say so.', 'RFC 9110 §14.3')
  if (part.status !== 206 || beyond === undefined) return
  const told = parseContentRange(fieldValue(beyond.fields, 'content-range') ?? '')
  if (beyond.status === 416 && told?.kind === 'unsatisfied')
    yield found('kept', 'A range beyond the end is 416, with the length.', 'RFC 9110 §15.5.17')
  else if (beyond.status === 416)
    yield found('broken', '416 does not say in Content-Range how long the content is.', 'RFC 9110 §15.5.17')
  else yield found('broken', `A range beyond the end was answered ${beyond.status}, not 416.`, 'RFC 9110 §14.2')
}

function* lookAtPart(answer: Observed['answer'], part: Observed['answer']): Generator<Finding> {
  const field = fieldValue(part.fields, 'content-range') ?? ''
  const told = parseContentRange(field)
  if (told?.kind !== 'range')
    yield found('broken', `206 has no usable Content-Range${field === '' ? '' : ` (${field})`}.`, 'RFC 9110 §15.3.7.1')
  else if (told.range.first !== 0 || told.range.last !== 0 || part.size !== 1)
    yield found(
      'broken',
      `Asked for one byte, it sent ${part.size} under Content-Range: ${field}.`,
      'RFC 9110 §15.3.7.1',
    )
  else if (told.length !== '*' && told.length !== answer.size)
    yield found(
      'broken',
      `Content-Range says ${told.length} bytes, and the whole has ${answer.size}.`,
      'RFC 9110 §14.4',
    )
  else
    yield found('kept', 'Parts can be asked for; a download that breaks off can be gone on with.', 'RFC 9110 §15.3.7')
  if (fieldValue(part.fields, 'etag') !== fieldValue(answer.fields, 'etag'))
    yield found(
      'broken',
      'The ETag of a part is another than that of the whole: If-Range cannot tell whether they belong together.',
      'RFC 9110 §15.3.7',
    )
}
