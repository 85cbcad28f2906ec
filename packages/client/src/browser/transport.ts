// Requests over the platform's fetch, which keeps its own connections, cookies and codings.
import { type Fields, isSecretField } from '@comity/http'
import { ComityError, NetworkError } from '../errors.ts'
import { Inbox } from '../exchange/inbox.ts'
import type { Content, Outgoing } from '../exchange/request.ts'
import type { Incoming } from '../exchange/response.ts'
import { shownUrl } from '../exchange/target.ts'
import type { Transport } from '../exchange/transport.ts'
import type { Call } from '../layers/call.ts'

/** Fields that only the platform may set (Fetch §2.2.2). */
const forbidden: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'cookie',
  'host',
  'te',
])

/** What a browser leaves behind by itself when a redirection leads to another origin (Fetch §4.4 step 13). */
const leftBehind: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization'])

/** A credential that a browser would take along to wherever a redirection leads. */
const takenAlong = (fields: Fields): string | undefined =>
  Object.keys(fields).find(name => fields[name] !== undefined && isSecretField(name) && !leftBehind.has(name))

export function fetchTransport(): Transport {
  let closed: NetworkError | undefined

  async function send(request: Outgoing, call: Call): Promise<Incoming> {
    if (closed !== undefined) throw closed
    call.signal?.throwIfAborted()
    const own = new AbortController()
    const stop = () => own.abort(call.signal?.reason)
    call.signal?.addEventListener('abort', stop, { once: true })
    const over = () => call.signal?.removeEventListener('abort', stop)
    const { timeout } = call
    const stopTimer =
      timeout === undefined
        ? undefined
        : call.clock.timer(timeout, () => {
            const message = `${request.method} ${shownUrl(request.url)} failed: no response within ${timeout} ms`
            own.abort(new NetworkError('timeout', 'wait', message))
          })
    const begun = performance.now()
    const secret = takenAlong(request.fields)
    let response: Response
    try {
      response = await fetch(request.url, {
        method: request.method,
        headers: sendable(request.fields),
        redirect: call.options.redirect === false || secret !== undefined ? 'manual' : 'follow',
        signal: own.signal,
        ...(await bodyOf(request.content)),
      })
    } catch (cause) {
      over()
      throw failure(cause, own.signal, request, 'wait')
    } finally {
      stopTimer?.()
    }
    const timings = { dns: undefined, connect: undefined, tls: undefined, firstByte: performance.now() - begun }
    const inbox = new Inbox({ resume: () => wake?.(), cancel: () => own.abort() })
    let wake: (() => void) | undefined
    const times: {
      -readonly [Name in keyof NonNullable<Incoming['timings']>]: NonNullable<Incoming['timings']>[Name]
    } = { ...timings, total: undefined }
    void (async () => {
      try {
        const reader = response.body?.getReader()
        for (let read = await reader?.read(); read !== undefined && !read.done; read = await reader?.read()) {
          if (inbox.push(read.value)) continue
          await new Promise<void>(resolve => {
            wake = resolve
          })
        }
        times.total = performance.now() - begun
        inbox.end()
      } catch (cause) {
        inbox.fail(failure(cause, own.signal, request, 'receive'))
      } finally {
        over()
      }
    })()
    return {
      status: response.status,
      reason: response.statusText,
      fields: Object.fromEntries(response.headers),
      cookies: [],
      url: response.url === '' ? request.url : response.url,
      httpVersion: '',
      body: inbox,
      timings: times,
      ...(response.type === 'opaqueredirect' && secret !== undefined
        ? { notFollowed: `a browser would take ${secret} along to wherever it leads; ask that address itself` }
        : {}),
      // The platform tells that it followed, not by which way.
      ...(response.redirected
        ? { hops: [{ status: 0, method: request.method, url: request.url, location: response.url }] }
        : {}),
    }
  }

  const close = async () => {
    closed ??= new NetworkError('closed', 'connect', 'the client is closed')
  }
  return { send, close, destroy: close }
}

function sendable(fields: Fields): Record<string, string> {
  const sent: Record<string, string> = {}
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined && !forbidden.has(name)) sent[name] = value
  return sent
}

/** Browsers send streams over HTTP/2 only, so that what has no bytes yet is gathered first. */
async function bodyOf(content: Content | undefined): Promise<Pick<RequestInit, 'body'>> {
  if (content === undefined) return {}
  if (content.kind === 'bytes') return { body: content.bytes as Uint8Array<ArrayBuffer> }
  const pieces: Uint8Array[] = []
  for await (const piece of content.open()) pieces.push(piece)
  return { body: new Blob(pieces as Uint8Array<ArrayBuffer>[]) }
}

function failure(cause: unknown, signal: AbortSignal, { method, url }: Outgoing, phase: 'wait' | 'receive'): Error {
  if (signal.aborted && signal.reason instanceof ComityError) return signal.reason
  const why = phase === 'receive' ? 'the content of the response ended before its end' : 'there was no response'
  const kind = phase === 'receive' ? 'interrupted' : 'unknown'
  return new NetworkError(kind, phase, `${method} ${shownUrl(url)} failed: ${why}`, { cause })
}
