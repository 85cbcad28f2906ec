// draft-ietf-httpapi-ratelimit-headers-11: what every answer says of the limits that its request met.
import { formatRateLimit } from '@comity/http'
import type { Answer } from '../exchange/answer.ts'
import type { Exchange } from '../exchange/exchange.ts'

export function withLimits(x: Exchange, answer: Answer): Answer {
  if (x.left.length === 0) return answer
  const now = x.runtime.now()
  const limits = x.left.map(({ policy, remaining, reset }) => ({
    name: policy.name,
    remaining,
    ...(reset !== undefined && { reset: reset / 1000 }),
  }))
  return {
    ...answer,
    fields: {
      ...answer.fields,
      'ratelimit-policy': x.left.map(({ policy }) => policy.described(now)).join(', '),
      ratelimit: formatRateLimit(limits) ?? '',
    },
  }
}
