// draft-ietf-httpapi-ratelimit-headers: RateLimit-Policy and RateLimit

import { type Fields, fieldValue } from './fields.ts'
import { type BareItem, formatList, type Item, isInnerList, itemOf, parseList } from './structured.ts'

/**
 * A quota that a server announces: `quota` units in each `window` of seconds. `unit` is `request` unless told, others
 * registered are `content-bytes` and `concurrent-requests`. `partitionKey` says whose quota it is. Draft §3.
 */
export type QuotaPolicy = {
  readonly name: string
  readonly quota: number
  readonly window?: number
  readonly unit?: string
  readonly partitionKey?: Uint8Array
}

/** What is left of a quota: `remaining` units until it is renewed in `reset` seconds. Draft §4. */
export type ServiceLimit = {
  readonly name: string
  readonly remaining: number
  readonly reset?: number
  readonly partitionKey?: Uint8Array
}

/** Reads `RateLimit-Policy`. A field that is malformed, and a member without name or quota, is ignored. Draft §3. */
export function parseRateLimitPolicy(field: string | undefined): readonly QuotaPolicy[] {
  return read(field, (name, parameters) => {
    const quota = countIn(parameters, 'q')
    const window = countIn(parameters, 'w')
    const unit = textOf(parameters.get('qu'))
    if (quota === undefined) return undefined
    return {
      name,
      quota,
      ...(window === undefined ? {} : { window }),
      ...(unit === undefined ? {} : { unit }),
      ...partitionIn(parameters),
    }
  })
}

/** Reads `RateLimit`. A field that is malformed, and a member without name or remaining units, is ignored. Draft §4. */
export function parseRateLimit(field: string | undefined): readonly ServiceLimit[] {
  return read(field, (name, parameters) => {
    const remaining = countIn(parameters, 'r')
    const reset = countIn(parameters, 't')
    if (remaining === undefined) return undefined
    return { name, remaining, ...(reset === undefined ? {} : { reset }), ...partitionIn(parameters) }
  })
}

function read<Row>(
  field: string | undefined,
  row: (name: string, parameters: ReadonlyMap<string, BareItem>) => Row | undefined,
): readonly Row[] {
  const rows: Row[] = []
  for (const member of parseList(field ?? '') ?? []) {
    if (isInnerList(member)) continue
    const [value, parameters] = member
    const name = textOf(value)
    const found = name === undefined ? undefined : row(name, parameters)
    if (found !== undefined) rows.push(found)
  }
  return rows
}

/** Names are strings; earlier drafts wrote them as tokens, and servers of that time still do. */
function textOf(value: BareItem | undefined): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'object' && value.kind === 'token' ? value.text : undefined
}

function countIn(parameters: ReadonlyMap<string, BareItem>, key: string): number | undefined {
  const value = parameters.get(key)
  return typeof value === 'number' && value >= 0 ? value : undefined
}

function partitionIn(parameters: ReadonlyMap<string, BareItem>): { readonly partitionKey?: Uint8Array } {
  const value = parameters.get('pk')
  return typeof value === 'object' && value.kind === 'bytes' ? { partitionKey: value.bytes } : {}
}

/**
 * Writes `RateLimit-Policy`; numbers are cut to whole ones. `''` where there is none to send, `undefined` where one has
 * no form on the wire (a name beyond ASCII). Draft §3.
 */
export function formatRateLimitPolicy(policies: readonly QuotaPolicy[]): string | undefined {
  return formatList(policies.map(policy => member(policy, { q: policy.quota, qu: policy.unit, w: policy.window })))
}

/** Writes `RateLimit`: a reset is rounded up, so that nobody comes too early. Otherwise as `formatRateLimitPolicy`. Draft §4. */
export function formatRateLimit(limits: readonly ServiceLimit[]): string | undefined {
  return formatList(
    limits.map(limit =>
      member(limit, { r: limit.remaining, t: limit.reset === undefined ? undefined : Math.ceil(limit.reset) }),
    ),
  )
}

function member(
  { name, partitionKey }: { readonly name: string; readonly partitionKey?: Uint8Array },
  parameters: Readonly<Record<string, number | string | undefined>>,
): Item {
  const written: Record<string, BareItem> = {}
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== undefined) written[key] = typeof value === 'number' ? Math.max(0, Math.floor(value)) : value
  }
  if (partitionKey !== undefined) written.pk = { kind: 'bytes', bytes: partitionKey }
  return itemOf(name, written)
}

/** Whether the fields of a response ask to wait: for `ms` from `now`, because the quota `name` is used up. */
export type QuotaWait =
  | { readonly kind: 'none' }
  | { readonly kind: 'wait'; readonly ms: number; readonly name: string }

/**
 * How long `RateLimit` asks a client to wait at `now` (ms), if the response came at `receivedAt` (ms): until the last of
 * the quotas with nothing left is renewed. A quota that does not say when it is renewed asks for nothing.
 * Draft §6; `Retry-After` goes before it, see `waitBefore`.
 */
export function waitFor(fields: Fields, now: number, receivedAt: number = now): QuotaWait {
  let wait: QuotaWait = { kind: 'none' }
  for (const { name, remaining, reset } of parseRateLimit(fieldValue(fields, 'ratelimit'))) {
    if (remaining > 0 || reset === undefined) continue
    const ms = Math.max(0, receivedAt + reset * 1000 - now)
    if (wait.kind === 'none' || ms > wait.ms) wait = { kind: 'wait', ms, name }
  }
  return wait
}
