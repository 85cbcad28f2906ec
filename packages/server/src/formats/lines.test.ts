import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linesOf } from './lines.ts'

const most = 10
const short = 'x'.repeat(most)
const long = 'x'.repeat(most + 1)

const rows: readonly (readonly [name: string, pieces: readonly string[], tooLong: number | undefined])[] = [
  ['lines as long as they may be', [`${short}\n${short}\n`], undefined],
  ['a last line without an end', [`${short}\n${short}`], undefined],
  ['a longer line whose end is in the same piece', [`${long}\n`], 1],
  ['a longer line between others of its piece', [`${short}\n\n${long}\n${short}\n`], 3],
  ['a longer line in two pieces', [`${short}\n${short}`, 'x\n'], 2],
  ['a longer line that does not end', [`${short}\n`, short, 'x'], 2],
]

for (const [name, pieces, tooLong] of rows)
  test(`lines of at most ${most} bytes: ${name}`, async () => {
    const source = async function* () {
      for (const piece of pieces) yield Buffer.from(piece)
    }
    let [found, read]: [number | undefined, string] = [undefined, '']
    for await (const lines of linesOf(source(), most))
      if (lines.kind === 'too-long') found = lines.line
      else read += Buffer.from(lines.bytes).toString()
    assert.equal(found, tooLong)
    if (tooLong === undefined) assert.equal(read, pieces.join(''))
  })
