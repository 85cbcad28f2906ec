// RFC 9110 §8, §12: what the content is, and which of its forms was chosen.
import { fieldNames, fieldValue, parseMediaType } from '@comity/http'
import type { About, Finding, Observed } from './finding.ts'

const about =
  (what: About) =>
  (kind: Finding['kind'], text: string, section: string): Finding => ({ kind, about: what, text, section })
const content = about('content')
const negotiation = about('negotiation')

export function* lookAtContent({ answer, head, method }: Observed): Generator<Finding> {
  const { fields, size, status } = answer
  const type = fieldValue(fields, 'content-type')
  const parsed = type === undefined ? undefined : parseMediaType(type)
  if (size > 0 && type === undefined)
    yield content('broken', 'There is content without a Content-Type; each client guesses another.', 'RFC 9110 §8.3')
  else if (type !== undefined && parsed === undefined)
    yield content('broken', `Content-Type is no media type: ${type}.`, 'RFC 9110 §8.3.1')
  if (parsed?.type === 'text' && parsed.parameters.charset === undefined)
    yield content('missing', `${type} does not say its charset.`, 'RFC 9110 §8.3.2')
  if (size > 0 && fieldValue(fields, 'x-content-type-options') === undefined)
    yield content(
      'missing',
      'X-Content-Type-Options: nosniff would keep browsers from taking it for something else.',
      'Fetch §3.6',
    )
  const length = fieldValue(fields, 'content-length')
  if (length !== undefined && method !== 'HEAD' && Number(length) !== size && status !== 304)
    yield content('broken', `Content-Length is ${length}, and ${size} bytes came.`, 'RFC 9110 §8.6')
  if ((status === 204 || status === 304) && size > 0)
    yield content('broken', `${status} has content.`, 'RFC 9110 §15.3.5')
  if (head !== undefined) yield* lookAtHead(answer, head)
}

/** Fields that a HEAD has to say as the GET does, if it says them. */
const same = ['content-type', 'etag', 'last-modified', 'cache-control', 'vary', 'content-length']

function* lookAtHead(answer: Observed['answer'], head: Observed['answer']): Generator<Finding> {
  if (head.size > 0) yield content('broken', 'HEAD is answered with content.', 'RFC 9110 §9.3.2')
  if (head.status !== answer.status) {
    yield content('broken', `HEAD is answered ${head.status}, and GET ${answer.status}.`, 'RFC 9110 §9.3.2')
    return
  }
  const differ = same.filter(name => {
    const said = fieldValue(head.fields, name)
    const meant = fieldValue(answer.fields, name)
    return said !== undefined && meant !== undefined && said !== meant
  })
  yield differ.length > 0
    ? content('broken', `HEAD says another ${differ.join(', ')} than GET.`, 'RFC 9110 §9.3.2')
    : content('kept', 'HEAD says what GET would.', 'RFC 9110 §9.3.2')
}

export function* lookAtNegotiation({ answer, unacceptable, coded }: Observed): Generator<Finding> {
  const vary = fieldNames(fieldValue(answer.fields, 'vary'))
  const covers = (name: string) => vary.includes(name) || vary.includes('*')
  if (unacceptable !== undefined) {
    const type = (each: Observed['answer']) => fieldValue(each.fields, 'content-type')
    if (unacceptable.status === 406) yield negotiation('kept', 'What nobody can make is 406.', 'RFC 9110 §15.5.7')
    else if (unacceptable.status < 300 && type(unacceptable) === type(answer))
      yield negotiation(
        'missing',
        'Accept is not looked at: application/x-nothing got the same content. RFC 9110 allows that.',
        'RFC 9110 §12.5.1',
      )
    if (type(unacceptable) !== type(answer) && unacceptable.status < 300 && !covers('accept'))
      yield negotiation(
        'broken',
        'Accept changes the content, and Vary does not say so: caches give one client what another asked for.',
        'RFC 9110 §12.5.5',
      )
    else if (unacceptable.status === 406 && !covers('accept'))
      yield negotiation('missing', 'Accept decides, and Vary of the 200 does not say so.', 'RFC 9110 §12.5.5')
  }
  const coding = fieldValue(coded?.fields ?? {}, 'content-encoding')
  if (coded === undefined || coded.status !== 200) return
  if (coding !== undefined) {
    yield negotiation(
      'kept',
      `It comes in ${coding} for who takes that: ${coded.size} bytes instead of ${answer.size}.`,
      'RFC 9110 §8.4',
    )
    const codedVary = fieldNames(fieldValue(coded.fields, 'vary'))
    if (!codedVary.includes('accept-encoding') && !codedVary.includes('*'))
      yield negotiation(
        'broken',
        'It is coded for who takes it, and Vary does not say Accept-Encoding: caches give it to who cannot read it.',
        'RFC 9110 §12.5.5',
      )
  } else if (
    answer.size > 1_400 &&
    /json|xml|text|javascript|csv|svg/.test(fieldValue(answer.fields, 'content-type') ?? '')
  )
    yield negotiation('missing', `${answer.size} bytes of text are not compressed for who takes gzip.`, 'RFC 9110 §8.4')
}
