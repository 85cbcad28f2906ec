// RFC 9110 §9.2.2: attempts that failed are repeated where that is safe, as @comity/http decides.
import {
  type Budget,
  budgetAfter,
  fullBudget,
  hasBudget,
  mayRetry,
  type Outcome,
  retryAfter,
  waitBefore,
  waitFor,
} from '@comity/http'
import { NetworkError } from '../errors.ts'
import { gathered } from '../exchange/gather.ts'
import type { Outgoing } from '../exchange/request.ts'
import type { Incoming } from '../exchange/response.ts'
import type { Call } from './call.ts'
import type { Layer, Send } from './layer.ts'

export type RetryOptions = {
  /** In all, the first one included; 3 by default. */
  readonly attempts?: number
  /** Ms that the first wait is at most, doubled for each further one; 300 by default. */
  readonly base?: number
  /** Ms that a wait is at most, where the server did not ask for more; 20,000 by default. */
  readonly cap?: number
  /** Ms that a server may ask to wait before the call is given up instead; 120,000 by default. */
  readonly patience?: number
  /** Only these statuses; all that are worth it when not given. */
  readonly statuses?: readonly number[]
}

/** What all calls of a client share: see `Budget`. False: no bound. */
export type RetryBudget = Partial<Pick<Budget, 'capacity' | 'perSecond' | 'perSuccess'>>

declare module './call.ts' {
  interface CallOptions {
    /** False sends each request once. */
    readonly retry?: RetryOptions | false
  }
}

/** Content that is read whole is read before an attempt counts as a success, up to this many bytes. */
const readAhead = 16 * 1024 * 1024

type Ended = { readonly incoming: Incoming } | { readonly error: unknown }

export function retry(options: RetryOptions = {}, rates: RetryBudget | false = {}): Layer {
  let budget: Budget | undefined
  const spend = (event: 'retried' | 'succeeded', now: number): void => {
    if (rates === false) return
    // A full budget stays full.
    if (event === 'succeeded' && (budget === undefined || budget.tokens >= budget.capacity)) return
    budget = budgetAfter(budget ?? fullBudget(now, rates), event, now)
  }
  const maySpend = (now: number): boolean => rates === false || budget === undefined || hasBudget(budget, now)

  function around(next: Send): Send {
    return (request, call) => {
      const own = call.options.retry
      if (own === false) return next(request, call)
      return next(request, call).then(
        incoming => {
          if (incoming.status < 400 && (call.reading === 'pieces' || incoming.body.complete)) {
            spend('succeeded', 0)
            return incoming
          }
          return goOn(request, call, { incoming }, own)
        },
        error => goOn(request, call, { error }, own),
      )
    }

    async function goOn(request: Outgoing, call: Call, first: Ended, own: RetryOptions | undefined): Promise<Incoming> {
      const { attempts = 3, base = 300, cap = 20_000, patience = 120_000, statuses } = { ...options, ...own }
      const { content, method, fields } = request
      let ended = await whole(first, call)
      for (let attempt = 1; ; attempt++) {
        const outcome = outcomeOf(ended, call, statuses)
        if (outcome === undefined) break
        const now = call.clock.now()
        const decision = mayRetry({
          method,
          hasIdempotencyKey: fields['idempotency-key'] !== undefined,
          contentReplayable: content?.kind !== 'source' || content.reading === 'again',
          outcome,
          attempt,
          limits: { attempts },
        })
        const what = 'incoming' in ended ? String(ended.incoming.status) : (ended.error as NetworkError).kind
        if (decision.kind === 'stop') {
          if (decision.why !== 'final')
            call.note('retry', `${what}; not tried again: ${stops[decision.why]}`, { attempt })
          break
        }
        if (!maySpend(now)) {
          call.note('retry', `${what}; not tried again: the calls of this client have used up their retries`, {
            attempt,
          })
          break
        }
        const asked = 'incoming' in ended ? ended.incoming.fields : {}
        const told = retryAfter(asked, now)
        const quota = told === undefined ? waitFor(asked, now) : undefined
        const reset = quota?.kind === 'wait' ? quota.ms : undefined
        const deadline = call.deadline === undefined ? undefined : { at: call.deadline, now }
        const { random } = call.clock
        const wait = waitBefore({ attempt, base, cap, retryAfter: told, rateLimitReset: reset, deadline, random })
        if (wait.kind === 'give-up' || (told ?? reset ?? 0) > patience) {
          const why =
            wait.kind === 'give-up' ? 'the deadline would be over' : 'that is longer than the client has patience'
          call.note('retry', `${what}; not tried again: to wait ${wait.ms} ms, ${why}`, { attempt, ms: wait.ms })
          break
        }
        call.note('retry', `${what}; tried again after ${wait.ms} ms (${reasons[wait.why]})`, {
          attempt,
          ms: wait.ms,
          why: decision.why,
        })
        spend('retried', now)
        if ('incoming' in ended) await ended.incoming.body.discard()
        if (wait.ms > 0) await call.clock.sleep(wait.ms, call.signal)
        ended = await whole(await settled(next(again(request, ended), call)), call)
      }
      if ('error' in ended) throw ended.error
      if (ended.incoming.status < 400) spend('succeeded', call.clock.now())
      return ended.incoming
    }
  }
  return { name: 'retry', around }
}

const settled = (sent: Promise<Incoming>): Promise<Ended> =>
  sent.then(
    incoming => ({ incoming }),
    error => ({ error }),
  )

/** Where the content is to be read whole, an attempt has not succeeded before it is here. */
async function whole(ended: Ended, call: Call): Promise<Ended> {
  if ('error' in ended || call.reading === 'pieces' || ended.incoming.body.complete) return ended
  try {
    return { incoming: { ...ended.incoming, body: await gathered(ended.incoming.body, readAhead) } }
  } catch (error) {
    return { error }
  }
}

/** undefined: nothing that another attempt could mend. */
function outcomeOf(ended: Ended, call: Call, statuses: readonly number[] | undefined): Outcome | undefined {
  if (call.signal?.aborted) return undefined
  if ('incoming' in ended) {
    const { status } = ended.incoming
    if (status < 400 || statuses?.includes(status) === false) return undefined
    return { kind: 'status', status }
  }
  const { error } = ended
  if (!(error instanceof NetworkError) || lasting.has(error.kind)) return undefined
  return { kind: 'network', phase: error.phase }
}

const lasting: ReadonlySet<string> = new Set(['tls', 'aborted', 'closed', 'circuit-open', 'too-large'])

/** RFC 8470 §5.2: what was too early is sent again as an ordinary request. */
function again(request: Outgoing, ended: Ended): Outgoing {
  if (!('incoming' in ended) || ended.incoming.status !== 425 || request.fields['early-data'] === undefined)
    return request
  return { ...request, fields: { ...request.fields, 'early-data': undefined } }
}

const stops = {
  'attempts-spent': 'that was the last attempt',
  'content-spent': 'its content was a stream that can be sent only once',
  'may-have-been-processed': 'it may have been processed, and has no idempotency key',
} as const

const reasons = {
  'retry-after': 'as Retry-After says',
  'rate-limit': 'as RateLimit says',
  backoff: 'backing off',
} as const
