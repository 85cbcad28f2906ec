// RFC 6901: JSON Pointer

/** The reference tokens of a pointer, unescaped; undefined where it is not one (§3). `''` is the whole document. */
export function parsePointer(pointer: string): readonly string[] | undefined {
  if (pointer === '') return []
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return undefined
  // §4: ~1 before ~0, so that ~01 becomes ~1
  return pointer
    .slice(1)
    .split('/')
    .map(token => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The pointer of tokens. */
export function formatPointer(tokens: readonly (string | number)[]): string {
  return tokens.map(token => `/${String(token).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** The index a token names in an array of that length, the length itself for `-`; undefined for any other token. §4 */
export function indexOf(token: string, length: number): number | undefined {
  if (token === '-') return length
  return /^(0|[1-9][0-9]*)$/.test(token) && Number(token) <= length ? Number(token) : undefined
}
