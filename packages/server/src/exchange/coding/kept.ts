// Representations are kept in each coding they were asked for, so that none is compressed twice.
import { formatEntityTag } from '@comity/http'
import { after, type Later } from '../../store/store.ts'
import type { Exchange } from '../exchange.ts'
import { remember } from '../keeping.ts'
import { type Kept, notModifiedAnswer } from '../representation.ts'
import { codingOf } from './of-exchange.ts'
import { codingFor, fieldsIn, inCoding } from './settle.ts'
import { etagIn } from './tag.ts'

/** A representation in the coding that the request chooses, made from the one in none; both are kept. */
export function codedFrom(
  x: Exchange,
  plain: Kept,
  wanted: 'whole' | 'not-modified',
): Later<Pick<Kept, 'answer' | 'notModified'>> {
  const coding = codingFor(x, plain.answer)
  const identity = remember(x, inIdentity(x, plain), 'none')
  if (coding === 'identity') return codingOf(x).variant === 0 ? identity : remember(x, identity)
  const notModified = notModifiedAnswer(fieldsIn(x, plain.answer.fields, coding))
  if (wanted === 'not-modified') return { answer: identity.answer, notModified }
  const opaque = etagIn(formatEntityTag(plain.etag), coding).slice(1, -1)
  return after(inCoding(x, plain.answer, coding), answer =>
    remember(x, { ...plain, etag: { strength: 'strong', opaque }, answer, notModified }),
  )
}

function inIdentity(x: Exchange, kept: Kept): Kept {
  if (kept.answer.coding !== undefined) return kept
  const fields = fieldsIn(x, kept.answer.fields, 'identity')
  return { ...kept, answer: { ...kept.answer, fields, coding: 'identity' }, notModified: notModifiedAnswer(fields) }
}
