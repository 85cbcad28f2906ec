// RFC 9111: a cache between the caller and everything that costs time. What may be stored and used is decided in
// @comity/http; here it is done, and the trace says why.
import { type Cache, decideReuse, type Fields, fieldValue, isSafe, type Reuse, selectStored } from '@comity/http'
import { memoryStore } from '../../cache/memory.ts'
import { boundsOf, type CacheStore, type Kept, type StoreBounds } from '../../cache/store.ts'
import type { Outgoing } from '../../exchange/request.ts'
import type { Incoming } from '../../exchange/response.ts'
import type { Call } from '../call.ts'
import type { Layer, Send } from '../layer.ts'
import { drained } from './body.ts'
import { type Keeper, keeping } from './keep.ts'
import { type Question, questionOf, type Reading } from './question.ts'
import { served, unavailable } from './serve.ts'
import { type Forward, type Keep, validating } from './validate.ts'
import { agesOf, ageWords } from './words.ts'
import { invalidate, Writes } from './writes.ts'

/**
 * How one call uses the cache, in the words of `fetch`: `no-store` passes it by, `reload` asks anew and stores,
 * `no-cache` validates what is stored, `force-cache` takes what is stored however old, `only-if-cached` asks nobody.
 */
export type CacheWish = 'default' | 'no-store' | 'reload' | 'no-cache' | 'force-cache' | 'only-if-cached'

declare module '../call.ts' {
  interface CallOptions {
    /** False passes the cache by and leaves it as it is. Options are for a client. */
    readonly cache?: CacheWish | CacheOptions | false | undefined
  }
}

export type CacheOptions = StoreBounds & {
  /** `private` (unless told) serves one user; `shared` serves many, and stores less. */
  readonly mode?: 'private' | 'shared'
  /** In memory unless told. */
  readonly store?: CacheStore
  /** Told apart from others that use the same store: the user, where several share one. */
  readonly partition?: string
  /**
   * The part of the time since `Last-Modified` for which a response that says nothing of it stays fresh (RFC 9111 §4.2.2
   * suggests 0.1); 0 unless told, so that nothing is guessed.
   */
  readonly heuristicFraction?: number
  /** Whether what is stale may answer where no server can be reached; it may not unless told. */
  readonly disconnected?: 'fail' | 'serve-stale'
}

export type CacheLayer = Layer & {
  readonly store: CacheStore
  /** Resolves once no revalidation runs in the background. */
  readonly idle: () => Promise<void>
}

/** How long a revalidation in the background may take, in ms. */
const backgroundLimit = 60_000

const wishes: Readonly<Partial<Record<CacheWish, string>>> = {
  'no-store': 'no-store',
  reload: 'no-cache',
  'no-cache': 'no-cache',
  'force-cache': 'max-stale',
  'only-if-cached': 'only-if-cached, max-stale',
}

