// Resources that are verbs: a computation over the collections, with an address.
import type { Caller } from '../auth/caller.ts'
import type { Later } from '../store/store.ts'
import type { ServiceAccess } from './access.ts'
import type { CacheControlDefinition } from './caching.ts'
import type { Tables } from './collection.ts'
import type { Entry, Fields, LooseEntry } from './fields.ts'

export type ServiceContext = {
  /**
   * The collections: in the transaction for a service that writes, as they are for one that reads. Where access is declared,
   * they are as the caller sees them, and take what the caller may write.
   */
  readonly tx: Tables
  /** The same as they are, whoever calls. */
  readonly all: Tables
  /** Who calls; undefined: nobody in particular. */
  readonly caller: Caller | undefined
  /** Aborted when the caller has gone away, and when the handler has had its time: to be given to whatever it waits for. */
  readonly signal: AbortSignal
  /** For the Via field of requests that the handler makes, so that one that comes back here is told as a loop (508). */
  readonly via: string
  /** The query words of a POST, by `query` of the definition. */
  readonly query: LooseEntry
  /** Names the state of the database, what the handler has written included; for `tx.accounts.changes(token)`, later. */
  readonly token: () => Later<string>
}

/** What the handler of long work is given. It holds no transaction, so that nobody waits for it. */
export type LongContext = {
  /** The collections as they are at each read, for reading only; where access is declared, as the caller sees them. */
  readonly tx: Tables
  /** The same, whoever calls. */
  readonly all: Tables
  /** Who called; undefined: nobody in particular. */
  readonly caller: Caller | undefined
  /**
   * A short transaction: what `work` writes commits, with the progress and the checkpoint noted until then, or nothing
   * does. `tx` and `all` are as above. Throws, with nothing written, once the job is no longer this run's to do.
   */
  write<T>(work: (tx: Tables, all: Tables) => Later<T>): Promise<T>
  /** Says how far the work has come. */
  progress(done: number, total: number): void
  /**
   * Notes from where to go on should the process end: any JSON value. Called within `write`, it commits with what is
   * written there; elsewhere it is stored by the time the promise resolves.
   */
  checkpoint(value: unknown): Promise<void>
  /** The query words of the call, by `query` of the definition. */
  readonly query: LooseEntry
  /** The last checkpoint of an earlier run of this job; undefined in its first. */
  readonly resumed: unknown
  /** Aborted when the job is cancelled, or the server stops. */
  readonly signal: AbortSignal
}

/** A handler as the stages call it. */
export type ServiceHandler = (input: LooseEntry, context: ServiceContext) => Later<Record<string, unknown>>

/** A handler of long work as the jobs call it. */
export type LongHandler = (input: LooseEntry, context: LongContext) => Later<Record<string, unknown>>

type Input<F extends Fields> = Omit<Entry<F>, 'id' | 'createdAt' | 'updatedAt'>

/** A service as its author writes it. */
export type ServiceDefinition<F extends Fields, O extends Fields = Fields> = {
  /** GET (safe, parameters in the query) or POST (members of the content). GET by default. */
  readonly method?: 'GET' | 'POST'
  /** `long` is work that takes more than a moment; see `LongServiceDefinition`. */
  readonly duration?: 'short'
  readonly description?: string
  readonly input: F
  readonly output: O
  /** Words that a POST understands in its query; `context.query` has their values. */
  readonly query?: Fields
  /** `writes` gives the handler a transaction; only POST may write. */
  readonly effect?: 'reads' | 'writes'
  /** Who may call it; what the API says of all its resources when not given. */
  readonly access?: ServiceAccess
  /** Milliseconds that the handler may take (504 `upstream-timeout`); `limits.handler` by default. */
  readonly timeout?: number
  /** `required`: a POST without an Idempotency-Key is answered 400. */
  readonly idempotency?: 'required' | 'optional'
  /** Problem codes the handler refuses with, for the documents. */
  readonly refusals?: readonly string[]
  /** Cache-Control of successful answers; `no-cache` by default. */
  readonly cacheControl?: CacheControlDefinition
  /** `true`: answers show a secret beside what a stranger may have chosen, so they are never compressed (BREACH). */
  readonly sensitive?: boolean
  /** Decimals arrive as BigNumber, absent optional members as null. Returns the members of `output`. */
  handle(input: Input<F>, context: ServiceContext): Later<Record<string, unknown>>
}

/**
 * Long work as its author writes it: every call is answered 202 with a job that runs in the background. It may be run
 * again after a restart, so each of its writes should commit with the checkpoint that keeps it from being repeated.
 */
export type LongServiceDefinition<F extends Fields, O extends Fields = Fields> = Omit<
  ServiceDefinition<F, O>,
  'duration' | 'method' | 'effect' | 'cacheControl' | 'timeout' | 'handle'
> & {
  readonly duration: 'long'
  readonly method?: 'POST'
  /** What becomes of a job that a restart interrupts: run again with its checkpoint (the default), or failed. */
  readonly afterRestart?: 'resume' | 'fail'
  /** Decimals arrive as BigNumber, absent optional members as null. Returns the members of `output`. */
  handle(input: Input<F>, context: LongContext): Later<Record<string, unknown>>
}

/** A defined service; `input` and `output` are kept in its type, for clients to be typed from. */
export type Service<F extends Fields = Fields, O extends Fields = Fields> = {
  readonly kind: 'service'
  readonly definition: Omit<ServiceDefinition<F, O>, 'duration' | 'handle'> & {
    readonly duration?: 'short' | 'long'
    readonly afterRestart?: 'resume' | 'fail'
    handle(input: LooseEntry, context: LongContext): Later<Record<string, unknown>>
  }
}

/** Define a service; see `ServiceDefinition` and `LongServiceDefinition`. Checked by `defineApi`. */
export function service<const F extends Fields, const O extends Fields>(
  definition: LongServiceDefinition<F, O>,
): Service<F, O>
export function service<const F extends Fields, const O extends Fields>(
  definition: ServiceDefinition<F, O>,
): Service<F, O>
export function service<const F extends Fields, const O extends Fields>(
  definition: ServiceDefinition<F, O> | LongServiceDefinition<F, O>,
) {
  return { kind: 'service', definition: definition as unknown as Service<F, O>['definition'] }
}
