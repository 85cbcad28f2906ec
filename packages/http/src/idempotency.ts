// draft-ietf-httpapi-idempotency-key-header-07: Idempotency-Key

/** What Idempotency-Key says; `detail` is a sentence for the developer who sent it. */
export type IdempotencyKey =
  | { readonly kind: 'absent' }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'invalid'; readonly detail: string }

/**
 * Reads Idempotency-Key (draft-07 §2.1). A key of 1 to `limit` (255) characters, as a quoted string
 * (RFC 9651 §3.3.3) or bare; both forms of the same characters are the same key.
 */
export function parseIdempotencyKey(field: string | undefined, limit = 255): IdempotencyKey {
  if (field === undefined) return { kind: 'absent' }
  const text = field.trim()
  const read = text.startsWith('"') ? readQuoted(text) : readBare(text)
  if (read.kind === 'invalid') return read
  if (read.key === '') return { kind: 'invalid', detail: 'The key is empty.' }
  if (read.key.length > limit) {
    return { kind: 'invalid', detail: `The key has ${read.key.length} characters; at most ${limit} are allowed.` }
  }
  return read
}

type Read = Exclude<IdempotencyKey, { kind: 'absent' }>

function readQuoted(text: string): Read {
  let key = ''
  let start = 1
  for (let at = 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 34) {
      key += text.slice(start, at)
      return at === text.length - 1 ? { kind: 'key', key } : afterKey(text.slice(at + 1))
    }
    if (code === 92) {
      const escaped = text.charCodeAt(at + 1)
      if (escaped !== 34 && escaped !== 92) {
        return { kind: 'invalid', detail: 'In a quoted key a backslash may only stand before a quote or a backslash.' }
      }
      key += text.slice(start, at)
      start = ++at
    } else if (code < 32 || code > 126) return { kind: 'invalid', detail: 'The key may hold printable ASCII only.' }
  }
  return { kind: 'invalid', detail: 'The closing quote of the key is missing.' }
}

function afterKey(rest: string): Read {
  const isList = rest.trimStart().startsWith(',')
  return {
    kind: 'invalid',
    detail: isList ? 'More than one key was sent; one is allowed.' : 'Something follows the closing quote of the key.',
  }
}

// Against draft-07 §2.1, because most clients send keys unquoted: any visible ASCII that cannot be confused with syntax.
function readBare(text: string): Read {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 44) return { kind: 'invalid', detail: 'More than one key was sent; one is allowed.' }
    if (code < 33 || code > 126 || code === 34 || code === 59 || code === 92) {
      return { kind: 'invalid', detail: `The character at position ${at + 1} may only stand in a quoted key.` }
    }
  }
  return { kind: 'key', key: text }
}

/** Writes Idempotency-Key as a quoted string. Throws TypeError for a key that is empty or not printable ASCII. */
export function formatIdempotencyKey(key: string): string {
  if (!/^[ -~]+$/.test(key)) throw new TypeError('An idempotency key must be printable ASCII and not empty.')
  return `"${key.replace(/["\\]/g, '\\$&')}"`
}
