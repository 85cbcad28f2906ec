// RFC 3629: UTF-8, and nothing else, in content that says it is text

/** A place in text for people: lines and columns count from 1, columns in characters. */
export type Place = { readonly line: number; readonly column: number }

/** Well-formed text, a byte order mark at its start left out, or the place of the first byte that is not UTF-8. */
export type Decoded =
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly kind: 'malformed'; readonly detail: string } & Place)

const strict = new TextDecoder('utf-8', { fatal: true })

/**
 * Decodes bytes as UTF-8, refusing what is not: overlong forms, surrogates, cut sequences. A byte order mark is
 * skipped, as RFC 8259 §8.1, RFC 3629 §6 and XML 1.0 §4.3.3 allow. Never throws.
 */
export function decodeUtf8(content: Uint8Array): Decoded {
  const text = decode(content, 'whole')
  if (text !== undefined) return { kind: 'text', text }
  const before = decode(content.subarray(0, wellFormedLength(content)), 'part') ?? ''
  return { kind: 'malformed', detail: 'The content is not UTF-8.', ...placeAt(before, before.length) }
}

/** The place of a position (in UTF-16 code units) within text. CRLF, LF and CR each end one line. */
export function placeAt(text: string, position: number): Place {
  const lines = text.slice(0, position).split(/\r\n|\n|\r/)
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 }
}

function decode(content: Uint8Array, extent: 'whole' | 'part'): string | undefined {
  try {
    if (extent === 'whole') return strict.decode(content)
    // A decoder that streams takes a sequence cut at the end for one still to come.
    return new TextDecoder('utf-8', { fatal: true }).decode(content, { stream: true })
  } catch {
    return undefined
  }
}

/** The length of the longest start that can be decoded: found by halving, since the decoder does not tell. */
function wellFormedLength(content: Uint8Array): number {
  let good = 0
  let bad = content.length + 1
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1
    if (decode(content.subarray(0, middle), 'part') === undefined) bad = middle
    else good = middle
  }
  return good
}
