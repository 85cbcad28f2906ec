// One exchange on a connection of undici's: what its parser tells becomes an Incoming, or a NetworkError.
import type { Fields } from '@comity/http'
import type { Dispatcher } from 'undici'
import { NetworkError, type Phase } from '../errors.ts'
import { Inbox, type Source } from '../exchange/inbox.ts'
import type { Outgoing } from '../exchange/request.ts'
import type { Incoming, Timings } from '../exchange/response.ts'
import { shownUrl } from '../exchange/target.ts'
import type { Call } from '../layers/call.ts'
import type { Connections } from './connections.ts'
import { networkError } from './network-error.ts'

type Controller = Dispatcher.DispatchController
type Headers = Readonly<Record<string, string | string[] | undefined>>

const none: readonly string[] = []
const mostInterim = 1000

export class NodeExchange implements Dispatcher.DispatchHandler, Source, Timings {
  readonly #request: Outgoing
  readonly #call: Call
  readonly #origin: string
  readonly #connections: Connections
  readonly #resolve: (incoming: Incoming) => void
  readonly #reject: (error: unknown) => void
  #controller: Controller | undefined
  #phase: Phase = 'connect'
  #inbox: Inbox | undefined
  /** Why it was ended from this side. */
  #ended: unknown
  #stopTimer: (() => void) | undefined
  #interim = 0

  readonly #begun = performance.now()
  firstByte = 0
  total: number | undefined
  dns: number | undefined
  connect: number | undefined
  tls: number | undefined

  constructor(
    request: Outgoing,
    call: Call,
    origin: string,
    connections: Connections,
    resolve: (incoming: Incoming) => void,
    reject: (error: unknown) => void,
  ) {
    this.#request = request
    this.#call = call
    this.#origin = origin
    this.#connections = connections
    this.#resolve = resolve
    this.#reject = reject
    call.signal?.addEventListener('abort', this)
    if (call.timeout !== undefined) this.#stopTimer = call.clock.timer(call.timeout, () => this.#timedOut())
  }

  /** The signal of the call was aborted. */
  handleEvent(): void {
    this.#end(this.#call.signal?.reason)
  }

  sourceFailed(error: unknown): void {
    this.#ended ??= error
  }

  resume(): void {
    this.#controller?.resume()
  }

  cancel(): void {
    this.#over()
    this.#controller?.abort(new NetworkError('aborted', this.#phase, 'the rest of the content was not wanted'))
  }

  onRequestStart(controller: Controller): void {
    if (this.#ended !== undefined) {
      controller.abort(this.#ended as Error)
      return
    }
    this.#controller = controller
    this.#phase = 'send'
    const made = this.#connections.since(this.#origin, this.#begun)
    if (made === undefined) return
    this.dns = made.dns
    this.connect = made.connect
    this.tls = made.tls
  }

  onRequestSent(): void {
    if (this.#phase === 'send') this.#phase = 'wait'
  }

  onResponseStart(controller: Controller, status: number, headers: Headers, reason?: string): void {
    if (status < 200) {
      // §15.2 allows any number; who sends these without end holds the call for nothing.
      if (++this.#interim > mostInterim) this.#end(this.#flooded())
      this.#call.onInterim?.(status, joinedFields(headers))
      return
    }
    this.#phase = 'receive'
    this.#stopTimer?.()
    this.firstByte = performance.now() - this.#begun
    this.#inbox = new Inbox(this)
    const cookies = headers['set-cookie']
    this.#resolve({
      status,
      reason: reason ?? '',
      fields: joinedFields(headers),
      cookies: cookies === undefined ? none : typeof cookies === 'string' ? [cookies] : cookies,
      url: this.#request.url,
      // The parser of HTTP/1 hands over a list of lines, that of HTTP/2 an object.
      httpVersion: Array.isArray(controller.rawHeaders) ? '1.1' : '2',
      body: this.#inbox,
      timings: this,
    })
  }

  onResponseData(controller: Controller, piece: Uint8Array): void {
    if (this.#inbox?.push(piece) === false) controller.pause()
  }

  onResponseEnd(): void {
    this.#over()
    this.total = performance.now() - this.#begun
    this.#inbox?.end()
  }

  onResponseError(_controller: Controller, cause: unknown): void {
    this.#over()
    const { method, url } = this.#request
    const error = this.#ended ?? networkError(cause, this.#phase, method, url)
    if (this.#inbox === undefined) this.#reject(error)
    else this.#inbox.fail(error)
  }

  #end(reason: Error): void {
    if (this.#ended !== undefined) return
    this.#ended = reason
    if (this.#controller !== undefined) this.#controller.abort(reason)
    else {
      // No connection yet: it would only be told once there is one.
      this.#over()
      this.#reject(reason)
    }
  }

  #timedOut(): void {
    const { method, url } = this.#request
    const message = `${method} ${shownUrl(url)} failed: no response within ${this.#call.timeout} ms`
    this.#end(new NetworkError('timeout', this.#phase, message))
  }

  #flooded(): NetworkError {
    const { method, url } = this.#request
    const message = `${method} ${shownUrl(url)} failed: more than ${mostInterim} interim responses came, and none that is final`
    return new NetworkError('too-large', this.#phase, message)
  }

  #over(): void {
    this.#stopTimer?.()
    this.#call.signal?.removeEventListener('abort', this)
  }
}

/** RFC 9110 §5.3: lines of one name as one value. The record is the parser's own, and nobody else's. */
function joinedFields(headers: Headers): Fields {
  for (const name in headers) {
    const value = headers[name]
    if (typeof value !== 'string' && value !== undefined) (headers as Record<string, string>)[name] = value.join(', ')
  }
  return headers as Fields
}
