// Faults of what a definition says of rates.
import type { ApiDefinition, Resources } from './api.ts'
import type { Fault } from './definition-error.ts'
import { isSegment } from './names.ts'
import type { RateDefinition } from './rates.ts'

const methods: ReadonlySet<string> = new Set(['GET', 'QUERY', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const members: ReadonlySet<string> = new Set([
  ...['per', 'requests', 'window', 'concurrent', 'on', 'costs', 'routes', 'for', 'beyond'],
])

export function checkRates({ rates = {}, resources }: ApiDefinition): readonly Fault[] {
  const names = namesIn(resources ?? {})
  return Object.entries(rates).flatMap(([name, rate]) => checkRate(name, rate, names))
}

/** The routes that may be named. */
function namesIn(resources: Resources): ReadonlySet<string> {
  const names = new Set(['jobs', 'uploads', 'pages'])
  for (const [name, { kind, definition }] of Object.entries(resources)) {
    names.add(name)
    if (kind !== 'collection') continue
    for (const nested of Object.keys(definition.nested ?? {})) names.add(`${name}.${nested}`)
  }
  return names
}

function checkRate(name: string, rate: RateDefinition, names: ReadonlySet<string>): Fault[] {
  const place = `rates.${name}`
  const faults: Fault[] = []
  const say = (where: string, problem: string) => faults.push({ place: where ? `${place}.${where}` : place, problem })
  if (!isSegment(name)) say('', 'a policy’s name is lower-case words joined by hyphens')
  if (typeof rate !== 'object' || rate === null) return [...faults, { place, problem: 'must be an object' }]
  for (const member of Object.keys(rate)) if (!members.has(member)) say(member, 'is not known')
  const { per, requests, window, concurrent, on = [], costs = {}, routes = 'together', beyond = 'wait' } = rate
  if (!['caller', 'address', 'api'].includes(per)) say('per', 'must be caller, address or api')
  if (routes !== 'together' && routes !== 'each') say('routes', 'must be together or each')
  if (beyond !== 'wait' && beyond !== 'pay') say('beyond', 'must be wait or pay')
  if (concurrent !== undefined) {
    if (!isCount(concurrent)) say('concurrent', 'must be a whole number, 1 or more')
    if (requests !== undefined || window !== undefined || rate.costs !== undefined || rate.beyond !== undefined)
      say('concurrent', 'stands alone: it has no requests, window, costs or beyond')
  } else {
    if (!isCount(requests)) say('requests', 'must be a whole number, 1 or more')
    if (window !== 'day' && window !== 'month' && !(isCount(window) && window <= 86_400))
      say('window', 'must be whole seconds (86,400 at most), day or month')
    if (beyond === 'pay' && typeof window === 'number') say('beyond', 'pay is for a plan by the day or the month')
  }
  for (const route of on) for (const problem of faultsOfRoute(route, names)) say('on', problem)
  for (const [route, cost] of Object.entries(costs)) {
    for (const problem of faultsOfRoute(route, names)) say(`costs.${route}`, problem)
    if (!(Number.isInteger(cost) && cost >= 0)) say(`costs.${route}`, 'must be a whole number, 0 or more')
    else if (cost > (requests ?? 0)) say(`costs.${route}`, 'is more than there is')
  }
  return faults
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 1

function faultsOfRoute(route: string, names: ReadonlySet<string>): readonly string[] {
  const words = route.split(' ')
  const method = methods.has(words[0] ?? '') ? words.shift() : undefined
  const [name, ...more] = words
  if (more.length > 0) return [`“${route}” is no route, such as accounts, POST or POST accounts`]
  if (name === undefined) return method === undefined ? ['a route is empty'] : []
  return names.has(name) ? [] : [`“${name}” is none of ${[...names].join(', ')}`]
}
