// What would be sent, without sending it: everything that a client does to a request, up to the wire.
import type { Outgoing, Transport } from '@comity/client'
import { contentShown, fieldLine, type Hiding, type Line, requestLine } from '../../calling/message.ts'
import { lengthLine } from '../../calling/wire.ts'
import type { Paint } from '../../output/colour.ts'

/** The request that reached the wire; it was not sent. */
export class NotSent extends Error {
  readonly request: Outgoing

  constructor(request: Outgoing) {
    super('nothing is sent')
    this.request = request
  }
}

export const offlineTransport: Transport = {
  send: request => Promise.reject(new NotSent(request)),
  close: async () => {},
  destroy: async () => {},
}

/** The request as HTTP/1.1 has it on the wire. */
export async function requestText(
  { method, url, fields, content }: Outgoing,
  paint: Paint,
  hiding: Hiding,
): Promise<string> {
  const { host, pathname, search } = new URL(url)
  const bytes =
    content === undefined ? undefined : content.kind === 'bytes' ? content.bytes : await gathered(content.open())
  const size = content?.kind === 'source' ? content.size : bytes?.length
  const length = lengthLine(method, size, (bytes?.length ?? 0) > 0)
  const own = Object.entries(fields).flatMap(([name, value]): readonly Line[] =>
    value === undefined ? [] : [[name, value]],
  )
  const lines: readonly Line[] = [
    ['host', host],
    ['connection', method === 'HEAD' ? 'close' : 'keep-alive'],
    ...own,
    ...(length === undefined ? [] : [length]),
  ]
  const head = [
    requestLine(method, pathname + search, paint, hiding),
    ...lines.map(line => fieldLine(line, paint, hiding)),
  ]
  const shown = bytes === undefined || bytes.length === 0 ? '' : `${contentShown(bytes, bytes.length)}\n`
  return `${head.join('\n')}\n\n${shown}`
}

async function gathered(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of source) pieces.push(piece)
  return Buffer.concat(pieces)
}
