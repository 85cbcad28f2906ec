// A server of one large content that is never in memory, with every fault that a download may meet.
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

export type Manner = {
  /** Which content, and by it the tag: another seed is another version. */
  readonly seed: number
  readonly size: number
  readonly ranges?: 'yes' | 'no' | 'other-range' | 'too-long' | 'multipart' | 'wrong-bytes'
  readonly ifRange?: 'kept' | 'always-200'
  readonly validator?: 'etag' | 'date' | 'weak' | 'none'
  /** Bytes of this answer after which the connection is cut; undefined: none. */
  readonly cut?: number | undefined
  readonly length?: 'told' | 'chunked'
  readonly fields?: Readonly<Record<string, string>>
  readonly status?: number
  /** Ms of rest after each 64 KiB. */
  readonly pause?: number
}

export type FileServer = {
  readonly url: string
  /** How the next request is answered; `index` counts from 0. */
  manner: (request: IncomingMessage, index: number) => Manner
  readonly seen: { range: string | undefined; ifRange: string | undefined; path: string }[]
  /** Connections open at once, at most. */
  peak: number
  readonly close: () => Promise<void>
}

const block = 64 * 1024

/** The bytes of a content from `first` on, at most up to the end of their block. */
export function bytesAt(seed: number, first: number, end: number): Uint8Array {
  const bytes = baseOf(seed)
  const index = Math.floor(first / block)
  const shift = (index * 7919) % block
  const from = first - index * block + shift
  return bytes.subarray(from, from + Math.min(block - (first - index * block), end - first))
}

const bases = new Map<number, Uint8Array>()
function baseOf(seed: number): Uint8Array {
  const known = bases.get(seed)
  if (known !== undefined) return known
  const one = Buffer.alloc(block)
  for (let at = 0; at < block; at += 32) createHash('sha256').update(`${seed} ${at}`).digest().copy(one, at)
  const base = Buffer.concat([one, one])
  bases.set(seed, base)
  return base
}

export function digestOf(seed: number, size: number): string {
  const hash = createHash('sha256')
  for (let at = 0; at < size; ) {
    const bytes = bytesAt(seed, at, size)
    hash.update(bytes)
    at += bytes.length
  }
  return hash.digest('hex')
}

export const tagOf = (seed: number): string => `"version-${seed}"`

export async function startFileServer(first: Manner): Promise<FileServer> {
  let count = 0
  let open = 0
  const server = createServer(async (request, response) => {
    const manner = it.manner(request, count++)
    const { range, 'if-range': ifRange } = request.headers
    it.seen.push({ range, ifRange: ifRange as string | undefined, path: request.url ?? '' })
    it.peak = Math.max(it.peak, ++open)
    response.on('error', () => {})
    await answer(manner, request, response).catch(() => response.destroy())
    open--
  })
  server.listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const it: FileServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    manner: () => first,
    seen: [],
    peak: 0,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  return it
}

async function answer(manner: Manner, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { seed, size, ranges = 'yes', ifRange = 'kept', validator = 'etag', cut, length = 'told', status } = manner
  if (status !== undefined) {
    response.writeHead(status, { ...manner.fields, 'content-length': 0 }).end()
    return
  }
  const fields: Record<string, string | number> = { 'content-type': 'application/octet-stream', ...manner.fields }
  if (validator === 'etag') fields.etag = tagOf(seed)
  if (validator === 'weak') fields.etag = `W/${tagOf(seed)}`
  if (validator === 'date') fields['last-modified'] = new Date(Date.UTC(2026, 0, seed)).toUTCString()
  if (validator === 'weak') fields['last-modified'] = new Date().toUTCString()
  if (ranges !== 'no') fields['accept-ranges'] = 'bytes'
  const condition = request.headers['if-range']
  const matches =
    condition === undefined ||
    (ifRange === 'kept' && (condition === fields.etag || condition === fields['last-modified']))
  const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  let begin = 0
  let end = size
  if (asked !== null && ranges !== 'no' && matches) {
    begin = Number(asked[1])
    end = asked[2] === '' ? size : Math.min(size, Number(asked[2]) + 1)
    if (begin >= size) {
      response.writeHead(416, { 'content-range': `bytes */${size}`, 'content-length': 0 }).end()
      return
    }
    if (ranges === 'other-range') begin += 1
    fields['content-range'] = `bytes ${begin}-${end - 1}/${size}`
    if (ranges === 'multipart') delete fields['content-range']
    if (ranges === 'too-long') end = Math.min(size, end + 1000)
    if (length === 'told' && ranges !== 'too-long') fields['content-length'] = end - begin
    response.writeHead(206, fields)
  } else {
    if (length === 'told') fields['content-length'] = size
    response.writeHead(200, fields)
  }
  const from = ranges === 'wrong-bytes' && begin > 0 ? seed + 1 : seed
  for (let at = begin; at < end; ) {
    const left = cut === undefined ? end - at : Math.min(end - at, begin + cut - at)
    const bytes = bytesAt(from, at, at + left)
    at += bytes.length
    if (bytes.length > 0 && !response.write(bytes) && !response.destroyed) await drained(response)
    if (response.destroyed) return
    if (cut !== undefined && at >= begin + cut) {
      // What was written is to arrive; then the connection breaks.
      await new Promise<void>(resolve => response.write('', () => resolve()))
      response.socket?.destroy()
      return
    }
    if (manner.pause !== undefined) await wait(manner.pause)
  }
  response.end()
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
  })
}
