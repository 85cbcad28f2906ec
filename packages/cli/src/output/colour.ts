// Colour where a person looks: on a terminal, unless told otherwise (NO_COLOR, FORCE_COLOR, TERM=dumb).
import type { Io, Sink } from '../terminal/io.ts'

export type Paint = {
  readonly name: (text: string) => string
  readonly text: (text: string) => string
  readonly number: (text: string) => string
  readonly word: (text: string) => string
  readonly faint: (text: string) => string
  readonly strong: (text: string) => string
  readonly good: (text: string) => string
  readonly notice: (text: string) => string
  readonly bad: (text: string) => string
}

const sgr = (codes: string) => (text: string) => `\u001b[${codes}m${text}\u001b[0m`
const plainly = (text: string): string => text

export const coloured: Paint = {
  name: sgr('34'),
  text: sgr('32'),
  number: sgr('36'),
  word: sgr('35'),
  faint: sgr('2'),
  strong: sgr('1'),
  good: sgr('1;32'),
  notice: sgr('1;33'),
  bad: sgr('1;31'),
}

export const plain: Paint = {
  name: plainly,
  text: plainly,
  number: plainly,
  word: plainly,
  faint: plainly,
  strong: plainly,
  good: plainly,
  notice: plainly,
  bad: plainly,
}

/** How to paint on `sink`. See https://no-color.org and https://force-color.org: what is set and not empty counts. */
export function paintFor({ env }: Pick<Io, 'env'>, sink: Sink): Paint {
  if ((env.NO_COLOR ?? '') !== '') return plain
  const force = env.FORCE_COLOR ?? ''
  if (force !== '') return force === '0' || force === 'false' ? plain : coloured
  return sink.isTTY === true && env.TERM !== 'dumb' ? coloured : plain
}

/** The paint for a status: good, notice for 3xx, bad. */
export function paintOfStatus(paint: Paint, status: number): (text: string) => string {
  return status >= 400 ? paint.bad : status >= 300 ? paint.notice : paint.good
}
