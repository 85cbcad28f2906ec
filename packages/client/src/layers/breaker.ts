// One circuit breaker for each origin; its rules are those of @comity/http.
import {
  type Breaker,
  type BreakerEvent,
  type BreakerRules,
  breakerAfter,
  closedBreaker,
  isServerFailure,
  passageThrough,
  usualBreakerRules,
} from '@comity/http'
import { NetworkError } from '../errors.ts'
import { originOf } from '../exchange/target.ts'
import type { Call } from './call.ts'
import type { Layer } from './layer.ts'

export type BreakerOptions = Partial<BreakerRules>

declare module './call.ts' {
  interface CallOptions {
    /** False sends the request whatever became of others. */
    readonly breaker?: BreakerOptions | false
  }
}

/** Origins in trouble that are remembered. */
const most = 1000

export function breaker(options: BreakerOptions = {}): Layer {
  const rules: BreakerRules = { ...usualBreakerRules, ...options }
  // An origin that is not here is one whose last request was a success.
  const states = new Map<string, Breaker>()

  function ended(origin: string, event: BreakerEvent, call: Call): void {
    const before = states.get(origin) ?? closedBreaker
    const after = breakerAfter(before, event, call.clock.now(), rules)
    if (after === before) return
    if (after.kind === 'open')
      call.note('breaker', `${origin} is left alone for ${after.cooldown.toLocaleString('en')} ms: its requests failed`)
    if (after === closedBreaker) states.delete(origin)
    else {
      states.delete(origin)
      states.set(origin, after)
      if (states.size > most) states.delete(states.keys().next().value as string)
    }
  }

  return {
    name: 'breaker',
    around: next => (request, call) => {
      if (call.options.breaker === false) return next(request, call)
      if (states.size > 0) {
        const origin = originOf(request.url)
        const passage = passageThrough(states.get(origin) ?? closedBreaker, call.clock.now())
        if (passage.kind === 'refuse') return Promise.reject(refusal(origin, passage.until, call))
        if (passage.breaker.kind === 'half-open') {
          states.set(origin, passage.breaker)
          call.note('breaker', `${origin} is tried again`)
        }
      }
      return next(request, call).then(
        incoming => {
          const failed = isServerFailure(incoming.status)
          if (failed || states.size > 0) ended(originOf(request.url), failed ? 'failed' : 'succeeded', call)
          return incoming
        },
        error => {
          ended(originOf(request.url), isTheirs(error) ? 'failed' : 'unknown', call)
          throw error
        },
      )
    },
  }
}

function isTheirs(error: unknown): boolean {
  return error instanceof NetworkError && error.kind !== 'aborted' && error.kind !== 'closed'
}

function refusal(origin: string, until: number | undefined, call: Call): NetworkError {
  const wait =
    until === undefined ? 'until one has shown that it answers again' : `for ${until - call.clock.now()} ms more`
  call.note('breaker', `not sent: ${origin} is left alone ${wait}`)
  return new NetworkError(
    'circuit-open',
    'connect',
    `nothing was sent to ${origin}: its last requests failed, and it is left alone ${wait}`,
  )
}
