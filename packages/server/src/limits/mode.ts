// What a server is in use for at the moment, as its operator says.
import { type Refused, refuse } from '../exchange/answer.ts'
import type { Exchange } from '../exchange/exchange.ts'

/** `until`: when it is due to end, in ms since the epoch or as a Date; callers are told to come back then. */
export type Mode =
  | { readonly kind: 'normal' }
  /** Every request is 503, those for the API's own pages aside. */
  | { readonly kind: 'maintenance'; readonly until?: number | Date; readonly reason?: string }
  /** Writes are 503, reads are live. */
  | { readonly kind: 'read-only'; readonly until?: number | Date; readonly reason?: string }

/** When to come back where nobody knows, in seconds. */
const someTime = 60

/** Undefined where the mode lets the request pass. What runs already, as a job, is finished. */
export function refusedByMode(x: Exchange, mode: Mode): Refused | undefined {
  if (mode.kind === 'normal' || x.method === 'OPTIONS' || x.run !== undefined) return undefined
  const { place } = x.target
  if (mode.kind === 'maintenance') {
    if (place.kind === 'page' && place.page !== 'readyz') return undefined
    return refusal(x, 'maintenance', mode, 'The service is under maintenance')
  }
  return writes(x) ? refusal(x, 'read-only-mode', mode, 'Nothing is changed at the moment') : undefined
}

function refusal(
  x: Exchange,
  code: string,
  { until, reason }: Exclude<Mode, { kind: 'normal' }>,
  what: string,
): Refused {
  const why = reason === undefined ? what : `${what}: ${reason}`
  if (until === undefined) return refuse(code, `${why}.`, { fields: { 'retry-after': String(someTime) } })
  const due = Number(until)
  const seconds = Math.max(1, Math.ceil((due - x.runtime.now()) / 1000))
  return refuse(code, `${why}, until ${new Date(due).toISOString()}.`, { fields: { 'retry-after': String(seconds) } })
}

/** A key, and a job to be done later, are written too. */
function writes(x: Exchange): boolean {
  if (x.isRead()) return false
  const { place } = x.target
  if (place.kind !== 'service' || place.service.effect === 'writes' || place.service.work) return true
  return x.fields['idempotency-key'] !== undefined || /respond-async/i.test(x.field('prefer') ?? '')
}
