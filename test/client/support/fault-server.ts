// A server that sends exactly the bytes it is told to, and breaks off where it is told to.
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

/** One step of an answer: bytes (Latin-1 where they are text), or something that goes wrong. */
export type Step =
  | string
  | Uint8Array
  | { readonly kind: 'reset' }
  | { readonly kind: 'close' }
  /** Nothing more is ever sent; the connection stays. */
  | { readonly kind: 'hang' }
  /** Waits for this before it goes on. */
  | { readonly kind: 'until'; readonly over: Promise<unknown> }
  /** Byte by byte, each in a packet of its own. */
  | { readonly kind: 'drip'; readonly bytes: string | Uint8Array; readonly pause?: number }

/** A request as it came. */
export type Seen = {
  readonly method: string
  readonly target: string
  /** By lower-case name; lines of one name joined by a comma. */
  readonly fields: Readonly<Record<string, string>>
  readonly body: Buffer
  /** Counts the connections from 0. */
  readonly connection: number
}

/** What is answered to the request; `index` counts all requests from 0. */
export type Script = (request: Seen, index: number) => readonly Step[] | Promise<readonly Step[]>

export type FaultServer = {
  /** `http://127.0.0.1:49152` */
  readonly url: string
  readonly port: number
  /** Every request that came whole, first to last. */
  readonly seen: readonly Seen[]
  /** Connections made so far. */
  readonly connections: () => number
  /** Replaces the script and forgets what was seen. */
  readonly play: (script: Script) => void
  readonly close: () => Promise<void>
}

/** An answer as text: status line, fields, Content-Length and body. */
export function answer(
  status: number,
  fields: Readonly<Record<string, string>> = {},
  body: string | Uint8Array = '',
): Buffer {
  const content = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body)
  const all: Record<string, string> = { ...fields }
  if (status >= 200 && status !== 204 && status !== 304) all['content-length'] ??= String(content.length)
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status} ${reasons[status] ?? 'Status'}\r\n${lines.join('')}\r\n`, 'latin1'),
    content,
  ])
}

/** An answer of JSON. */
export const jsonAnswer = (status: number, value: unknown, fields: Readonly<Record<string, string>> = {}): Buffer =>
  answer(status, { 'content-type': 'application/json', ...fields }, JSON.stringify(value))

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  404: 'Not Found',
  503: 'Service Unavailable',
}

/** Starts one on a free port. Its script may be replaced for each test. */
export async function startFaultServer(first: Script = () => [answer(200)]): Promise<FaultServer> {
  let script = first
  let connections = 0
  const seen: Seen[] = []
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, socket => {
    const connection = connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    let received: Buffer = Buffer.alloc(0)
    let answering = Promise.resolve()
    socket.on('data', (piece: Buffer) => {
      received = Buffer.concat([received, piece])
      for (let read = readRequest(received, connection); read !== undefined; read = readRequest(received, connection)) {
        received = received.subarray(read.size)
        const { request } = read
        const index = seen.push(request) - 1
        answering = answering.then(async () => play(socket, await script(request, index)))
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    seen,
    connections: () => connections,
    play(next) {
      script = next
      seen.length = 0
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

async function play(socket: Socket, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if (socket.destroyed) return
    if (typeof step === 'string') await write(socket, Buffer.from(step, 'latin1'))
    else if (ArrayBuffer.isView(step)) await write(socket, step)
    else if (step.kind === 'reset') socket.resetAndDestroy()
    else if (step.kind === 'close') socket.end()
    else if (step.kind === 'hang') await new Promise(resolve => socket.once('close', resolve))
    else if (step.kind === 'until') await step.over
    else {
      const bytes: Uint8Array = typeof step.bytes === 'string' ? Buffer.from(step.bytes, 'latin1') : step.bytes
      for (const byte of bytes) {
        await write(socket, Uint8Array.of(byte))
        await new Promise(resolve => setTimeout(resolve, step.pause ?? 0))
      }
    }
  }
}

/** Resolves when the platform has taken the bytes. */
function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise(resolve => {
    if (socket.destroyed || bytes.length === 0) resolve()
    else socket.write(bytes, () => resolve())
  })
}

/** RFC 9112 §6: a whole request at the beginning of these bytes; undefined while some of it is to come. */
function readRequest(bytes: Buffer, connection: number): { readonly request: Seen; readonly size: number } | undefined {
  const stop = bytes.indexOf('\r\n\r\n')
  if (stop < 0) return undefined
  const [line = '', ...lines] = bytes.subarray(0, stop).toString('latin1').split('\r\n')
  const [method = '', target = ''] = line.split(' ')
  const fields: Record<string, string> = {}
  for (const text of lines) {
    const colon = text.indexOf(':')
    const name = text.slice(0, colon).toLowerCase()
    const value = text.slice(colon + 1).trim()
    fields[name] = fields[name] === undefined ? value : `${fields[name]}, ${value}`
  }
  const rest = bytes.subarray(stop + 4)
  const body =
    fields['transfer-encoding'] === 'chunked'
      ? readChunks(rest)
      : readSized(rest, Number(fields['content-length'] ?? 0))
  if (body === undefined) return undefined
  return { request: { method, target, fields, body: body.body, connection }, size: stop + 4 + body.size }
}

type Read = { readonly body: Buffer; readonly size: number }

const readSized = (rest: Buffer, size: number): Read | undefined =>
  rest.length < size ? undefined : { body: rest.subarray(0, size), size }

function readChunks(rest: Buffer): Read | undefined {
  const chunks: Buffer[] = []
  for (let at = 0; ; ) {
    const stop = rest.indexOf('\r\n', at)
    if (stop < 0) return undefined
    const size = Number.parseInt(rest.subarray(at, stop).toString('latin1'), 16)
    const next = stop + 2 + size + 2
    if (rest.length < next) return undefined
    if (size === 0) return { body: Buffer.concat(chunks), size: next }
    chunks.push(rest.subarray(stop + 2, next - 2))
    at = next
  }
}
