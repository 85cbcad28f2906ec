// A 200 whose validator is a digest of what it says (RFC 9110 §8.8.3.1): for what has no stored revision.
import { createHash } from 'node:crypto'
import { evaluatePreconditions, formatEntityTag, type Selected } from '@comity/http'
import type { Piece } from '../formats/format.ts'
import { bytesOf } from '../formats/pieces.ts'
import { type Answer, type AnswerFields, refuse } from './answer.ts'
import { isAcceptableCodingOf } from './coding/of-exchange.ts'
import { codingFor, fieldsIn } from './coding/settle.ts'
import { tagWithoutCoding } from './coding/tag.ts'
import type { Exchange } from './exchange.ts'
import { refusedAnswer } from './problem-answer.ts'
import { notModifiedAnswer } from './representation.ts'

/** `fields` are those of the 200, without ETag and Content-Length. Preconditions are kept. */
export function digestAnswer(x: Exchange, content: Piece, fields: AnswerFields): Answer {
  const body = bytesOf(content)
  const opaque = createHash('sha256').update(body).digest('base64url').slice(0, 22)
  const etag = { strength: 'strong', opaque } as const
  const whole = {
    ...fields,
    'accept-ranges': 'bytes',
    'content-length': String(body.length),
    etag: formatEntityTag(etag),
  }
  const coding = codingFor(x, { status: 200, fields: whole, body })
  const sent = fieldsIn(x, whole, coding)
  const selected: Selected = {
    kind: 'present',
    etag: { strength: 'strong', opaque: (sent.etag ?? '').slice(1, -1) },
    alsoCurrent: tag => tagWithoutCoding(tag).tag.opaque === opaque,
    alsoSelected: tag => isAcceptableCodingOf(x, tag, opaque),
  }
  const asked = { ifMatch: x.field('if-match'), ifNoneMatch: x.field('if-none-match') }
  const verdict = evaluatePreconditions(x.method, asked, selected, x.runtime.now())
  switch (verdict.kind) {
    case 'pass':
      return { status: 200, fields: whole, body }
    case 'not-modified':
      return notModifiedAnswer(
        'etag' in verdict && verdict.etag ? { ...sent, etag: formatEntityTag(verdict.etag) } : sent,
      )
    case 'failed':
      return refusedAnswer(
        x,
        refuse('precondition-failed', `${verdict.field} does not hold: the current ETag is "${opaque}".`),
      )
    case 'malformed':
      return refusedAnswer(x, refuse('invalid-precondition', `${verdict.field} is not a list of entity tags, nor *.`))
  }
}
