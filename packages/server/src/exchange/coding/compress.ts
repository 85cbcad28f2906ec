// Bytes in a content coding: at once where they are few, else on the threads of libuv, so that nobody else waits.
import zlib from 'node:zlib'
import type { Compressing } from '../../define/compression.ts'
import type { Compression } from '../../model/compression.ts'
import type { Later } from '../../store/store.ts'

/** Most bytes that are compressed on the way; that takes less than a millisecond or two. */
const mostAtOnce = 65_536

type Done = (error: Error | null, bytes: Buffer) => void

const onThreads = (compress: (done: Done) => void): Promise<Uint8Array> =>
  new Promise((resolve, reject) => compress((error, bytes) => (error ? reject(error) : resolve(bytes))))

const {
  BROTLI_PARAM_QUALITY,
  BROTLI_PARAM_SIZE_HINT,
  BROTLI_PARAM_LGWIN,
  ZSTD_c_compressionLevel,
  ZSTD_c_windowLog,
  ZSTD_c_checksumFlag,
} = zlib.constants

/** §8.4.1.2: `deflate` is the zlib format. */
export function compressed(bytes: Uint8Array, coding: Compressing, { levels }: Compression): Later<Uint8Array> {
  const level = levels[coding]
  const atOnce = bytes.length <= mostAtOnce && level < slowFrom[coding]
  switch (coding) {
    case 'gzip':
      return atOnce ? zlib.gzipSync(bytes, { level }) : onThreads(done => zlib.gzip(bytes, { level }, done))
    case 'deflate':
      return atOnce ? zlib.deflateSync(bytes, { level }) : onThreads(done => zlib.deflate(bytes, { level }, done))
    case 'br': {
      const options = brotliOptions(level, bytes.length)
      return atOnce
        ? zlib.brotliCompressSync(bytes, options)
        : onThreads(done => zlib.brotliCompress(bytes, options, done))
    }
    case 'zstd': {
      const options = zstdOptions(level)
      return atOnce ? zlib.zstdCompressSync(bytes, options) : onThreads(done => zlib.zstdCompress(bytes, options, done))
    }
  }
}

/** Levels that take many milliseconds whatever the size. */
const slowFrom: Readonly<Record<Compressing, number>> = { gzip: 10, deflate: 10, br: 8, zstd: 15 }

const brotliOptions = (level: number, size: number): zlib.BrotliOptions => ({
  params: { [BROTLI_PARAM_QUALITY]: level, [BROTLI_PARAM_SIZE_HINT]: size },
})

/** RFC 9659 §3: a window of more than 8 MiB need not be understood. */
const zstdOptions = (level: number): zlib.ZstdOptions => ({
  params: { [ZSTD_c_compressionLevel]: level, [ZSTD_c_windowLog]: level > 18 ? 23 : 0, [ZSTD_c_checksumFlag]: 1 },
})

/** A stream that compresses what is written to it. */
export function compressor(coding: Compressing, { levels }: Compression): zlib.Gzip | zlib.ZstdCompress {
  const level = levels[coding]
  switch (coding) {
    case 'gzip':
      return zlib.createGzip({ level })
    case 'deflate':
      return zlib.createDeflate({ level })
    case 'br':
      // An unending body needs no window of 16 MB, which each client would cost.
      return zlib.createBrotliCompress({ params: { [BROTLI_PARAM_QUALITY]: level, [BROTLI_PARAM_LGWIN]: 19 } })
    case 'zstd':
      return zlib.createZstdCompress(zstdOptions(level))
  }
}
