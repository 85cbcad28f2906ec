// Metadata of OAuth, as an answer. Whoever writes a page for browsers reads it too: there is nothing secret in it.
import { type Answer, refuse } from '../../exchange/answer.ts'
import type { Exchange } from '../../exchange/exchange.ts'
import { refusedAnswer } from '../../exchange/problem-answer.ts'

export function jsonAnswer(x: Exchange, value: unknown): Answer {
  if (x.method === 'OPTIONS') return { status: 204, fields: { allow: 'GET, HEAD, OPTIONS' }, body: undefined }
  if (x.method !== 'GET' && x.method !== 'HEAD') {
    const fields = { allow: 'GET, HEAD, OPTIONS' }
    return refusedAnswer(
      x,
      refuse('method-not-allowed', `${x.method} is not allowed on “${x.target.path}”.`, { fields }),
    )
  }
  const body = Buffer.from(JSON.stringify(value))
  return {
    status: 200,
    fields: {
      'content-type': 'application/json',
      'content-length': String(body.length),
      'cache-control': 'public, no-cache',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
    },
    body,
  }
}