/** The layer that answers from stored responses, and stores. RFC 9111. */
export function cache(given: CacheOptions | CacheWish = {}): CacheLayer {
  const options = typeof given === 'string' ? {} : given
  const usual = typeof given === 'string' ? given : undefined
  const store = options.store ?? memoryStore(options)
  const mode = options.mode ?? 'private'
  const policy: Cache = {
    kind: mode,
    parts: 'keep',
    heuristicFraction: options.heuristicFraction ?? 0,
    disconnected: options.disconnected ?? 'fail',
  }
  const writes = new Writes()
  const keeper: Keeper = {
    store,
    policy,
    entryBytes: boundsOf(options).entryBytes,
    changedSince: (url, mark) => writes.changedSince(url, mark),
  }
  const background = new Map<string, Promise<void>>()

  const around = (next: Send, inner: readonly Layer[] = []): Send => {
    const adding = inner.flatMap(({ adds }) => (adds === undefined ? [] : [adds]))
    const reading: Reading = {
      mode,
      partition: options.partition ?? '',
      adds: (request, call) => {
        let all: Fields | undefined
        for (const adds of adding) {
          const fields = adds(request, call)
          if (fields !== undefined) all = all === undefined ? fields : { ...all, ...fields }
        }
        return all
      },
    }

    /** Sends, and stores what comes. */
    const forward: Forward = async (request, question, call) => {
      const requestTime = call.clock.now()
      const mark = writes.mark()
      const answer = await next(request, call)
      return kept(answer, question, requestTime, mark, call)
    }
    const kept: Keep = async (answer, question, requestTime, mark, call) => {
      const responseTime = call.clock.now()
      const answered = await redirected(answer, question, call)
      if (answered === undefined) {
        call.note('cache', 'not stored: redirected')
        return answer
      }
      return keeping(keeper, answered, answer, { requestTime, responseTime }, mark, call)
    }
    /** A response after redirections belongs to the target that gave it, not to the one that was asked. */
    const redirected = (
      answer: Incoming,
      question: Question,
      call: Call,
    ): Question | undefined | Promise<Question | undefined> => {
      if (answer.hops === undefined || answer.hops.length === 0) return question
      const { method, fields } = question.asked
      if (method === 'QUERY' || answer.hops.some(hop => hop.method !== method)) return undefined
      return questionOf({ method, url: answer.url, fields, content: undefined }, fields, reading, call)
    }
    const validate = validating({ keeper, writes, next, forward, kept })

    /** RFC 5861 §3: once for all who are served meanwhile, and for the account of none of them. */
    const validateLater = (request: Outgoing, question: Question, stored: Kept, call: Call): void => {
      const own = `${question.key} ${stored.id}`
      if (background.has(own)) return
      const { clock } = call
      const quiet: Call = {
        ...call,
        signal: undefined,
        deadline: clock.now() + backgroundLimit,
        note: () => {},
        trace: [],
      }
      const running = validate(request, question, stored, quiet)
        .then(answer => drained(answer.body))
        // Whoever asks next will see for itself.
        .catch(() => {})
        .finally(() => background.delete(own))
      background.set(own, running)
    }

    const used = (
      reuse: Extract<Reuse, { kind: 'use' }>,
      request: Outgoing,
      question: Question,
      stored: Kept | undefined,
      content: Uint8Array | undefined,
      call: Call,
    ): Incoming | Promise<Incoming> => {
      if (stored === undefined || content === undefined) {
        call.note('cache', 'what was stored is gone')
        return forward(request, question, call)
      }
      const now = call.clock.now()
      const fresh = reuse.why === 'fresh'
      const later = reuse.validation === 'in-background' ? ', revalidated in the background' : ''
      const words = fresh ? 'served fresh' : `served stale, as ${reuse.why} allows`
      const ages = agesOf(stored, now, policy)
      call.note('cache', `${words} (${ageWords(ages)})${later}`, ages)
      if (reuse.validation === 'in-background') validateLater(request, question, stored, call)
      return served(question.asked, stored, content, now, fresh ? 'fresh' : 'stale')
    }

    const decided = (
      reuse: Reuse,
      request: Outgoing,
      question: Question,
      stored: Kept | undefined,
      call: Call,
    ): Incoming | Promise<Incoming> => {
      switch (reuse.kind) {
        case 'unavailable':
          call.note('cache', '504: only-if-cached, and nothing stored may be used')
          return unavailable(request.url)
        case 'forward':
          if (reuse.why !== 'not-stored') call.note('cache', `passed by: ${reuse.why}`, { why: reuse.why })
          return forward(request, question, call)
        case 'validate': {
          if (stored === undefined) return forward(request, question, call)
          const ages = agesOf(stored, call.clock.now(), policy)
          call.note('cache', `stored (${ageWords(ages)}), to be validated: ${reuse.why}`, { why: reuse.why, ...ages })
          if ((call.options.cache ?? usual) === 'reload') return forward(request, question, call)
          return validate(request, question, stored, call)
        }
        case 'use': {
          const content = stored === undefined ? undefined : store.content(stored)
          return content instanceof Promise
            ? content.then(found => used(reuse, request, question, stored, found, call))
            : used(reuse, request, question, stored, content, call)
        }
        default:
          return reuse satisfies never
      }
    }

    return async (given, call) => {
      const own = call.options.cache
      const wish = typeof own === 'string' ? own : usual
      if (own === false) return next(given, call)
      const { method } = given
      if (method !== 'GET' && method !== 'HEAD' && method !== 'QUERY') {
        return isSafe(method) ? next(given, call) : invalidate(store, writes, given, call, next)
      }
      const request = wished(given, wish)
      const asking = questionOf(request, request.fields, reading, call)
      const question = asking instanceof Promise ? await asking : asking
      if (question === undefined) {
        call.note('cache', 'passed by: it has no key')
        return next(request, call)
      }
      const found = store.variants(question.key)
      const candidates = found instanceof Promise ? await found : found
      const stored = selectStored(question.asked, candidates)
      const reuse = decideReuse(question.asked, stored, call.clock.now(), policy)
      return decided(reuse, request, question, stored, call)
    }
  }

  return {
    name: 'cache',
    around,
    store,
    async idle() {
      while (background.size > 0) await Promise.all(background.values())
    },
  }
}

/** What the caller wants of the cache is said in the field too, so that caches on the way do the same. */
function wished(request: Outgoing, wish: CacheWish | undefined): Outgoing {
  const said = wish === undefined ? undefined : wishes[wish]
  if (said === undefined) return request
  const own = fieldValue(request.fields, 'cache-control')
  const fields: Fields = { ...request.fields, 'cache-control': own === undefined ? said : `${own}, ${said}` }
  return { ...request, fields }
}
