// A static site, served by nothing but node:http: node serve.ts [PORT [BYTES-A-SECOND]]
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { tideTable } from './tides.ts'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '': 'text/plain; charset=utf-8',
}

const root = fileURLToPath(new URL('public/', import.meta.url))

/** How fast each answer is sent at most; looked at again for each piece. */
type Pace = { readonly bytesPerSecond: number }
type Site = { readonly url: string; readonly server: Server }

/** Serves the files of `public/` on this machine; resolves to the address. */
export async function serveSite(port = 0, pace: Pace = { bytesPerSecond: Infinity }): Promise<Site> {
  const made = makeFiles()
  const server = createServer((request, response) => {
    answer(request, response, made, pace).catch(() => response.destroy())
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

type Files = ReadonlyMap<string, Buffer>

/** What is not kept as a file: a large one, and its checksum. */
function makeFiles(): Files {
  const tides = tideTable()
  const sum = createHash('sha256').update(tides).digest('hex')
  return new Map([
    ['/tides.csv', tides],
    ['/SHA256SUMS', Buffer.from(`${sum}  tides.csv\n`)],
  ])
}

async function answer(request: IncomingMessage, response: ServerResponse, made: Files, pace: Pace): Promise<void> {
  // The parser of URLs has taken every way up out of the path.
  const { pathname } = new URL(request.url ?? '/', 'http://site')
  if (pathname === '/visits') {
    countVisit(request, response)
    return
  }
  const path = pathname.endsWith('/') ? `${pathname}index.html` : pathname
  const content =
    request.method === 'GET' || request.method === 'HEAD' ? (made.get(path) ?? (await contentOf(path))) : 'not allowed'
  if (typeof content === 'string') {
    const status = content === 'not there' ? 404 : 405
    const allow = status === 405 ? { allow: 'GET, HEAD' } : {}
    response.writeHead(status, { 'content-type': 'text/plain', ...allow }).end(`${content}\n`)
    return
  }
  const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 16)}"`
  const fields = { 'content-type': types[extname(path)] ?? 'application/octet-stream', etag, 'accept-ranges': 'bytes' }
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag }).end()
    return
  }
  const range = partOf(request, etag, content.length)
  const part = range === undefined ? content : content.subarray(range.first, range.last + 1)
  const place = range === undefined ? {} : { 'content-range': `bytes ${range.first}-${range.last}/${content.length}` }
  response.writeHead(range === undefined ? 200 : 206, { ...fields, ...place, 'content-length': part.length })
  if (request.method === 'HEAD') response.end()
  else await pipeline(Readable.from(slowly(part, pace)), response)
}

/** A page that knows its guests by a cookie, and forgets whoever does not bring it back. */
function countVisit({ headers }: IncomingMessage, response: ServerResponse): void {
  const [, before = '0'] = /(?:^|; )visits=(\d{1,9})(?:;|$)/.exec(headers.cookie ?? '') ?? []
  const visit = Number(before) + 1
  const fields = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }
  response.writeHead(200, { ...fields, 'set-cookie': `visits=${visit}; Path=/` }).end(`This is your visit ${visit}.\n`)
}

/** In pieces of a tenth of a second. */
async function* slowly(content: Buffer, pace: Pace): AsyncGenerator<Buffer> {
  for (let from = 0, size = 0; from < content.length; from += size) {
    if (from > 0) await sleep(100)
    size = Math.max(1, Math.min(content.length - from, Math.floor(pace.bytesPerSecond / 10)))
    yield content.subarray(from, from + size)
  }
}

async function contentOf(path: string): Promise<Buffer | 'not there'> {
  try {
    return await readFile(join(root, decodeURIComponent(path).replaceAll('..', '')))
  } catch {
    return 'not there'
  }
}

/** One range, where it is there and the file is still the one that it is of. */
function partOf({ headers }: IncomingMessage, etag: string, length: number) {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? []
  if (from === undefined || (headers['if-range'] ?? etag) !== etag || Number(from) >= length) return undefined
  return { first: Number(from), last: to === '' ? length - 1 : Math.min(Number(to), length - 1) }
}

if (import.meta.main) {
  const [port = '8080', rate = 'Infinity'] = process.argv.slice(2)
  const { url } = await serveSite(Number(port), { bytesPerSecond: Number(rate) })
  console.log(`The site is served at ${url}`)
}
