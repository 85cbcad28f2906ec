// An answer, on its way out through Fastify.
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { Answer, AnswerFields } from '../exchange/answer.ts'
import type { Exchange } from '../exchange/exchange.ts'
import type { Trace } from '../exchange/trace.ts'
import type { Piece } from '../formats/format.ts'
import { isStillComing } from './expectation.ts'
import { lingering } from './lingering.ts'

export function send(
  x: Exchange,
  reply: FastifyReply,
  { status, fields, body, cookies }: Answer,
  trace: ((trace: Trace) => void) | undefined,
): FastifyReply {
  const { traces, newId, now } = x.runtime
  if (trace || traces) {
    const way: Trace = { method: x.method, url: x.incoming.url, status, steps: x.trace ?? [] }
    trace?.(way)
    if (traces) {
      const id = newId()
      traces.keep({ ...way, id, at: now(), caller: x.callerName })
      reply.header('x-trace', `${x.incoming.prefix()}/traces/${id}`)
    }
  }
  const { securityFields } = x.runtime
  // RFC 9111 §3.2: what a 304 says takes the place of what the stored answer said, which may be a document.
  if (securityFields !== undefined && status !== 304) reply.headers(securityFields[kindOf(x, status, fields)])
  reply.code(status).headers(reply.request.raw.httpVersionMajor === 2 ? ofStream(fields) : fields)
  if (x.challenges && fields['www-authenticate']) reply.header('www-authenticate', x.challenges)
  if (cookies !== undefined && cookies.length > 0) reply.header('set-cookie', cookies)
  // RFC 9112 §9.6: a server that is closing says so in its last answer on each connection.
  if (x.runtime.isDraining() && reply.request.raw.httpVersionMajor === 1) reply.header('connection', 'close')
  if (body === undefined || x.method === 'HEAD') return reply.send()
  if (typeof body === 'string' || body instanceof Uint8Array) {
    const { raw } = reply.request
    if (fields.connection !== 'close' || !isStillComing(raw)) return reply.send(body)
    return reply.send(Readable.from(lingering(body, raw)))
  }
  if ('kind' in body) {
    reply.header('content-length', body.size)
    if (body.size === 0) return reply.send()
    const pieces = body.read({ first: 0, last: body.size - 1 })
    return reply.send(Readable.from(reported(x, pieces), { highWaterMark: 1 }))
  }
  // Two batches ahead of the reader at most; an error on the way cuts the response short, visibly.
  return reply.send(Readable.from(reported(x, body), { highWaterMark: 2 }))
}

/** What is played or shown by itself loads by its own address, and says itself what it may do. */
function kindOf(x: Exchange, status: number, fields: AnswerFields): 'documents' | 'answers' | 'files' {
  if (x.target.place.kind === 'file' && status < 300) return 'files'
  return fields['content-type']?.startsWith('text/html') ? 'documents' : 'answers'
}

/** RFC 9113 §8.2.2: what is about a connection is not said on one of its streams. */
function ofStream({ connection: _, 'keep-alive': __, upgrade: ___, ...fields }: AnswerFields): AnswerFields {
  return fields
}

/** The pieces of a body; what fails while they are made is on record, as nothing can be said of it any more. */
function reported({ runtime }: Exchange, body: AsyncIterable<Piece>): AsyncIterable<Piece> {
  const pieces = body[Symbol.asyncIterator]()
  // Not a generator: one that was never begun would not give back what `pieces` holds.
  const iterator: AsyncIterator<Piece> = {
    next: () =>
      pieces.next().catch((error: unknown) => {
        runtime.report(error, runtime.newId())
        throw error
      }),
    return: async () => (await pieces.return?.()) ?? { done: true, value: undefined },
  }
  return { [Symbol.asyncIterator]: () => iterator }
}
