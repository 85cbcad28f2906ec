// RFC 9110 §14: one part of an example.
import { parseRange } from '@comity/http'
import { type Answer, type Refused, refuse } from '../../exchange/answer.ts'

/** The part that Range asks for, else the whole, which says that there could be parts. */
export function partOf(answer: Answer, range: string | undefined): Answer | Refused {
  const { body, fields, status } = answer
  if (!(body instanceof Uint8Array) || status !== 200) return answer
  const whole = { ...answer, fields: { ...fields, 'accept-ranges': 'bytes' } }
  const asked = parseRange(range, body.length)
  if (asked.kind === 'unsatisfiable')
    return refuse('range-not-satisfiable', `The representation has ${body.length} bytes.`, {
      fields: { 'content-range': asked.contentRange },
    })
  const [one, ...more] = asked.kind === 'ranges' ? asked.ranges : []
  // RFC 9110 §14.2: a server may ignore what it does not care to do; several parts of an example are of no use.
  if (one === undefined || more.length > 0) return whole
  const part = body.subarray(one.first, one.last + 1)
  const told = {
    'content-range': `bytes ${one.first}-${one.last}/${body.length}`,
    'content-length': String(part.length),
  }
  return { status: 206, fields: { ...whole.fields, ...told }, body: part }
}
