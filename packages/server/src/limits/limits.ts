// The policies of an API at work: what a request takes from each of them, and what is left.
import { type Caller, nameOfCaller } from '../auth/caller.ts'
import type { Rates } from '../define/rates.ts'
import { type Refused, refuse } from '../exchange/answer.ts'
import type { Exchange } from '../exchange/exchange.ts'
import { after, type Later, type Store } from '../store/store.ts'
import { nameOfAddress } from './address.ts'
import type { Counter } from './counter.ts'
import { countedMethod, type Policy, policiesOf, type Route, routeOf } from './policy.ts'
import { type Quotas, quotasIn } from './quota.ts'

/** What a policy said of a request. */
export type Left = {
  readonly policy: Policy
  readonly remaining: number
  /** Ms; undefined where nothing is renewed. */
  readonly reset: number | undefined
}

export type Limits = {
  /** Undefined where the request is within the limits that are asked at this point. */
  readonly ask: (x: Exchange, when: Policy['when']) => Later<Refused | undefined>
  readonly close: () => Promise<void>
}

export type LimitsContext = {
  readonly store: Store
  readonly now: () => number
  readonly report: (error: unknown) => void
  /** Of Redis or Valkey, to count for several processes. */
  readonly client: unknown
}

/** Takes the cost of a request; `over` where it is too much. */
type Taken = { readonly over: boolean; readonly used: number; readonly reset: number | undefined }
type Taking = (key: string, cost: number, x: Exchange) => Later<Taken>

/** Undefined where the definition limits nothing. */
export async function openLimits(rates: Rates | undefined, context: LimitsContext): Promise<Limits | undefined> {
  const policies = policiesOf(rates)
  if (policies.length === 0) return undefined
  const quotas = quotasIn(context.store, context.now, context.report)
  const { counterOf } = await import('./counter.ts')
  const open = policies.map(policy => ({ policy, take: takingFrom(policy, context, quotas, counterOf) }))
  const asked = { before: open.filter(isAsked('before')), after: open.filter(isAsked('after')) }
  return {
    ask: (x, when) => {
      const route = routeOf(x.target.place)
      return route === undefined ? undefined : askEach(x, asked[when], route, context.now)
    },
    close: quotas.close,
  }
}

type Open = { readonly policy: Policy; readonly take: Taking }
const isAsked =
  (when: Policy['when']) =>
  ({ policy }: Open): boolean =>
    policy.when === when

function takingFrom(
  policy: Policy,
  { client }: LimitsContext,
  quotas: Quotas,
  counterOf: typeof import('./counter.ts').counterOf,
): Taking {
  const { name, quota, window } = policy
  if (window === undefined) return slotsOf(quota)
  if (typeof window === 'number') return taking(counterOf(name, { quota, seconds: window }, client), quota)
  return (key, cost) =>
    after(quotas.take(name, key, cost, quota, window), ({ used, ms, taken }) => ({ over: !taken, used, reset: ms }))
}

const taking =
  (counter: Counter, quota: number): Taking =>
  async (key, cost) => {
    const { used, ms } = await counter.add(key, cost)
    return { over: used > quota, used, reset: ms }
  }

/** Requests under way, by key; there are no more keys than requests. */
function slotsOf(most: number): Taking {
  const running = new Map<string, number>()
  return (key, _cost, x) => {
    const before = running.get(key) ?? 0
    if (before >= most) return { over: true, used: before, reset: undefined }
    running.set(key, before + 1)
    x.incoming.ended(() => {
      const now = (running.get(key) ?? 1) - 1
      if (now === 0) running.delete(key)
      else running.set(key, now)
    })
    return { over: false, used: before + 1, reset: undefined }
  }
}

function askEach(
  x: Exchange,
  policies: readonly Open[],
  route: Route,
  now: () => number,
  from = 0,
): Later<Refused | undefined> {
  const method = countedMethod(x.method)
  for (let index = from; index < policies.length; index++) {
    const { policy, take } = policies[index] as Open
    const cost = policy.covers(x.caller) ? policy.costOf(method, route) : undefined
    if (cost === undefined) continue
    const taken = take(keyOf(policy, x, route), cost, x)
    const settle = (result: Taken): Refused | undefined => {
      const remaining = Math.max(0, policy.quota - result.used)
      x.left.push({ policy, remaining, reset: result.reset })
      return result.over ? refusalOf(policy, cost, result, now()) : undefined
    }
    if (taken instanceof Promise)
      return taken.then(result => settle(result) ?? askEach(x, policies, route, now, index + 1))
    const refused = settle(taken)
    if (refused) return refused
  }
  return undefined
}

function keyOf({ per, routes }: Policy, x: Exchange, names: Route): string {
  const who = per === 'api' ? 'all' : per === 'caller' ? nameOf(x.caller, x) : nameOfAddress(x.incoming.address())
  return routes === 'each' ? `${who} ${countedMethod(x.method)} ${names.at(-1)}` : who
}

const nameOf = (caller: Caller | undefined, x: Exchange): string =>
  caller === undefined ? nameOfAddress(x.incoming.address()) : nameOfCaller(caller)

function refusalOf(policy: Policy, cost: number, { reset }: Taken, now: number): Refused {
  const { name, quota, window, beyond } = policy
  const members = { 'violated-policies': [name] }
  if (reset === undefined)
    return refuse('rate-limited', `The policy “${name}” lets ${quota} requests be under way at a time; so many are.`, {
      members,
      fields: { 'retry-after': '1' },
    })
  const seconds = Math.ceil(reset / 1000)
  const per = typeof window === 'number' ? `in ${window} s` : `in a ${window}`
  const price = cost === 1 ? '' : `; this request is ${cost} of them`
  const renewed = new Date(now + reset).toISOString()
  if (beyond === 'pay')
    return refuse(
      'quota-exhausted',
      `The plan “${name}” has ${quota} requests ${per}${price}. It is renewed at ${renewed}.`,
      {
        members: { ...members, renewed },
      },
    )
  return refuse(
    'rate-limited',
    `The policy “${name}” allows ${quota} requests ${per}${price}. Come back in ${seconds} s.`,
    {
      members,
      fields: { 'retry-after': String(seconds) },
    },
  )
}
