// Several values in one word: commas separate them. `\,` is a comma inside a value and `\\` a backslash; any other
// backslash stands for itself.

/** `a,b\,c` → `a` and `b,c`. Always at least one value. */
export function splitValues(text: string): readonly string[] {
  if (!text.includes('\\')) return text.split(',')
  const values: string[] = []
  let value = ''
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    const next = text[at + 1]
    if (character === '\\' && (next === ',' || next === '\\')) {
      value += next
      at++
    } else if (character === ',') {
      values.push(value)
      value = ''
    } else value += character
  }
  values.push(value)
  return values
}

/** The values as one word, such that `splitValues` gives them back. */
export const joinValues = (values: readonly string[]): string =>
  values.map(value => value.replace(/[\\,]/g, '\\$&')).join(',')
