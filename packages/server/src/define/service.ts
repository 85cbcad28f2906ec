// Resources that are verbs: a computation over the collections, with an address.
import type { Later } from '../store/store.ts'
import type { Tables } from './collection.ts'
import type { Entry, Fields, LooseEntry } from './fields.ts'

export type ServiceContext = {
  /** The collections: in the transaction for a service that writes, as they are for one that reads. */
  readonly tx: Tables
  /** Aborted when the caller has gone away. */
  readonly signal: AbortSignal
}

/** A handler as the stages call it. */
export type ServiceHandler = (input: LooseEntry, context: ServiceContext) => Later<Record<string, unknown>>

type Input<F extends Fields> = Omit<Entry<F>, 'id' | 'createdAt' | 'updatedAt'>

/** A service as its author writes it. */
export type ServiceDefinition<F extends Fields> = {
  /** GET (safe, parameters in the query) or POST (members of the content). GET by default. */
  readonly method?: 'GET' | 'POST'
  readonly description?: string
  readonly input: F
  readonly output: Fields
  /** `writes` gives the handler a transaction; only POST may write. */
  readonly effect?: 'reads' | 'writes'
  /** Problem codes the handler refuses with, for the documents. */
  readonly refusals?: readonly string[]
  /** Cache-Control of successful answers; `no-cache` by default. */
  readonly cacheControl?: string
  /** Decimals arrive as BigNumber, absent optional members as null. Returns the members of `output`. */
  handle(input: Input<F>, context: ServiceContext): Later<Record<string, unknown>>
}

/** A defined service; `input` is kept in its type, for clients to be typed from. */
export type Service<F extends Fields = Fields> = {
  readonly kind: 'service'
  readonly definition: Omit<ServiceDefinition<F>, 'handle'> & {
    handle(input: LooseEntry, context: ServiceContext): Later<Record<string, unknown>>
  }
}

/** Define a service; see `ServiceDefinition`. Checked by `defineApi`. */
export function service<const F extends Fields>(definition: ServiceDefinition<F>): Service<F> {
  return { kind: 'service', definition: definition as Service<F>['definition'] }
}
