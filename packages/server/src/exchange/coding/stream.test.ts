import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import zlib from 'node:zlib'
import { compressionOf } from '../../model/compression.ts'
import { compressor } from './compress.ts'
import { compressedPieces } from './stream.ts'

const decompressors = {
  gzip: () => zlib.createGunzip(),
  deflate: () => zlib.createInflate(),
  br: () => zlib.createBrotliDecompress(),
  zstd: () => zlib.createZstdDecompress(),
}

/** Pieces that tell how many of them were taken, and whether they were given back. */
function source(pieces: number, make: (n: number) => string | Uint8Array | Promise<string>) {
  const seen = { taken: 0, returned: false }
  const iterator: AsyncIterator<string | Uint8Array> = {
    async next() {
      if (seen.taken === pieces) return { done: true, value: undefined }
      return { done: false, value: await make(seen.taken++) }
    },
    async return() {
      seen.returned = true
      return { done: true, value: undefined }
    },
  }
  return { seen, pieces: { [Symbol.asyncIterator]: () => iterator } }
}

/** Nothing that a compressor could make smaller. */
const noise = (bytes: number) => Buffer.from(Array.from({ length: bytes }, () => Math.floor(Math.random() * 256)))

for (const coding of ['gzip', 'deflate', 'br', 'zstd'] as const)
  describe(coding, () => {
    const coded = (pieces: AsyncIterable<string | Uint8Array>) =>
      compressedPieces(pieces, compressor(coding, compressionOf()))

    it('holds all pieces, text and bytes', async () => {
      const { pieces } = source(500, n => (n % 2 === 0 ? `piece ${n}\n` : Buffer.from(`é${n}\n`)))
      const written: Uint8Array[] = []
      for await (const bytes of coded(pieces)) written.push(bytes)
      const decompressed = decompressors[coding]()
      decompressed.end(Buffer.concat(written))
      const read = Buffer.concat(await decompressed.toArray()).toString()
      assert.equal(read, Array.from({ length: 500 }, (_, n) => (n % 2 === 0 ? `piece ${n}\n` : `é${n}\n`)).join(''))
    })

    it('sends what it has while the source makes the next piece', async () => {
      let goOn = () => {}
      const { pieces } = source(2, n =>
        n === 0 ? 'first' : new Promise<string>(done => (goOn = () => done('second'))),
      )
      const output = coded(pieces)
      const decompressed = decompressors[coding]()
      const heard = new Promise(resolve => decompressed.once('data', resolve))
      const reading = (async () => {
        for await (const bytes of output) decompressed.write(bytes)
      })()
      assert.equal(String(await heard), 'first')
      goOn()
      await reading
    })

    it('takes no more of the source than is read', async () => {
      const { pieces, seen } = source(1_000, () => noise(16_384))
      const output = coded(pieces)
      await output.next()
      await setTimeout(50)
      assert.ok(seen.taken < 80, `${seen.taken} pieces of 16 KiB were taken`)
      await output.return?.()
      assert.equal(seen.returned, true)
    })

    it('fails as the source does, without an end', async () => {
      const { pieces } = source(10, n => {
        if (n === 5) throw new RangeError('the source broke')
        return noise(70_000)
      })
      const written: Uint8Array[] = []
      await assert.rejects(async () => {
        for await (const bytes of coded(pieces)) written.push(bytes)
      }, /the source broke/)
      const decompressed = decompressors[coding]()
      decompressed.end(Buffer.concat(written))
      await assert.rejects(decompressed.toArray())
    })

    it('gives the source back when it ends early, begun or not, and fails nobody', async () => {
      for (const begun of [true, false]) {
        const { pieces, seen } = source(1_000, () => noise(70_000))
        const output = coded(pieces)
        if (begun) await output.next()
        const pending = begun ? output.next() : undefined
        await output.return?.()
        await pending?.catch(() => {})
        assert.equal(seen.returned, true)
        assert.equal((await output.next()).done, true)
      }
    })
  })
