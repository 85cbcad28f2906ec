// What else an answer says about itself: pages, limits, age, safety.
import { fieldValue, parseLinks, parseRateLimit, parseRateLimitPolicy } from '@comity/http'
import type { Finding, Observed } from './finding.ts'

const found = (kind: Finding['kind'], text: string, section: string): Finding => ({
  kind,
  about: 'more',
  text,
  section,
})

export function* lookAtMore({ url, answer }: Observed): Generator<Finding> {
  const { fields } = answer
  const has = (name: string) => fieldValue(fields, name)
  const rels = parseLinks(has('link') ?? '').flatMap(({ rel }) => rel)
  if (rels.length > 0) yield found('promised', `Link leads to ${[...new Set(rels)].join(', ')}.`, 'RFC 8288 §3')
  const [limit] = parseRateLimit(has('ratelimit'))
  const [policy] = parseRateLimitPolicy(has('ratelimit-policy'))
  if (limit)
    yield found(
      'promised',
      `${limit.remaining} requests are left${limit.reset === undefined ? '' : ` for ${limit.reset} s`}${policy ? ` of ${policy.quota}` : ''}.`,
      'draft-ietf-httpapi-ratelimit-headers §4',
    )
  else if (Object.keys(fields).some(name => name.startsWith('x-ratelimit')))
    yield found(
      'missing',
      'Limits are told in fields of its own (X-RateLimit-…); clients read RateLimit and RateLimit-Policy.',
      'draft-ietf-httpapi-ratelimit-headers §4',
    )
  if (has('deprecation') !== undefined)
    yield found(
      'promised',
      `It is deprecated${has('sunset') === undefined ? '' : `, and gone after ${has('sunset')}`}.`,
      'RFC 9745 §2',
    )
  const digest = has('repr-digest') ?? has('content-digest')
  if (digest !== undefined)
    yield found('promised', 'A digest lets clients see whether all of it came as it was sent.', 'RFC 9530 §2')
  if (url.startsWith('https:') && has('strict-transport-security') === undefined)
    yield found('missing', 'Strict-Transport-Security would keep browsers from asking without TLS.', 'RFC 6797 §6.1')
  const server = has('server') ?? has('x-powered-by')
  if (server !== undefined && /\d/.test(server))
    yield found(
      'missing',
      `It tells the version of what it runs on (${server}), which helps nobody but attackers.`,
      'RFC 9110 §17.12',
    )
}
