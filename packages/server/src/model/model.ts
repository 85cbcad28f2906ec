// The definition, checked and compiled at load: what the stages of a request, the store, the formats and the
// documents read. Nothing here changes after load.
import type { ProblemError, ProblemKind } from '@comity/http'
import type { TSchema } from 'typebox'
import type { AccessModel } from '../access/rule.ts'
import type { CollectionHooks } from '../define/collection.ts'
import type { CellForm } from '../define/existing.ts'
import type { LongHandler, ServiceHandler } from '../define/service.ts'
import type { VersionModel } from '../versions/view.ts'
import type { Compression } from './compression.ts'
import type { NestedFault } from './nested-faults.ts'

/** The member values of one item as they travel in JSON: decimals, dates and instants are strings; absent is null. */
export type Values = Record<string, unknown>

export type FieldKind = 'text' | 'integer' | 'number' | 'boolean' | 'decimal' | 'date' | 'date-time' | 'json'

export type Field = {
  /** Member name, camelCase. */
  readonly name: string
  /** Column name, snake_case. */
  readonly column: string
  readonly kind: FieldKind
  /** JSON Schema of the wire value, without null. */
  readonly schema: TSchema
  /** `server`: id, parent's id, createdAt, updatedAt. `read-only`: shown, written by handlers only. */
  readonly access: 'read-write' | 'read-only' | 'server'
  /** `optional` fields may be null. */
  readonly presence: 'required' | 'optional'
  /** Wire value for a new item that gives none; undefined where there is no default. */
  readonly byDefault: unknown
  /** Digits after the point; 0 for all kinds but `decimal`. */
  readonly scale: number
  readonly unique: boolean
  /** Text that is kept in each language of the API. */
  readonly translatable: boolean
  /** `kept`: a PUT that does not send it leaves it as it is. */
  readonly whenAbsent?: 'kept'
  /** The collection whose ids this field holds. */
  readonly references: string | undefined
  /** Where it is kept, in a table of others. */
  readonly stored?: { readonly column: string; readonly as: CellForm | undefined }
  readonly description: string | undefined
  readonly example: unknown
  /** What is wrong with a wire value, in words that follow the member's name; undefined when nothing is. */
  readonly fault: (value: unknown) => string | undefined
  /** Of a structured value that is at fault: where in it, and what. */
  readonly nested: (value: unknown) => readonly NestedFault[]
  /** The one form in which a valid wire value is kept ("12.5" → "12.50"). */
  readonly normalise: (value: unknown) => unknown
}

export const operators = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'like', 'exists'] as const
export type Operator = (typeof operators)[number]

export type Direction = 'asc' | 'desc'
export type Sort = { readonly field: Field; readonly direction: Direction }

export type CollectionModel = {
  readonly kind: 'collection'
  /** Plural noun, as in the path: `transactions`. */
  readonly name: string
  /** `transaction` */
  readonly singular: string
  /** SQL table, snake_case; prefixed by the parent's where nested: `accounts_transactions`. */
  readonly table: string
  readonly description: string | undefined
  /** Undefined at the top level. */
  readonly parent: CollectionModel | undefined
  /** The member holding the parent's id (`accountId`); undefined at the top level. */
  readonly parentField: Field | undefined
  /** All members in output order: id, parent's id, the declared fields, createdAt, updatedAt. */
  readonly fields: readonly Field[]
  readonly byName: ReadonlyMap<string, Field>
  /** Names of the members that are kept in several languages. */
  readonly translated: readonly string[]
  /**
   * `uuid`: generated, UUIDv7, unless a PUT chooses one. `given`: always chosen by the client. `integer`: counted up,
   * unless a PUT chooses one. `text`: as `uuid`, beside others that a source had.
   */
  readonly ids: 'uuid' | 'given' | 'integer' | 'text'
  /** `shown`: createdAt (and updatedAt, where items can change) are members. */
  readonly timestamps: 'shown' | 'hidden'
  /** Declared query words: `dateFrom` → date.gte. */
  readonly aliases: ReadonlyMap<string, { readonly field: Field; readonly operator: Operator }>
  /** Methods answered, OPTIONS and HEAD included, in the order of Allow. */
  readonly methods: { readonly collection: readonly string[]; readonly item: readonly string[] }
  readonly limit: { readonly byDefault: number; readonly max: number }
  /** Whether `limit=all` is answered. */
  readonly exports: 'allowed' | 'refused'
  /** Whether unsafe methods must carry a precondition (428). */
  readonly preconditions: 'required' | 'optional'
  /** Whether POST and PATCH must carry an Idempotency-Key (400). */
  readonly idempotency: 'required' | 'optional'
  /** Why a member of an older version cannot be compared in a way, in words that follow its name. */
  readonly unasked?: (field: Field, how: Operator | 'sort') => string | undefined
  /** The order where `sort` is not given; always ends with id. */
  readonly sort: readonly Sort[]
  /** Fields that get an index of their own, below the parent. */
  readonly indexed: readonly Field[]
  /** Problem codes the hooks may refuse with; undefined: not said. */
  readonly refusals: readonly string[] | undefined
  /** Whether the difference to an earlier state of an item is told. */
  readonly history: 'kept' | 'none'
  readonly cacheControl: string
  /** Whether answers hold secrets beside what a stranger may have chosen: they are not compressed. */
  readonly sensitive: boolean
  readonly nested: readonly CollectionModel[]
  /** The collection whose items these are, seen below the items that they refer to; undefined for one of its own. */
  readonly whole: CollectionModel | undefined
  /** Where else its items are seen. */
  readonly parts: readonly CollectionModel[]
  readonly hooks: CollectionHooks
  /** Of items that are files: what they may be. Their bytes lie beside the database. */
  readonly files: FileRules | undefined
  /** Of items that are rows of others: where they are. */
  readonly existing: ExistingModel | undefined
}

