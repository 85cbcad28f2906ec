// node:diagnostics_channel: what tracers such as OpenTelemetry subscribe to. Without a subscriber it costs one look.
import { tracingChannel } from 'node:diagnostics_channel'
import type { Fields } from '@comity/http'
import type { Incoming } from '../exchange/response.ts'
import type { TraceNote } from '../layers/call.ts'
import type { Layer } from '../layers/layer.ts'

/**
 * What subscribers of `tracing:comity.client.call:start`, `:end`, `:asyncStart`, `:asyncEnd` and `:error` are given: one
 * object for each call, the same in all of them.
 */
export type CallDiagnostics = {
  readonly method: string
  readonly url: string
  /** Fields to send as well, such as `traceparent`; to be filled in at `start`. */
  readonly fields: Record<string, string>
  /** What the call was tried, waited for and answered with, so far. */
  readonly notes: () => readonly TraceNote[]
  /** From `asyncStart` on. */
  result?: Pick<Incoming, 'status' | 'fields' | 'url' | 'cached'>
  error?: unknown
}

const channel = tracingChannel<CallDiagnostics>('comity.client.call')

/** Tells each call to `tracing:comity.client.call:*`. */
export function diagnostics(): Layer {
  return {
    name: 'diagnostics',
    around: next => (request, call) => {
      if (!channel.hasSubscribers) return next(request, call)
      const told: CallDiagnostics = {
        method: request.method,
        url: request.url,
        fields: {},
        notes: () => call.trace ?? [],
      }
      return channel.tracePromise(() => {
        const fields: Fields = { ...request.fields, ...told.fields }
        return next({ ...request, fields }, call)
      }, told)
    },
  }
}
