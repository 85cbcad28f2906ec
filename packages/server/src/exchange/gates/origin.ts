// The CORS protocol: what a browser asks before it asks is answered before anything is asked of it.
import { isAllowedOrigin, parsePreflight, preflightFields } from '@comity/http'
import type { Stop } from '../answer.ts'
import type { Exchange } from '../exchange.ts'
import { allowedMethods } from '../methods.ts'

/** An origin that may not is told nothing: its OPTIONS is one like any other. */
export function notAPreflight(x: Exchange): Stop | undefined {
  const { cors } = x.runtime
  if (cors === undefined || x.method !== 'OPTIONS') return undefined
  const asked = parsePreflight(x.method, name => x.field(name))
  if (asked === undefined || !isAllowedOrigin(cors, asked.origin)) return undefined
  const fields = {
    ...preflightFields(cors, asked, allowedMethods(x.target.place)),
    vary: 'access-control-request-method, access-control-request-headers',
  }
  return { kind: 'answered', answer: { status: 204, fields, body: undefined } }
}
