// A write counts once: the answer to a request with an idempotency key commits in the same transaction as its effect,
// and a repeat gets that answer again. draft-ietf-httpapi-idempotency-key-header-07 §2.
import { after, type KeptAnswer, type Later, type Transaction } from '../store/store.ts'
import { type Answer, type Refused, refuse } from './answer.ts'
import type { Exchange, RequestKey } from './exchange.ts'
import { answerFailure, isFinal, Rehearsed, refusalOf } from './failure.ts'
import { refusedAnswer } from './problem-answer.ts'

/** Runs `act` in a transaction, unless the key tells that it was run already. */
export function writeOnce(x: Exchange, key: RequestKey, act: (tx: Transaction) => Later<Answer>): Promise<Answer> {
  const { running } = x.runtime
  const name = JSON.stringify([key.name.caller, key.name.key])
  const under = running.get(name)
  if (under !== undefined) return Promise.resolve(under === key.fingerprint ? inUse(x, key) : reused(x, key))
  running.set(name, key.fingerprint)
  const write = async () => {
    try {
      return await x.write(tx =>
        after(tx.recall(key.name), kept => {
          if (kept === undefined) return first(x, key, tx, act)
          return kept.fingerprint === key.fingerprint ? replay(x, key, kept) : reused(x, key)
        }),
      )
    } finally {
      running.delete(name)
    }
  }
  return write()
}

/** What the caller did wrong is as final as what was done; what failed inside is rolled back, and not remembered. */
function first(x: Exchange, key: RequestKey, tx: Transaction, act: (tx: Transaction) => Later<Answer>): Later<Answer> {
  const { limits, retention } = x.runtime.model
  const remember = (answer: Answer): Later<Answer> => {
    if (answer.status >= 500) throw new Rehearsed(answer)
    const expires = tx.now + retention.keys
    return after(tx.keep(key.name, keptOf(answer, key.fingerprint, limits.replay), expires), () => answer)
  }
  const refused = (error: unknown): Later<Answer> => {
    const refusal = refusalOf(x, error)
    if (refusal === undefined || !isFinal(x, refusal)) throw error
    return remember(answerFailure(x, error))
  }
  let tried: Later<Answer>
  try {
    tried = tx.attempt(act)
  } catch (error) {
    return refused(error)
  }
  return tried instanceof Promise ? tried.then(remember, refused) : remember(tried)
}

/** Of one message, or of one moment. */
const passing: ReadonlySet<string> = new Set(['connection', 'date', 'age'])

/** An answer as it is kept, without a body of more than `limit` bytes. */
export function keptOf({ status, fields, body }: Answer, fingerprint: string, limit: number): KeptAnswer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body instanceof Uint8Array ? body : undefined
  const lasting = Object.entries(fields).filter(([name]) => !passing.has(name))
  return {
    fingerprint,
    status,
    fields: Object.fromEntries(lasting),
    body: bytes && bytes.length <= limit ? bytes : undefined,
  }
}

const describesContent: ReadonlySet<string> = new Set([
  'content-type',
  'content-length',
  'content-location',
  'preference-applied',
])

function replay(x: Exchange, { name }: RequestKey, { status, fields, body }: KeptAnswer): Answer {
  note(x, `the first answer to the key “${name.key}” is given again`)
  // What was fresh when it was first said may not be any more.
  const fresh = fields['cache-control'] !== undefined && fields['cache-control'] !== 'no-store'
  const replayed = { ...fields, ...(fresh && { 'cache-control': 'no-cache' }), 'idempotency-replayed': 'true' }
  return toldAgain({ status, fields: replayed, body })
}

/** The answer that was kept. */
export function toldAgain({ status, fields, body }: Omit<KeptAnswer, 'fingerprint'>): Answer {
  if (body !== undefined || fields['content-type'] === undefined) return { status, fields, body }
  // It was too large to keep: what it did stands, and is told as `return=minimal` would.
  const told = Object.fromEntries(Object.entries(fields).filter(([field]) => !describesContent.has(field)))
  return {
    status,
    fields: { ...told, 'content-length': '0', 'preference-applied': 'return=minimal' },
    body: undefined,
  }
}

const inUse = (x: Exchange, { name }: RequestKey): Answer =>
  refused(
    x,
    refuse('idempotency-key-in-use', `The first request with the key “${name.key}” is still being worked on.`, {
      fields: { 'retry-after': '1' },
    }),
  )

const reused = (x: Exchange, { name }: RequestKey): Answer =>
  refused(
    x,
    refuse(
      'idempotency-key-reused',
      `The key “${name.key}” was used for another request: method, target or content differ.`,
    ),
  )

function refused(x: Exchange, refusal: Refused): Answer {
  note(x, `${refusal.code}: ${refusal.detail}`)
  return refusedAnswer(x, refusal)
}

function note({ trace }: Exchange, because: string): void {
  const section = 'draft-ietf-httpapi-idempotency-key-header-07 §2.6'
  trace?.push({ gate: 'key unused', section, outcome: 'answered', because })
}
