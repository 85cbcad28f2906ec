// The lines of a file, as bytes: a line ends with LF and nothing else, whatever text it holds.
import { createReadStream } from 'node:fs'

export type Line = {
  readonly text: string
  /** Bytes of the file, its end not counted. */
  readonly from: number
  readonly to: number
  /** A last line may have none. */
  readonly end: 'line-feed' | 'none'
}

/** @param longest bytes of a line. @throws RangeError where one is longer */
export async function* linesOf(
  path: string,
  longest = Number.POSITIVE_INFINITY,
): AsyncGenerator<Line, void, undefined> {
  let parts: Buffer[] = []
  let size = 0
  let from = 0
  const line = (end: Line['end']): Line => {
    const text = (parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)).toString()
    return { text, from, to: from + size, end }
  }
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
    let start = 0
    for (let at = piece.indexOf(10); at !== -1; at = piece.indexOf(10, start)) {
      parts.push(piece.subarray(start, at))
      size += at - start
      if (size > longest) throw new RangeError(`a line is longer than ${longest} bytes`)
      yield line('line-feed')
      from += size + 1
      parts = []
      size = 0
      start = at + 1
    }
    parts.push(piece.subarray(start))
    size += piece.length - start
    if (size > longest) throw new RangeError(`a line is longer than ${longest} bytes`)
  }
  if (size > 0) yield line('none')
}
