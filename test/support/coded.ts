// A client that undoes content codings, and the bytes as they came.
import { type OutgoingHttpHeaders, request } from 'node:http'
import zlib from 'node:zlib'
import { agent, type Fields } from './call.ts'

export const codings = ['gzip', 'deflate', 'br', 'zstd'] as const
export type Coding = (typeof codings)[number]

export const decode: Readonly<Record<Coding, (bytes: Uint8Array) => Buffer>> = {
  gzip: bytes => zlib.gunzipSync(bytes),
  deflate: bytes => zlib.inflateSync(bytes),
  br: bytes => zlib.brotliDecompressSync(bytes),
  zstd: bytes => zlib.zstdDecompressSync(bytes),
}

export const encode: Readonly<Record<Coding, (bytes: Uint8Array | string) => Buffer>> = {
  gzip: bytes => zlib.gzipSync(bytes),
  deflate: bytes => zlib.deflateSync(bytes),
  br: bytes => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 } }),
  zstd: bytes => zlib.zstdCompressSync(bytes),
}

export type CodedAnswer = {
  readonly status: number
  readonly fields: Readonly<Record<string, string | undefined>>
  /** As they came. */
  readonly bytes: Buffer
  /** The text, the coding that Content-Encoding names undone. */
  readonly text: string
}

/** One exchange; a body is sent as it is, as JSON unless `content-type` says otherwise. */
export function exchange(
  method: string,
  url: string,
  fields: Fields = {},
  body?: string | Uint8Array,
): Promise<CodedAnswer> {
  const headers: OutgoingHttpHeaders = {}
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : [...value]
  if (body !== undefined) {
    headers['content-type'] ??= 'application/json'
    headers['content-length'] = Buffer.byteLength(body)
  }
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent }, answer => {
      const chunks: Buffer[] = []
      answer.on('data', chunk => chunks.push(chunk)).on('error', reject)
      answer.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const received = answer.headers as Record<string, string | undefined>
        const coding = received['content-encoding'] as Coding | undefined
        const isWhole = answer.statusCode !== 206 && bytes.length > 0
        const text = (coding === undefined || !isWhole ? bytes : decode[coding](bytes)).toString()
        resolve({ status: answer.statusCode ?? 0, fields: received, bytes, text })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
