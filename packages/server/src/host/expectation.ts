// RFC 9110 §10.1.1: 100 Continue is sent once the gates let the content come, not before.
import type { IncomingMessage, Server, ServerResponse } from 'node:http'

const waiting = new WeakSet<IncomingMessage>()

/** Make a server hand over requests with Expect as any other, its 100 (Continue) held back. */
export function holdBackContinue(server: Server): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    waiting.add(request)
    server.emit('request', request, response)
  })
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    server.emit('request', request, response)
  })
}

/** The content is wanted now. */
export function answerExpectation(request: IncomingMessage, response: ServerResponse): void {
  if (waiting.delete(request)) response.writeContinue()
}

/** Whether content is on its way, with an end that can be told, and nobody waiting for leave to send it. */
export const isStillComing = (request: IncomingMessage): boolean =>
  !request.complete && !waiting.has(request) && (request.headers['transfer-encoding'] ?? 'chunked') === 'chunked'
