// A request as jobs and uploads keep it, and the exchange it becomes again when it is done.
import { Exchange } from '../exchange/exchange.ts'
import { piecesOf } from '../exchange/import.ts'
import type { Incoming } from '../exchange/incoming.ts'
import type { Runtime } from '../exchange/runtime.ts'
import type { JobRequest } from '../store/store.ts'

/** The fields that change what a write does or how it is answered. Credentials are not kept. */
const keptFields = [
  'accept',
  'accept-language',
  'api-version',
  'content-disposition',
  'content-language',
  'content-type',
  'host',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'if-unmodified-since',
  'prefer',
  'repr-digest',
  'slug',
]

/** A request as it is kept until it is done, its content aside. */
export function requestOf(x: Exchange): Omit<JobRequest, 'content'> {
  const fields: Record<string, string> = {}
  for (const name of keptFields) {
    const value = x.field(name)
    if (value !== undefined) fields[name] = value
  }
  const { incoming, method } = x
  return {
    method,
    url: incoming.url,
    prefix: incoming.prefix(),
    origin: incoming.origin(),
    fields,
    by: x.caller,
    address: incoming.address(),
    request: x.toldUnder,
  }
}

/** The same with the content, which is here. */
export function wholeRequestOf(x: Exchange): JobRequest {
  const content = x.content ?? new Uint8Array()
  const { fields, ...request } = requestOf(x)
  const length = x.contentKind === undefined ? {} : { 'content-length': String(content.length) }
  return { ...request, fields: { ...fields, ...length }, content }
}

/** `signal` is aborted when the work is to stop. */
export function exchangeOf(runtime: Runtime, request: JobRequest, signal: AbortSignal): Exchange {
  const { method, url, fields, content, prefix, origin, address = '' } = request
  const incoming: Incoming = {
    method,
    url,
    fields,
    fault: () => undefined,
    prefix: () => prefix,
    origin: () => origin,
    certificate: () => undefined,
    peer: () => '',
    address: () => address,
    isForwarded: () => false,
    hint: () => {},
    hashContent: () => () => new Map(),
    watchContent: () => {},
    readContent: async () => ({ kind: 'content', bytes: content }),
    inform: () => {},
    giveUp: () => {},
    pieces: () => piecesOf(content),
    signal: () => signal,
    ended: () => {},
  }
  const x = new Exchange(runtime, incoming)
  x.caller = request.by
  if (request.request !== undefined) x.requestId = request.request
  return x
}
