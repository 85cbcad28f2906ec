// RFC 9110 §8.4: an answer in the content coding that its client gets it in, with the fields that follow from it.
import { Readable } from 'node:stream'
import { type ContentCoding, isCompressible } from '@comity/http'
import type { Compressing } from '../../define/compression.ts'
import { after, type Later } from '../../store/store.ts'
import type { Answer, AnswerFields, Source } from '../answer.ts'
import type { Exchange } from '../exchange.ts'
import { compressed, compressor } from './compress.ts'
import { codingOf, mayBeCoded } from './of-exchange.ts'
import { compressedPieces } from './stream.ts'
import { etagIn } from './tag.ts'

/** The answer with its coding chosen. Pure but for reading what is sent. */
export function settled(x: Exchange, answer: Answer): Later<Answer> {
  return answer.coding === undefined ? inCoding(x, answer, codingFor(x, answer)) : answer
}

/** Which coding an answer is sent in: the client's choice, or `identity` where compressing would gain nothing. */
export function codingFor(x: Exchange, { status, fields, body }: Answer): ContentCoding {
  const { best = 'identity', acceptable } = codingOf(x)
  if (best === 'identity' || !hasContent(status, fields) || !mayBeTransformed(x, fields)) return 'identity'
  if (!acceptable.includes('identity')) return best
  const size = sizeOf(fields, body)
  const gains = size === undefined || size >= x.runtime.model.compression.threshold
  return gains && isCompressible(fields['content-type'] ?? '') ? best : 'identity'
}

const hasContent = (status: number, fields: AnswerFields): boolean =>
  status >= 200 && status !== 204 && status !== 304 && fields['content-type'] !== undefined

/** §5.2.2.6 of RFC 9111; what has a coding or is a part already is left as it is. */
function mayBeTransformed(x: Exchange, fields: AnswerFields): boolean {
  // The `bytes */9` of a 416 is about another content than its own.
  const isPart = fields['content-range']?.includes('*/') === false
  const isWhole = fields['content-encoding'] === undefined && !isPart
  return mayBeCoded(x) && isWhole && !fields['cache-control']?.includes('no-transform')
}

/** Undefined where it is not known before all of it was sent. */
function sizeOf(fields: AnswerFields, body: Answer['body']): number | undefined {
  if (typeof body === 'string') return Buffer.byteLength(body)
  if (body instanceof Uint8Array) return body.length
  const length = fields['content-length']
  return length === undefined ? undefined : Number(length)
}

/** The fields of an answer in a coding; `identity` may have been chosen too. */
export function fieldsIn(x: Exchange, fields: AnswerFields, coding: ContentCoding): AnswerFields {
  const type = fields['content-type'] ?? ''
  const varies = coding !== 'identity' || (mayBeTransformed(x, fields) && isCompressible(type))
  if (!varies) return fields
  const vary = withAcceptEncoding(fields.vary)
  if (coding === 'identity') return { ...fields, vary }
  const { 'content-length': _, etag, ...others } = fields
  return { ...others, 'content-encoding': coding, vary, ...(etag && { etag: etagIn(etag, coding) }) }
}

function withAcceptEncoding(vary: string | undefined): string {
  if (vary === undefined || vary === '') return 'accept-encoding'
  return vary === '*' || /(?:^|[, ])accept-encoding(?:$|[, ])/i.test(vary) ? vary : `${vary}, accept-encoding`
}

/** The answer in this coding. */
export function inCoding(x: Exchange, answer: Answer, coding: ContentCoding): Later<Answer> {
  const { status, body } = answer
  if (!hasContent(status, answer.fields)) return { ...answer, coding: 'identity' }
  const fields = fieldsIn(x, answer.fields, coding)
  if (coding === 'identity') return { status, fields, body, coding }
  if (body === undefined) return { status, fields, body, coding }
  const { compression } = x.runtime.model
  if (typeof body === 'string' || body instanceof Uint8Array)
    return after(codedBytes(x, typeof body === 'string' ? Buffer.from(body) : body, coding), bytes => ({
      status,
      fields: { ...fields, 'content-length': String(bytes.length) },
      body: bytes,
      coding,
    }))
  if (x.method === 'HEAD') return { status, fields, body: undefined, coding }
  const pieces = 'kind' in body ? whole(body) : body
  return { status, fields, body: compressedPieces(pieces, compressor(coding, compression)), coding }
}

/** A source without bytes has no first one to be read from. */
const whole = ({ size, read }: Source): AsyncIterable<Uint8Array> =>
  size > 0 ? read({ first: 0, last: size - 1 }) : Readable.from([])

/** What was compressed, for as long as what it was made from is kept. Many may ask for it before it is there. */
const made = new WeakMap<Uint8Array, Map<string, Later<Uint8Array>>>()

function codedBytes(x: Exchange, bytes: Uint8Array, coding: Compressing): Later<Uint8Array> {
  const known = made.get(bytes) ?? new Map<string, Later<Uint8Array>>()
  const { compression } = x.runtime.model
  const name = `${coding}${compression.levels[coding]}`
  const before = known.get(name)
  if (before !== undefined) return before
  const coded = compressed(bytes, coding, compression)
  known.set(name, coded)
  made.set(bytes, known)
  if (coded instanceof Promise)
    coded.then(
      done => known.set(name, done),
      () => known.delete(name),
    )
  return coded
}
