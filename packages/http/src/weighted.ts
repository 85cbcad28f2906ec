// RFC 9110 §12.4.2: lists whose members carry weights
import { endOfMember, endOfQuoted, endOfToken, isTokenCode, nextMember, skipSpace, unquote } from './field-syntax.ts'

/** A member of a weighted list: its value in lower case, its weight from 0 to 1, and its parameters besides `q`, if any. */
export type Weighted = {
  readonly value: string
  readonly q: number
  readonly params?: readonly (readonly [name: string, value: string])[]
}

const memberLimit = 100

/**
 * Reads a list whose members carry weights, such as Accept, in the order sent (RFC 9110 §12.4.2).
 * A member that is not well-formed, its weight included, is left out; `q=0` is kept as 0. Reads at most 100 members.
 */
export function parseWeighted(field: string): readonly Weighted[] {
  const members: Weighted[] = []
  let at = nextMember(field, 0)
  for (let read = 0; at < field.length && read < memberLimit; read++) {
    const start = at
    while (isTokenCode(field.charCodeAt(at)) || field.charCodeAt(at) === 47) at++
    const value = field.slice(start, at).toLowerCase()
    let q = -1
    let params: [string, string][] | undefined
    let wellFormed = value !== ''
    at = skipSpace(field, at)
    while (wellFormed && field.charCodeAt(at) === 59) {
      at = skipSpace(field, at + 1)
      const nameStart = at
      at = endOfToken(field, at)
      if (at === nameStart) continue // §5.6.6 allows the empty parameter
      const name = field.slice(nameStart, at).toLowerCase()
      const valueStart = at + 1
      const quoted = field.charCodeAt(valueStart) === 34
      const valueEnd = quoted ? endOfQuoted(field, valueStart) : endOfToken(field, valueStart)
      if (field.charCodeAt(at) !== 61 || valueEnd <= valueStart) wellFormed = false
      else if (name === 'q') {
        // §12.5.1: the weight counts wherever it stands among the parameters
        const weight = weightOf(field, valueStart, valueEnd)
        wellFormed = q === -1 && weight !== -1
        q = weight
      } else {
        params ??= []
        params.push([name, quoted ? unquote(field, valueStart, valueEnd) : field.slice(valueStart, valueEnd)])
      }
      if (wellFormed) at = skipSpace(field, valueEnd)
    }
    if (wellFormed && (at === field.length || field.charCodeAt(at) === 44)) {
      if (q === -1) q = 1
      members.push(params === undefined ? { value, q } : { value, q, params })
    } else at = endOfMember(field, at)
    at = nextMember(field, at)
  }
  return members
}

// §12.4.2: 0 or 1 with at most three decimals, none of them above 1; -1 for anything else.
// Against §12.4.2, because Java's HttpURLConnection sends it: `.2` is read as `0.2`.
function weightOf(field: string, start: number, end: number): number {
  const hasWhole = field.charCodeAt(start) !== 46
  const whole = hasWhole ? field.charCodeAt(start) - 48 : 0
  const dot = hasWhole ? start + 1 : start
  if ((whole !== 0 && whole !== 1) || end - dot > 4) return -1
  if (dot === end) return whole
  if (field.charCodeAt(dot) !== 46 || (!hasWhole && dot + 1 === end)) return -1
  let thousandths = 0
  for (let at = dot + 1, unit = 100; at < end; at++, unit /= 10) {
    const digit = field.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) return -1
    thousandths += digit * unit
  }
  return whole === 0 ? thousandths / 1000 : thousandths === 0 ? 1 : -1
}