/** A table or view that others made. */
export type ExistingModel = {
  /** As the database spells it. */
  readonly table: string
  readonly kind: 'table' | 'view'
  /** Columns that tell its rows apart, and the kind of what is in them; none: the number of the row does. */
  readonly key: readonly { readonly column: string; readonly kind: FieldKind }[]
}

/** What files of one kind may be, and how they are served. */
export type FileRules = {
  /** Media types or ranges of them, such as `image/*`; every one where there are none. */
  readonly accept: readonly string[]
  /** Largest, in bytes. */
  readonly size: number
  /** Most below one parent. */
  readonly most: number
  readonly disposition: 'attachment' | 'inline'
  /** Types that could run scripts, and are served as declared nonetheless. */
  readonly trusted: ReadonlySet<string>
}

export type ServiceModel = {
  readonly kind: 'service'
  /** A verb, as in the path: `convert`. */
  readonly name: string
  readonly description: string | undefined
  readonly method: 'GET' | 'POST'
  readonly methods: readonly string[]
  /** Query parameters (GET) or members of the body (POST). */
  readonly input: readonly Field[]
  readonly output: readonly Field[]
  /** Query words of a POST. */
  readonly query: readonly Field[]
  /** `writes`: the handler gets a transaction. */
  readonly effect: 'reads' | 'writes'
  /** Whether a POST must carry an Idempotency-Key (400). */
  readonly idempotency: 'required' | 'optional'
  /** Problem codes the handler may refuse with. */
  readonly refusals: readonly string[]
  readonly cacheControl: string
  /** Whether answers hold secrets beside what a stranger may have chosen: they are not compressed. */
  readonly sensitive: boolean
  /** Ms that the handler may take (504). */
  readonly timeout: number
  readonly handle: ServiceHandler
  /** The handler of long work, which runs as a job; undefined where the service is not declared long. */
  readonly work: LongHandler | undefined
  /** What becomes of long work that a restart interrupts. */
  readonly afterRestart: 'resume' | 'fail'
}

export type ResourceModel = CollectionModel | ServiceModel

export type Limits = {
  /** Longest request target, in characters (414). */
  readonly url: number
  /** Largest content, in bytes (413). */
  readonly body: number
  /** Largest content that is imported row by row, in bytes (413); what is above `body` waits in a temporary file. */
  readonly import: number
  /** Largest file, in bytes (413), and largest request with several of them. */
  readonly file: number
  /** Uploads that have begun and not ended (507 beyond). */
  readonly uploads: number
  /** What they may have in all, in bytes (507). */
  readonly uploadBytes: number
  /** Most parts in one multipart content (400). */
  readonly parts: number
  /** Deepest nesting of arrays and objects (400). */
  readonly depth: number
  /** Most members and elements in one content (400). */
  readonly members: number
  /** Most words in one query (400). */
  readonly words: number
  /** Most ids or values in one list of a query word (400). */
  readonly values: number
  /** Time for a content to arrive, in ms (408); for an import, for each `body` bytes of it. */
  readonly bodyTimeout: number
  /** Time for the handler of a service, and for the hooks of a write, in ms (504). */
  readonly handler: number
  /** Largest answer kept whole for the repeats of its idempotency key, in bytes. */
  readonly replay: number
  /** Jobs that run at the same time. */
  readonly jobs: number
  /** Jobs that wait to be run (503 beyond). */
  readonly queuedJobs: number
  /** How many times as large as it came a coded content may become, above `body` (413). */
  readonly ratio: number
  /** Memory for kept representations, in bytes. */
  readonly cache: number
  /** Memory for earlier states of items, of collections that keep them, in bytes. */
  readonly history: number
}

/** How long things are remembered, in ms. */
export type Retention = {
  /** Answers, for repeats of their idempotency keys. */
  readonly keys: number
  /** That an item was deleted (410; 404 afterwards). */
  readonly tombstones: number
  /** Uploads, after they were last written to. */
  readonly uploads: number
  /** Jobs that have ended, with their results. */
  readonly jobs: number
}

export type ApiModel = {
  readonly title: string
  readonly description: string | undefined
  /** Version of the API's contract as the documents show it. */
  readonly version: string
  readonly resources: ReadonlyMap<string, ResourceModel>
  /** Every collection, parents before children. */
  readonly collections: readonly CollectionModel[]
  readonly services: readonly ServiceModel[]
  /** Comity's registry and the API's own rows. */
  readonly problems: ReadonlyMap<string, ProblemKind>
  readonly limits: Limits
  readonly retention: Retention
  /** Of translatable texts; the first is the one that is always there. Empty where the API names none. */
  readonly languages: readonly string[]
  readonly compression: Compression
  /** Whether it is written down who wrote what. */
  readonly audit: 'kept' | 'none'
  /** The older versions that were ever served, by number. */
  readonly versions: ReadonlyMap<string, VersionModel>
  /** The newest version, where this is the view of an older one. */
  readonly newestVersion?: string
  /** The older version that this is the view of; undefined for the newest. */
  readonly older: () => VersionModel | undefined
  /** Who may do what; undefined: every caller everything. Its keys are of the newest version. */
  readonly access: AccessModel | undefined
  /** What callers are refused with who ask for too much; none where nothing is limited. */
  readonly rateProblems: readonly string[]
  readonly seed: ((db: never) => void | Promise<void>) | undefined
}

export type { ProblemError }
