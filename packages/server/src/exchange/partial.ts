// RFC 9110 §14: a part of a representation, or several, instead of the whole. Nothing is copied: parts of what is in memory
// are views of it, and parts of a source are read when they are sent.
import { randomBytes } from 'node:crypto'
import { type ByteRange, formatContentRange } from '@comity/http'
import { after, type Later } from '../store/store.ts'
import { announced } from '../versions/announce.ts'
import { type Answer, type Body, lengthOf, type Source } from './answer.ts'
import { settled } from './coding/settle.ts'
import { decide } from './decide.ts'
import type { Exchange } from './exchange.ts'
import { gatesOfTheRepresentation } from './gates.ts'
import { respondStop } from './respond.ts'

/** Of the 200 to a GET what Range asks for: 206, 416, or the whole. */
export function partial(x: Exchange, answer: Answer): Later<Answer> {
  if (answer.status !== 200 || !(x.method === 'GET' || x.method === 'HEAD') || x.refused !== undefined) return answer
  const whole = advertised(answer)
  if (x.fields.range === undefined && x.trace === undefined) return whole
  x.built = whole
  return after(decide(gatesOfTheRepresentation, x), stop => {
    // It takes the place of what had its version and its coding told already.
    if (stop) return after(respondStop(x, stop), refused => settled(x, announced(x, refused)))
    return x.ranges === undefined ? whole : partsOf(whole, x.ranges)
  })
}

/** §14.3: Accept-Ranges says whether parts can be had; what is kept says so already. */
function advertised(answer: Answer): Answer {
  const { body, fields } = answer
  // The 200 to a HEAD may come without a body; its length tells.
  const known = body === undefined ? fields['content-length'] !== undefined : lengthOf(body) !== undefined
  const accepted = known ? 'bytes' : 'none'
  return fields['accept-ranges'] === accepted ? answer : { ...answer, fields: { ...fields, 'accept-ranges': accepted } }
}

/** §15.3.7. What was several ranges and has become one is a single part. */
function partsOf({ fields, body }: Answer, ranges: readonly ByteRange[]): Answer {
  const source = sourceOf(body)
  const [range] = ranges
  if (range === undefined) throw new TypeError('no range to send')
  if (ranges.length > 1) return several(fields, source, ranges)
  return {
    status: 206,
    fields: {
      ...fields,
      'content-length': String(range.last - range.first + 1),
      'content-range': formatContentRange(range, source.size),
    },
    body: body instanceof Uint8Array ? body.subarray(range.first, range.last + 1) : partOf(source, range),
  }
}

/** §14.6: multipart/byteranges, its length reckoned beforehand. */
function several(fields: Answer['fields'], source: Source, ranges: readonly ByteRange[]): Answer {
  // Who could choose the content cannot know the boundary.
  const boundary = randomBytes(24).toString('hex')
  const { 'content-type': type, 'content-encoding': coding, ...rest } = fields
  // The coding is that of the parts: as a field of the whole it would say that the multipart itself is coded.
  const about = `${type ? `Content-Type: ${type}\r\n` : ''}${coding ? `Content-Encoding: ${coding}\r\n` : ''}`
  const heads = ranges.map((range, index) =>
    Buffer.from(
      `${index === 0 ? '' : '\r\n'}--${boundary}\r\n${about}Content-Range: ${formatContentRange(range, source.size)}\r\n\r\n`,
      'latin1',
    ),
  )
  const end = Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1')
  let length = end.length
  for (const [index, { first, last }] of ranges.entries()) length += (heads[index] as Buffer).length + last - first + 1
  async function* written(): AsyncGenerator<Uint8Array, undefined> {
    for (const [index, range] of ranges.entries()) {
      yield heads[index] as Buffer
      yield* source.read(range)
    }
    yield end
    return undefined
  }
  return {
    status: 206,
    fields: {
      ...rest,
      'content-type': `multipart/byteranges; boundary=${boundary}`,
      'content-length': String(length),
    },
    body: written(),
  }
}

/** Bytes in memory, as a source of parts of them. */
function sourceOf(body: Body): Source {
  if (typeof body === 'string') return sourceOf(Buffer.from(body))
  if (body instanceof Uint8Array)
    return {
      kind: 'source',
      size: body.length,
      async *read({ first, last }) {
        yield body.subarray(first, last + 1)
      },
    }
  if (body !== undefined && 'kind' in body) return body
  throw new TypeError('a stream has no parts')
}

/** A part of a source is one as well. */
const partOf = (source: Source, { first, last }: ByteRange): Source => ({
  kind: 'source',
  size: last - first + 1,
  read: range => source.read({ first: first + range.first, last: first + range.last }),
})
