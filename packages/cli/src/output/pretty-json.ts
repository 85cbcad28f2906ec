// JSON for people, from its text: what was written stays as it was written, numbers of any length too.
import type { Paint } from './colour.ts'

const token = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g

/**
 * The text, a member a line, two spaces deeper at each level. It has to be JSON: only its white space is changed, and
 * its parts are painted.
 */
export function prettyJson(text: string, paint: Paint): string {
  const out: string[] = []
  let depth = 0
  let before = ''
  const line = () => out.push('\n', '  '.repeat(depth))
  const tokens = text.match(token) ?? []
  for (const [at, each] of tokens.entries()) {
    const isOpening = before === '{' || before === '['
    if (each === '}' || each === ']') {
      depth--
      if (!isOpening) line()
      out.push(each)
    } else if (each === ',' || each === ':') {
      out.push(each)
    } else {
      if (isOpening || before === ',') line()
      else if (before === ':') out.push(' ')
      if (each === '{' || each === '[') {
        depth++
        out.push(each)
      } else out.push(painted(each, tokens[at + 1] === ':', paint))
    }
    before = each
  }
  return out.join('')
}

function painted(each: string, isName: boolean, paint: Paint): string {
  if (isName) return paint.name(each)
  if (each.startsWith('"')) return paint.text(each)
  return /^[-\d]/.test(each) ? paint.number(each) : paint.word(each)
}
