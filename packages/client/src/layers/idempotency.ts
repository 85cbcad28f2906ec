// draft-ietf-httpapi-idempotency-key-header: one key for each logical call, whatever becomes of its attempts.
import { formatIdempotencyKey } from '@comity/http'
import type { Layer } from './layer.ts'

export type IdempotencyOptions = {
  /** The key of this call; drawn at random when not given. */
  readonly key?: string
  /** POST and PATCH by default. */
  readonly methods?: readonly string[]
}

declare module './call.ts' {
  interface CallOptions {
    /** False sends no key, so that POST and PATCH are not retried once they may have been processed. */
    readonly idempotency?: IdempotencyOptions | false
  }
}

const usual: readonly string[] = ['POST', 'PATCH']

export function idempotency(options: IdempotencyOptions = {}): Layer {
  return {
    name: 'idempotency',
    around: next => (request, call) => {
      const own = call.options.idempotency
      const methods = (own === undefined || own === false ? undefined : own.methods) ?? options.methods ?? usual
      if (own === false || !methods.includes(request.method) || request.fields['idempotency-key'] !== undefined)
        return next(request, call)
      const key = formatIdempotencyKey(own?.key ?? options.key ?? randomKey())
      return next({ ...request, fields: { ...request.fields, 'idempotency-key': key } }, call)
    },
  }
}

/** A UUID of version 4 (RFC 9562 §5.4). */
function randomKey(): string {
  if (crypto.randomUUID !== undefined) return crypto.randomUUID()
  // Browsers offer it over TLS only.
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
