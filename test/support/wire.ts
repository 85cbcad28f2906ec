// A client that sends any bytes at all and reads HTTP/1.1 answers off the socket, one by one.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** One answer as it stood on the wire; interim ones (1xx) are answers of their own. */
export type WireAnswer = {
  readonly status: number
  /** By lower-case name; lines of one name joined by a comma. */
  readonly fields: Readonly<Record<string, string>>
  /** Latin-1, so that every byte is one character. */
  readonly head: string
  readonly body: Buffer
  /** `cut`: the connection ended before the body did. */
  readonly end: 'whole' | 'cut'
}

export type Wire = {
  readonly socket: Socket
  readonly send: (bytes: string | Uint8Array) => void
  /** The next answer; undefined when the connection ends (or resets) without one. */
  readonly next: (method?: 'HEAD') => Promise<WireAnswer | undefined>
  /** Resolves once the server has closed the connection. */
  readonly closed: Promise<void>
  readonly close: () => void
}

/** Opens a connection to `http://host:port`. */
export async function openWire(url: string): Promise<Wire> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), allowHalfOpen: true })
  const pieces: Buffer[] = []
  let size = 0
  let looked = 0
  let expected = Number.POSITIVE_INFINITY
  let ended = false
  let wake = () => {}
  const end = () => {
    ended = true
    wake()
  }
  socket.on('data', (piece: Buffer) => {
    pieces.push(piece)
    size += piece.length
    wake()
  })
  socket.on('end', end).on('close', end)
  // Writing into a connection that the server has closed is what many of these tests do.
  socket.on('error', () => {})
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()).once('end', resolve))
  await once(socket, 'connect')
  const more = () =>
    new Promise<void>(resolve => {
      wake = resolve
    })
  return {
    socket,
    closed,
    send: bytes => void socket.write(bytes),
    async next(method) {
      for (;;) {
        // A large answer is not looked at again with every piece of it.
        if (ended || size < 1_000_000 || size > 1.2 * looked || size >= expected || endsChunks(pieces)) {
          const received = Buffer.concat(pieces.splice(0))
          const read = readAnswer(received, ended, method)
          const rest = read === undefined ? received : received.subarray(read.size)
          pieces.push(rest)
          size = rest.length
          looked = read === undefined ? size : 0
          expected = read === undefined ? lengthTold(rest) : Number.POSITIVE_INFINITY
          if (read !== undefined) return read.answer
        }
        if (ended) return undefined
        await more()
      }
    },
    close: () => void socket.destroy(),
  }
}

/** Everything the server answers to these bytes, until it closes the connection. */
export async function answersTo(url: string, bytes: string | Uint8Array): Promise<readonly WireAnswer[]> {
  const wire = await openWire(url)
  wire.send(bytes)
  const answers: WireAnswer[] = []
  for (let answer = await wire.next(); answer !== undefined; answer = await wire.next()) answers.push(answer)
  wire.close()
  return answers
}

/** The first final answer to these bytes; undefined when the connection ends without one. */
export async function answerTo(url: string, bytes: string | Uint8Array): Promise<WireAnswer | undefined> {
  const wire = await openWire(url)
  wire.send(bytes)
  let answer = await wire.next()
  while (answer !== undefined && answer.status < 200) answer = await wire.next()
  wire.close()
  return answer
}

/** A request as text: CRLFs, Host and Content-Length put in. */
export function requestText(
  line: string,
  fields: Readonly<Record<string, string>> = {},
  body: string | Uint8Array = '',
): Buffer {
  const content = typeof body === 'string' ? Buffer.from(body) : body
  const all: Record<string, string> = { host: '127.0.0.1', ...fields }
  if (content.length > 0) all['content-length'] ??= String(content.length)
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`${line} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'), content])
}

/** The bytes of the whole answer that begins here, where it says so. */
function lengthTold(bytes: Buffer): number {
  const stop = bytes.indexOf('\r\n\r\n')
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(bytes.subarray(0, Math.max(stop, 0)).toString('latin1')) ?? []
  return length === undefined ? Number.POSITIVE_INFINITY : stop + 4 + Number(length)
}

/** Whether what came may end with the last chunk. */
const endsChunks = (pieces: readonly Buffer[]): boolean =>
  Buffer.concat(pieces.slice(-5).map(piece => piece.subarray(-5)))
    .toString('latin1')
    .endsWith('0\r\n\r\n')

type Read = { readonly answer: WireAnswer; readonly size: number }

function readAnswer(bytes: Buffer, ended: boolean, method: 'HEAD' | undefined): Read | undefined {
  const stop = bytes.indexOf('\r\n\r\n')
  if (stop < 0) return undefined
  const head = bytes.subarray(0, stop).toString('latin1')
  const [line = '', ...lines] = head.split('\r\n')
  const [, digits] = /^HTTP\/1\.1 (\d{3})(?: |$)/.exec(line) ?? []
  if (digits === undefined) throw new Error(`not a status line: ${JSON.stringify(line)}`)
  const fields: Record<string, string> = {}
  for (const text of lines) {
    const colon = text.indexOf(':')
    const name = text.slice(0, colon).toLowerCase()
    const value = text.slice(colon + 1).trim()
    fields[name] = fields[name] === undefined ? value : `${fields[name]}, ${value}`
  }
  const status = Number(digits)
  const read = readBody(bytes.subarray(stop + 4), ended, status, fields, method)
  if (read === undefined) return undefined
  return { answer: { status, fields, head, body: read.body, end: read.end }, size: stop + 4 + read.size }
}

type Body = { readonly body: Buffer; readonly end: 'whole' | 'cut'; readonly size: number }

/** RFC 9112 §6.3 */
function readBody(
  rest: Buffer,
  ended: boolean,
  status: number,
  fields: Readonly<Record<string, string>>,
  method: 'HEAD' | undefined,
): Body | undefined {
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304)
    return { body: Buffer.alloc(0), end: 'whole', size: 0 }
  if (fields['transfer-encoding'] === 'chunked') return readChunks(rest, ended)
  const length = Number(fields['content-length'] ?? Number.POSITIVE_INFINITY)
  if (rest.length >= length) return { body: rest.subarray(0, length), end: 'whole', size: length }
  if (!ended) return undefined
  return { body: rest, end: Number.isFinite(length) ? 'cut' : 'whole', size: rest.length }
}

function readChunks(rest: Buffer, ended: boolean): Body | undefined {
  const chunks: Buffer[] = []
  for (let at = 0; ; ) {
    const stop = rest.indexOf('\r\n', at)
    const size = stop < 0 ? Number.NaN : Number.parseInt(rest.subarray(at, stop).toString('latin1'), 16)
    if (size === 0 && rest.length >= stop + 4) return { body: Buffer.concat(chunks), end: 'whole', size: stop + 4 }
    const next = stop + 2 + size + 2
    if (!(size > 0 && rest.length >= next))
      return ended ? { body: Buffer.concat(chunks), end: 'cut', size: rest.length } : undefined
    chunks.push(rest.subarray(stop + 2, next - 2))
    at = next
  }
}
