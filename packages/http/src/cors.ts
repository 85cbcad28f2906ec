// The CORS protocol (https://fetch.spec.whatwg.org/#http-cors-protocol): pages of which origins may read answers

export type CorsPolicy = {
  /** `https://app.example.org`, `https://*.example.org`, or `*` for any. */
  readonly origins: readonly string[]
  /** Whether browsers may send cookies, and what they know to sign in with; never with `*`. */
  readonly credentials: 'allowed' | 'left-out'
  /** Response fields that scripts may read besides those they always may. */
  readonly exposed: readonly string[]
  /** Seconds for which a browser may remember what it was told beforehand. */
  readonly maxAge: number
}

/** Whether pages of this origin may read answers. What a page without an origin sends (`null`) only `*` allows. */
export const isAllowedOrigin = ({ origins }: CorsPolicy, origin: string): boolean =>
  origins.some(allowed => allowed === '*' || allowed === origin || isBelow(allowed, origin))

function isBelow(allowed: string, origin: string): boolean {
  const [scheme, domain] = allowed.split('*')
  if (scheme === undefined || domain === undefined) return false
  if (!origin.startsWith(scheme) || !origin.endsWith(domain)) return false
  return /^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(origin.slice(scheme.length, origin.length - domain.length))
}

/** Fields of every answer to a request from a page of this origin; none where it may not read it. */
export function corsFields(policy: CorsPolicy, origin: string | undefined): Readonly<Record<string, string>> {
  if (origin === undefined || !isAllowedOrigin(policy, origin)) return {}
  const isAny = policy.origins.includes('*')
  return {
    'access-control-allow-origin': isAny ? '*' : origin,
    ...(policy.credentials === 'allowed' && !isAny && { 'access-control-allow-credentials': 'true' }),
    ...(policy.exposed.length > 0 && { 'access-control-expose-headers': policy.exposed.join(', ') }),
  }
}

/** What a browser asks before it sends what a form could not send. */
export type Preflight = { readonly origin: string; readonly method: string; readonly fields: readonly string[] }

/** Undefined where the request is an OPTIONS like any other. */
export function parsePreflight(method: string, field: (name: string) => string | undefined): Preflight | undefined {
  const [origin, wanted] = [field('origin'), field('access-control-request-method')]
  if (method !== 'OPTIONS' || origin === undefined || wanted === undefined) return undefined
  const names = (field('access-control-request-headers') ?? '').split(',').map(name => name.trim().toLowerCase())
  return { origin, method: wanted, fields: names.filter(name => /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) }
}

/** Fields of the answer to it, besides `corsFields`; `methods` are those that its target allows. */
export function preflightFields(
  policy: CorsPolicy,
  { fields }: Preflight,
  methods: readonly string[],
): Readonly<Record<string, string>> {
  return {
    'access-control-allow-methods': methods.join(', '),
    ...(fields.length > 0 && { 'access-control-allow-headers': fields.join(', ') }),
    'access-control-max-age': String(policy.maxAge),
  }
}
