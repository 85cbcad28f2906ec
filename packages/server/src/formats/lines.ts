// Content in pieces as whole lines: what is cut between two pieces is put together again.

/** Some whole lines and the number of the first, from 1; the last line of all may lack its end. */
export type Lines =
  | { readonly kind: 'lines'; readonly bytes: Uint8Array; readonly line: number }
  | { readonly kind: 'too-long'; readonly line: number }

const LF = 0x0a

/** Ends with `too-long` at a line of more than `most` bytes. A byte order mark at the start is left out. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Lines, undefined> {
  let kept: Uint8Array[] = [] // the start of a line whose end has not come yet
  let size = 0
  let line = 1
  let isFirst = true
  for await (const piece of pieces) {
    const end = piece.lastIndexOf(LF) + 1
    if (end === 0) kept.push(piece)
    else {
      const bytes = withoutMark(
        kept.length === 0 ? piece.subarray(0, end) : joined(kept, piece.subarray(0, end)),
        isFirst,
      )
      isFirst = false
      const long = longLine(bytes, most)
      if (long !== undefined) {
        yield { kind: 'too-long', line: line + long }
        return
      }
      yield { kind: 'lines', bytes, line }
      line += count(bytes)
      kept = end < piece.length ? [piece.subarray(end)] : []
      size = 0
    }
    size += piece.length - end
    if (size > most) {
      yield { kind: 'too-long', line }
      return
    }
  }
  const rest = withoutMark(joined(kept), isFirst)
  if (rest.length > 0) yield { kind: 'lines', bytes: rest, line }
}

const joined = (kept: readonly Uint8Array[], ...more: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat([...kept, ...more])

function withoutMark(bytes: Uint8Array, isFirst: boolean): Uint8Array {
  return isFirst && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}

function count(bytes: Uint8Array): number {
  let lines = 0
  for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) lines++
  return lines
}

/** The first line of more than `most` bytes, counted from 0. */
function longLine(bytes: Uint8Array, most: number): number | undefined {
  if (bytes.length <= most) return
  let [start, nth] = [0, 0]
  for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, start)) {
    if (end - start > most) return nth
    start = end + 1
    nth++
  }
  return
}

/** The start of the line that is `lines` below the first. */
export function startOfLine(bytes: Uint8Array, lines: number): number {
  let at = 0
  for (let skipped = 0; skipped < lines; skipped++) at = bytes.indexOf(LF, at) + 1
  return at
}
