// draft-ietf-httpapi-ratelimit-headers-11 §3: a quota policy, as the gates ask it.
import { formatRateLimitPolicy } from '@comity/http'
import type { Caller } from '../auth/caller.ts'
import type { RateDefinition, Rates } from '../define/rates.ts'
import type { Place } from '../exchange/target.ts'
import { type Period, periodAt } from './period.ts'

export type Policy = {
  readonly name: string
  readonly per: RateDefinition['per']
  /** `before`: asked before credentials are looked at. */
  readonly when: 'before' | 'after'
  readonly unit: 'requests' | 'concurrent'
  readonly quota: number
  /** Seconds, or a period of the calendar; undefined where what runs at the same time is counted. */
  readonly window: number | Period | undefined
  readonly routes: 'together' | 'each'
  readonly beyond: 'wait' | 'pay'
  readonly covers: (caller: Caller | undefined) => boolean
  /** Units that a request costs; undefined where the policy is not about it. */
  readonly costOf: (method: string, route: Route) => number | undefined
  /** A member of RateLimit-Policy; the window of a month depends on which it is. `now` in ms since the epoch. */
  readonly described: (now: number) => string
}

/** In the order in which they are asked: what is used up for longest comes last, so that nothing is taken from it in vain. */
export function policiesOf(rates: Rates = {}): readonly Policy[] {
  const all = Object.entries(rates).map(([name, rate]) => policyOf(name, rate))
  return all.toSorted((one, other) => weightOf(one) - weightOf(other))
}

const weightOf = ({ window }: Policy): number => (typeof window === 'string' ? 1 : 0)

function policyOf(name: string, rate: RateDefinition): Policy {
  const { per, requests = 0, window, concurrent, on, costs = {}, routes = 'together', beyond = 'wait' } = rate
  const quota = concurrent ?? requests
  const unit = concurrent === undefined ? 'requests' : 'concurrent'
  const described = (seconds: number | undefined) =>
    formatRateLimitPolicy([
      {
        name,
        quota,
        ...(seconds !== undefined && { window: seconds }),
        ...(concurrent !== undefined && { unit: 'concurrent-requests' }),
      },
    ]) ?? ''
  const once = typeof window === 'string' ? undefined : described(window)
  return {
    name,
    per,
    when: per === 'address' && rate.for === undefined ? 'before' : 'after',
    unit,
    quota,
    window: concurrent === undefined ? window : undefined,
    routes,
    beyond,
    covers: coverage(rate.for),
    costOf: (method, route) => {
      const names = namesOf(method, route)
      if (on !== undefined && !on.some(each => names.includes(each))) return undefined
      const named = names.find(each => Object.hasOwn(costs, each))
      return named === undefined ? 1 : costs[named]
    },
    described: now => {
      if (typeof window !== 'string') return once ?? ''
      const { begins, ends } = periodAt(window, now)
      return described((ends - begins) / 1000)
    },
  }
}

function coverage(whose: RateDefinition['for']): Policy['covers'] {
  if (whose === undefined) return () => true
  if (whose === 'anonymous') return caller => caller === undefined
  if (whose === 'known') return caller => caller !== undefined
  const claims = Object.entries(whose)
  return caller => caller !== undefined && claims.every(([name, value]) => caller.claims[name] === value)
}

/** What a request is about, as policies name it; the most special name first. */
export type Route = readonly [string, ...string[]]

/** What a policy may call a request, the most special name first. What is said of GET holds for whatever else reads. */
function namesOf(method: string, routes: Route): readonly string[] {
  const methods = method === 'QUERY' ? ['QUERY', 'GET'] : [method]
  return [...routes.flatMap(route => methods.map(each => `${each} ${route}`)), ...routes, ...methods]
}

/** Undefined for what is never counted: whether the process is alive and ready. */
export function routeOf(place: Place): Route | undefined {
  switch (place.kind) {
    case 'collection':
    case 'item':
    case 'file': {
      const { name, parent, whole } = place.collection
      // Items that are reached by another way are the same items.
      if (parent) return whole ? [`${parent.name}.${name}`, whole.name] : [`${parent.name}.${name}`]
      return [name]
    }
    case 'service':
      return [place.service.name]
    case 'jobs':
    case 'job':
    case 'job-result':
      return ['jobs']
    case 'upload':
      return ['uploads']
    case 'page':
      return place.page === 'livez' || place.page === 'readyz' ? undefined : ['pages']
    default:
      return ['']
  }
}

/** HEAD is a GET of which less is sent. */
export const countedMethod = (method: string): string => (method === 'HEAD' ? 'GET' : method)
