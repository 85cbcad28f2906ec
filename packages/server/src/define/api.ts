// The whole of an API: what `defineApi` takes, and what it returns.
import type { Language } from '@comity/http'
import type { AttemptLimits } from '../auth/attempts.ts'
import type { Credentials } from '../auth/credentials.ts'
import type { Authentication } from '../auth/scheme.ts'
import { buildModel } from '../model/build.ts'
import type { ApiModel, Limits, Retention } from '../model/model.ts'
import type { Later } from '../store/store.ts'
import type { AccessDefinition } from './access.ts'
import type { Collection, Tables } from './collection.ts'
import type { CompressionDefinition } from './compression.ts'
import type { CorsDefinition } from './cors.ts'
import type { Files } from './files.ts'
import type { Rates } from './rates.ts'
import type { Service } from './service.ts'
import type { Version } from './version.ts'

/** A row of the API's own in the problem registry, by its code. */
export type ProblemDefinition = {
  readonly status: number
  readonly title: string
  /** Why it happens, for the problem's page. */
  readonly explanation?: string
  /** What the caller should do. */
  readonly cure?: string
  /** For the app's user, per language; the title where a language is missing. */
  readonly messages?: Partial<Readonly<Record<Language, string>>>
}

/** What an API serves, by the first segment of its path. */
export type Resources = { readonly [name: string]: Collection | Files | Service }

export type ApiDefinition<R extends Resources = Resources> = {
  readonly title: string
  readonly description?: string
  /** Version of the contract as the documents show it; `1.0.0` by default. */
  readonly version?: string
  /** Languages of translatable texts (`['en', 'ru']`), BCP 47; the first is the one that is always there. */
  readonly languages?: readonly string[]
  readonly resources: R
  /**
   * `found`: resources and members are called as in the source they come from. They are checked for what HTTP, SQL and
   * XML need, and not for the style that names of one's own have to keep.
   */
  readonly names?: 'own' | 'found'
  /** Older versions that callers may still ask for; see `version`. The definition itself is the newest. */
  readonly versions?: readonly Version[]
  readonly problems?: Readonly<Record<string, ProblemDefinition>>
  /** Ways in which callers may say who they are; nobody needs to where there are none. */
  readonly authentication?: readonly Authentication[]
  /** How often credentials may be wrong before one has to wait. */
  readonly attempts?: Partial<AttemptLimits>
  /**
   * Who may do what, of resources that do not say so themselves. Once it is said anywhere, nobody may what no rule lets
   * them; where it is said nowhere, every caller may do everything.
   */
  readonly access?: AccessDefinition
  readonly limits?: Partial<Limits>
  /** Whose pages may call the API from a browser: `{ origins: ['https://app.example.org'] }`. Nobody else's by default. */
  readonly cors?: CorsDefinition
  /** How much callers may ask for, in policies by name: `{ free: { per: 'caller', requests: 100, window: 60 } }`. */
  readonly rates?: Rates
  /** How long answers are kept for repeats (24 hours), deleted items (90 days) and ended jobs (24 hours) remembered. */
  readonly retention?: Partial<Retention>
  /** How answers are compressed; `off`: not at all. */
  readonly compression?: 'off' | CompressionDefinition
  /** `kept`: who created, changed or deleted which row is written down, in the transaction that did it. */
  readonly audit?: 'kept' | 'none'
  /** Fills a database that is new; runs once, in one transaction. `credentials` makes accounts and keys in it. */
  readonly seed?: (tx: Tables, credentials: Credentials) => Later<void>
}

/** A definition that passed its checks; `resources` are kept in its type, for clients to be typed from. */
export type Api<R extends Resources = Resources> = {
  readonly kind: 'api'
  readonly definition: ApiDefinition<R>
  readonly model: ApiModel
}

/**
 * Define an API.
 * @throws DefinitionError naming each place at fault: names that are not plural nouns or verbs, resources deeper than
 * two levels, reserved paths, aliases of fields that are not there, one-letter parameters.
 */
export function defineApi<const R extends Resources>(definition: ApiDefinition<R>): Api<R> {
  return { kind: 'api', definition, model: buildModel(definition) }
}
