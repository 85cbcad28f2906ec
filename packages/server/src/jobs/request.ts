// A request as a job keeps it, and the exchange it becomes again when the job runs.
import { Exchange, type Incoming, type Runtime } from '../exchange/exchange.ts'
import { piecesOf } from '../exchange/import.ts'
import type { JobRequest } from '../store/store.ts'

/** The fields that change what a write does or how it is answered. Credentials are not kept. */
const keptFields = [
  'accept',
  'accept-language',
  'api-version',
  'content-type',
  'host',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'if-unmodified-since',
  'prefer',
]

export function requestOf(x: Exchange): JobRequest {
  const content = x.content ?? new Uint8Array()
  const fields: Record<string, string> = {}
  for (const name of keptFields) {
    const value = x.field(name)
    if (value !== undefined) fields[name] = value
  }
  if (x.contentKind !== undefined) fields['content-length'] = String(content.length)
  const { incoming, method } = x
  return { method, url: incoming.url, prefix: incoming.prefix(), origin: incoming.origin(), fields, content }
}

/** `signal` is aborted when the work is to stop. */
export function exchangeOf(runtime: Runtime, request: JobRequest, signal: AbortSignal): Exchange {
  const { method, url, fields, content, prefix, origin } = request
  const incoming: Incoming = {
    method,
    url,
    fields,
    fault: () => undefined,
    prefix: () => prefix,
    origin: () => origin,
    isForwarded: () => false,
    hint: () => {},
    hashContent: () => () => new Map(),
    readContent: async () => ({ kind: 'content', bytes: content }),
    inform: () => {},
    giveUp: () => {},
    pieces: () => piecesOf(content),
    signal: () => signal,
  }
  return new Exchange(runtime, incoming)
}
