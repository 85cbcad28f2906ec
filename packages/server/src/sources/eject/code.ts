// TypeScript as a tree, laid out in lines that are not too long.

/** A piece of text, or a group that stands in one line where it fits, and else in one line for each of its parts. */
export type Code = string | { readonly open: string; readonly parts: readonly Code[]; readonly close: string }

const longest = 120

export const group = (open: string, parts: readonly Code[], close: string): Code => ({ open, parts, close })

/** `{ one, two }` */
export const members = (parts: readonly Code[]): Code => group('{', parts, '}')

/** `name({ … })`, or `name()` where there is nothing to say. */
export const call = (name: string, ...given: readonly Code[]): Code => group(`${name}(`, given, ')')

/** `name: value` */
export function member(name: string, value: Code): Code {
  const key = /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : quoted(name)
  return typeof value === 'string' ? `${key}: ${value}` : { ...value, open: `${key}: ${value.open}` }
}

export const quoted = (text: string): string =>
  text.includes("'") && !text.includes('"')
    ? JSON.stringify(text)
    : `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`

/** A JSON value. */
export function literal(value: unknown): Code {
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return group('[', value.map(literal), ']')
  if (typeof value !== 'object' || value === null) return String(value)
  return members(Object.entries(value).map(([name, of]) => member(name, literal(of))))
}

const inline = (code: Code): string => {
  if (typeof code === 'string') return code
  const parts = code.parts.map(inline).join(', ')
  const space = code.open.endsWith('{') && parts !== '' ? ' ' : ''
  return `${code.open}${space}${parts}${space}${code.close}`
}

/** Lines of at most 120 characters, as far as their parts allow. `used`: characters that follow in the last line. */
export function layOut(code: Code, indent = '', used = 0): string {
  const line = inline(code)
  if (typeof code === 'string' || (indent.length + line.length + used <= longest && !line.includes('\n'))) return line
  // The last part of a call hugs it: `name({` stays one line.
  const [only, ...more] = code.parts
  if (code.open.endsWith('(') && typeof only === 'object' && more.length === 0) {
    const hugged = { ...only, open: code.open + only.open, close: only.close + code.close }
    return layOut(hugged, indent, used)
  }
  const inner = `${indent}  `
  const parts = code.parts.map(part => `${inner}${layOut(part, inner, 1)},\n`)
  return `${code.open}\n${parts.join('')}${indent}${code.close}`
}
