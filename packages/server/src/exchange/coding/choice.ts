// RFC 9110 §12.5.3: which content codings a request lets the answer be in, and which of them suits it best.
import { type ContentCoding, compressingCodings, negotiateEncoding } from '@comity/http'

/** What an Accept-Encoding comes to, for one list of offers. */
export type CodingChoice = {
  /** The one that suits best; undefined where none may be sent, `identity` among them. */
  readonly best: ContentCoding | undefined
  readonly acceptable: readonly ContentCoding[]
  /** Tells kept representations apart: what is sent depends on `best`, and on whether `identity` may take its place. */
  readonly variant: number
  /** The same for an answer that had better be `identity`. */
  readonly plain: CodingChoice
}

/** Numbers that `variant` may be. */
export const codingVariants = 1 + 2 * compressingCodings.length

/** Chooses among the offers, in the server's order, and `identity`. Choices are remembered, for a bounded number. */
export function codingChooser(offers: readonly ContentCoding[]): (field: string | undefined) => CodingChoice {
  const all: readonly ContentCoding[] = [...offers, 'identity']
  const remembered = new Map<string, CodingChoice>()
  const absent = choiceOf(undefined, all)
  return field => {
    if (field === undefined) return absent
    const known = remembered.get(field)
    if (known !== undefined) return known
    const choice = choiceOf(field, all)
    if (remembered.size >= 1_000) remembered.clear()
    if (field.length <= 500) remembered.set(field, choice)
    return choice
  }
}

function choiceOf(field: string | undefined, offers: readonly ContentCoding[]): CodingChoice {
  const best = offers[negotiateEncoding(field, offers)]
  const acceptable = offers.filter(offer => negotiateEncoding(field, [offer]) === 0)
  return choiceFor(best, acceptable)
}

/** The choice of one of the codings that are acceptable. */
export function choiceFor(best: ContentCoding | undefined, acceptable: readonly ContentCoding[]): CodingChoice {
  const mayBePlain = acceptable.includes('identity')
  const index = (compressingCodings as readonly (ContentCoding | undefined)[]).indexOf(best) + 1
  const variant = index === 0 || mayBePlain ? index : index + compressingCodings.length
  const choice = { best, acceptable, variant }
  if (best === 'identity' || !mayBePlain) return Object.assign(choice, { plain: choice as CodingChoice })
  return { ...choice, plain: choiceFor('identity', acceptable) }
}
