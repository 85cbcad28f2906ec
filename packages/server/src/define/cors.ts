// Whose pages may call the API from a browser, as a definition says it.
import type { CorsPolicy } from '@comity/http'
import type { Fault } from './definition-error.ts'

export type CorsDefinition = {
  /** `https://app.example.org`, `https://*.example.org`, or `*` for any. */
  readonly origins: readonly string[]
  /** `allowed`: browsers may send cookies. `left-out` by default. */
  readonly credentials?: 'allowed' | 'left-out'
  /** Response fields of the API's own that scripts may read. */
  readonly expose?: readonly string[]
  /** Seconds for which a browser may remember what it was told beforehand; 600 by default. */
  readonly maxAge?: number
}

/** Response fields that scripts may not read by themselves. */
const exposed = [
  'Accept-Patch',
  'Accept-Post',
  'Accept-Query',
  'Accept-Ranges',
  'Allow',
  'API-Version',
  'Authentication-Info',
  'Content-Digest',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Location',
  'Content-Range',
  'Deprecation',
  'ETag',
  'Idempotency-Replayed',
  'Link',
  'Location',
  'Preference-Applied',
  'RateLimit',
  'RateLimit-Policy',
  'Repr-Digest',
  'Retry-After',
  'Sunset',
  'Upload-Complete',
  'Upload-Limit',
  'Upload-Offset',
  'WWW-Authenticate',
  'X-Request-Id',
  'X-Total-Count',
]

export function corsPolicyOf(definition: CorsDefinition): CorsPolicy {
  const { origins, credentials = 'left-out', expose = [], maxAge = 600 } = definition
  return { origins, credentials, exposed: [...exposed, ...expose], maxAge }
}

export function checkCors(definition: CorsDefinition | undefined): readonly Fault[] {
  if (definition === undefined) return []
  const faults: Fault[] = []
  const say = (where: string, problem: string) => faults.push({ place: `cors.${where}`, problem })
  const { origins, credentials, expose = [], maxAge = 0 } = definition
  if (!Array.isArray(origins) || origins.length === 0) return [{ place: 'cors.origins', problem: 'names no origin' }]
  for (const origin of origins)
    if (!isOrigin(origin))
      say('origins', `“${origin}” is no origin, such as https://app.example.org, https://*.example.org or *`)
  if (credentials === 'allowed' && origins.includes('*'))
    say('credentials', 'are for origins that are named, not for *')
  for (const name of expose)
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) say('expose', `“${name}” is no field name`)
  if (!(Number.isInteger(maxAge) && maxAge >= 0)) say('maxAge', 'is whole seconds')
  return faults
}

function isOrigin(text: string): boolean {
  if (text === '*') return true
  const plain = text.replace(/^([a-z][a-z0-9+.-]*:\/\/)\*\./, '$1any.')
  return URL.canParse(plain) && `${new URL(plain).protocol}//${new URL(plain).host}` === plain
}
