// One request on its way through the stages: what was asked, and what the gates have found out so far.
import type { X509Certificate } from 'node:crypto'
import type { ByteRange, CorsPolicy, Digests, HashAlgorithm, Preferences, ProblemKind } from '@comity/http'
import { viewWithout } from '../access/hide.ts'
import { sightedReads } from '../access/reads.ts'
import { actOf } from '../access/rule.ts'
import type { Sight } from '../access/sight.ts'
import type { Caller } from '../auth/caller.ts'
import { nameOfCaller } from '../auth/caller.ts'
import type { Scheme, Site } from '../auth/scheme.ts'
import type { EntryRead } from '../content/entry.ts'
import type { Compressing } from '../define/compression.ts'
import type { Form, FormatName } from '../formats/format.ts'
import type { JobRun, Jobs } from '../jobs/running.ts'
import { viewIn } from '../languages/view.ts'
import type { Blocks } from '../limits/blocked.ts'
import type { Left, Limits } from '../limits/limits.ts'
import type { Mode } from '../limits/mode.ts'
import type { ApiModel, CollectionModel, Field, Values } from '../model/model.ts'
import type { ListQuery } from '../query/plan.ts'
import type { Word } from '../query/words.ts'
import type { Contents, Laid } from '../store/files/contents.ts'
import type { Upload } from '../store/files/uploads.ts'
import type {
  CollectionState,
  Item,
  KeyName,
  Later,
  Reads,
  Selection,
  Store,
  Transaction,
  WholeJob,
} from '../store/store.ts'
import type { CollectionView, ServiceView, VersionModel } from '../versions/view.ts'
import type { Answer, Refused, Stop } from './answer.ts'
import type { Stored } from './caching.ts'
import type { CodingChoice } from './coding/choice.ts'
import type { History } from './history.ts'
import type { ImportSource, Pieces } from './import.ts'
import { otherThanFirst } from './language.ts'
import type { PageFormat } from './page-formats.ts'
import type { Kept } from './representation.ts'
import { signatureOf } from './signature.ts'
import type { Target } from './target.ts'
import type { TraceStep } from './trace.ts'
import type { Traces } from './traces.ts'

/** Request fields by lower-case name, as Node joins them. */
export type RequestFields = Readonly<Record<string, string | readonly string[] | undefined>>

/** How a content is to be read. */
export type ContentKind = FormatName | 'merge-patch' | 'json-patch' | 'form' | 'file' | 'multipart' | 'partial-upload'

/** How a content is read, and how much of it. */
export type ContentBounds = {
  /** Bytes that are kept in memory. */
  readonly memory: number
  /** Bytes in all, as they come and as they were before they were coded. */
  readonly limit: number
  /** Ms, for each `memory` bytes. */
  readonly timeout: number
  /** To be undone: in the order in which they were applied. */
  readonly codings: readonly Compressing[]
  /** How many times as many bytes as came there may be, above `memory`. */
  readonly ratio: number
}

/** A content too large for memory; it can be read until the request is answered. */
export type Spooled = {
  readonly size: number
  /** SHA-256 */
  readonly digest: Uint8Array
  readonly pieces: Pieces
}

/** How reading a content ended. */
export type ContentRead =
  | { readonly kind: 'content'; readonly bytes: Uint8Array }
  | { readonly kind: 'spooled'; readonly content: Spooled }
  /** `ratio`: how many times as large as what was sent it may be, where that is what it exceeds. */
  | { readonly kind: 'too-large'; readonly ratio?: number }
  | { readonly kind: 'undecodable'; readonly detail: string }
  | { readonly kind: 'no-room' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'aborted' }

/** A request as the host hands it over. */
export type Incoming = {
  readonly method: string
  /** Request target below the prefix, without an API key. */
  readonly url: string
  /** The API key that stood in it. */
  readonly queryKey?: string | undefined
  readonly fields: RequestFields
  /** What is wrong with the message as a message: its version, framing or Host. */
  readonly fault: () => Refused | undefined
  /** `/bank`, or empty: what stands before every path of this API. */
  readonly prefix: () => string
  /** `https://api.example.org`: scheme and authority as the client sees them. */
  readonly origin: () => string
  /** The certificate that the client showed on this connection, checked; undefined where there is none. */
  readonly certificate: () => X509Certificate | undefined
  /** The IP address at the other end of the connection: the client's, or that of the nearest proxy. */
  readonly peer: () => string
  /** The caller's IP address, as the nearest proxy that is trusted says it; empty where the host does not know. */
  readonly address: () => string
  /** Whether a trusted proxy moved the API to another prefix, for this request. */
  readonly isForwarded: () => boolean
  /** Has the bytes of the content hashed as they come, coded as they are; what is returned tells once they are all here. */
  readonly hashContent: (algorithms: readonly HashAlgorithm[]) => () => Digests
  /** Has each piece of the content seen as it comes, coded as it is. */
  readonly watchContent: (see: (piece: Uint8Array) => void) => void
  /** Sends 103 with this Link field, where the protocol has it. */
  readonly hint: (link: string) => void
  readonly readContent: (bounds: ContentBounds) => Promise<ContentRead>
  /** Sends an interim response (RFC 9110 §15.2), where the connection has a way to. */
  readonly inform: (status: number, fields: Readonly<Record<string, string>>) => void
  /** Breaks the connection off, if content is still coming. */
  readonly giveUp: () => void
  /** The content as it comes, its codings undone. Throws ContentLost; also where nothing comes for `timeout` ms. */
  readonly pieces: (bounds: ContentBounds) => AsyncIterable<Uint8Array>
  /** Aborted when the client has gone away. */
  readonly signal: () => AbortSignal
  /** Calls back once the answer is sent, or cannot be any more. */
  readonly ended: (callback: () => void) => void
}

/** What lives as long as the server. */
export type Runtime = {
  readonly model: ApiModel
  readonly store: Store
  /** The bytes of files; undefined where the API has none. */
  readonly contents: Contents | undefined
  readonly now: () => number
  readonly newId: () => string
  /** `byField`: the version that the API-Version field names. */
  readonly targetOf: (url: string, byField: string | undefined) => Target
  /** The same target for those who see only a part of what is there. */
  readonly targetSeen: (target: Target, view: string) => Target
  /** What an Accept-Encoding comes to: where answers may be compressed, and where they never are. */
  readonly codings: Readonly<Record<'compressible' | 'never', (acceptEncoding: string | undefined) => CodingChoice>>
  /** Whether it was kept. */
  readonly keep: (target: Target, variant: number, kept: Kept) => boolean
  /** Whether there is a representation of a URL as bytes; looks nothing up but that. */
  readonly isKept: (url: string) => boolean
  /** Earlier states of items, where their collections keep them. */
  readonly history: History
  /** RFC 9211 */
  readonly cacheStatus: 'sent' | 'left-out'
  /** Hosts served (421 for others); undefined: any. */
  readonly hosts: ReadonlySet<string> | undefined
  readonly isDraining: () => boolean
  /** Ways to say who one is, in the order of their challenges; none where the API does not ask. */
  readonly schemes: readonly Scheme[]
  /** How much callers may ask for; undefined where nothing is limited. */
  readonly limits: Limits | undefined
  /** What schemes answer by themselves, by path without slashes at either end. */
  readonly sites: ReadonlyMap<string, Site>
  /** Whose pages may read answers; undefined: none but the API's own. */
  readonly cors: CorsPolicy | undefined
  /** What browsers are told of every answer; undefined: nothing. */
  readonly securityFields: Readonly<Record<'answers' | 'files', Readonly<Record<string, string>>>> | undefined
  /** What it is in use for at the moment. */
  readonly mode: () => Mode
  readonly blocks: Blocks
  /** What this server is called in Via. */
  readonly pseudonym: string
  /** Keys of requests that are being worked on, and their fingerprints. */
  readonly running: Map<string, string>
  readonly jobs: Jobs
  /** The ways of the latest requests; undefined where they are not kept. */
  readonly traces: Traces | undefined
  readonly pageAnswer: (x: Exchange) => Later<Answer>
  readonly report: (error: unknown, id: string) => void
  readonly problem: (code: string) => ProblemKind
}

/** One of many items in a content. */
export type ManyMember =
  | EntryRead
  | { readonly kind: 'changes'; readonly changes: Readonly<Record<string, unknown>> }
  | { readonly kind: 'refused'; readonly refused: Refused }

/** The idempotency key of a request, and what it stands for. */
export type RequestKey = { readonly name: KeyName; readonly fingerprint: string }

/** A file that was sent, and is nobody's yet. */
export type FileInput = { readonly name: string; readonly mediaType: string; readonly laid: Laid }

/** What the request content asks to be written, valid as far as can be told before the transaction. */
export type Input =
  /** Values of a new item are the newest version's; of one that is replaced, those of the caller's version. */
  | { readonly kind: 'entry'; readonly values: Values; readonly claims: Values }
  | { readonly kind: 'many'; readonly members: readonly ManyMember[] }
  | { readonly kind: 'import'; readonly source: ImportSource }
  | { readonly kind: 'files'; readonly files: readonly FileInput[] }
  | { readonly kind: 'merge-patch'; readonly patch: unknown }
  | { readonly kind: 'json-patch'; readonly patch: unknown }
  | { readonly kind: 'arguments'; readonly values: Values }

/** What the target is at the moment, as the validators and the actions need it. */
export type Current =
  | { readonly kind: 'none' }
  | { readonly kind: 'kept'; readonly kept: Kept }
  | { readonly kind: 'item'; readonly item: Item }
  | ({ readonly kind: 'collection' } & CollectionState)

export class Exchange {
  readonly runtime: Runtime
  readonly incoming: Incoming
  readonly method: string
  target: Target
  readonly fields: RequestFields
  #reads: Reads
  preferences: Preferences = noPreferences
  format: Form | undefined = undefined
  /** The form of a page of the API itself. */
  page: PageFormat | undefined = undefined
  /** What Accept-Encoding comes to here; see `codingOf`. */
  coding: CodingChoice | undefined = undefined
  contentKind: ContentKind | undefined = undefined
  /** Of the texts that are answered; undefined where the resource has none in several languages. */
  language: string | undefined = undefined
  /** Of the texts in the content; undefined: the first. */
  contentLanguage: string | undefined = undefined
  /** The codings of the content, in the order in which they were applied. */
  contentCodings: readonly Compressing[] = []
  query: ListQuery | undefined = undefined
  /** The query words of a service that is called by POST, read. */
  queryArguments: Values = {}
  /** Words of a QUERY's content. */
  queryWords: readonly Word[] = []
  selection: Selection | undefined = undefined
  /** Members of the response, in order. */
  shown: readonly Field[] | undefined = undefined
  /** The bytes of the content, once it is here; of one too large for memory, their digest. */
  content: Uint8Array | undefined = undefined
  input: Input | undefined = undefined
  /** Files laid aside; what is not kept of them goes when the request is answered. */
  readonly files: FileInput[] = []
  /** The upload that is the content of this request, once all of it is here. */
  upload: Upload | undefined = undefined
  key: RequestKey | undefined = undefined
  current: Current = none
  /** The store's generation just before its state was read. */
  generation = 0
  /** The parent item of a nested collection that is written to. */
  parent: Item | undefined = undefined
  /** Who asks, once that was proved; undefined: nobody in particular. */
  caller: Caller | undefined = undefined
  /** What there is for the caller; undefined: everything. */
  sight: Sight | undefined = undefined
  /** Fields that the caller's scheme adds to whatever is answered. */
  callerFields: Readonly<Record<string, string>> | undefined = undefined
  /** Those of a 401, each to stand on a line of its own: many clients read no more than the first of a line. */
  challenges: readonly string[] | undefined = undefined
  /** Of a scheme that signs the content: asks whether it is what was signed; see the gate of that name. */
  contentSigned: ((how: 'read' | 'unread') => Later<Stop | undefined>) | undefined = undefined
  #requestId: string | undefined = undefined
  /** What is left of the limits that the request met. */
  readonly left: Left[] = []
  /** What this request was refused with, once it was. */
  refused: Refused | undefined = undefined
  /** The job targeted. */
  job: WholeJob | undefined = undefined
  /** The run of a job that this exchange is. */
  run: JobRun | undefined = undefined
  /** The 200 that is about to be sent, whole. */
  built: Answer | undefined = undefined
  /** The parts of it that are to be sent instead. */
  ranges: readonly ByteRange[] | undefined = undefined
  /** What became of the representation in the cache, where it was built. */
  stored: Stored | undefined = undefined
  trace: TraceStep[] | undefined = undefined

  constructor(runtime: Runtime, incoming: Incoming) {
    this.runtime = runtime
    this.incoming = incoming
    this.method = incoming.method
    this.fields = incoming.fields
    this.target = runtime.targetOf(incoming.url, this.field('api-version'))
    this.#reads = runtime.store
  }

  /** The store, or the transaction once one is open, with what is there for the caller. */
  get reads(): Reads {
    return this.#reads
  }

  set reads(reads: Reads) {
    this.#reads = this.sight ? sightedReads(reads, this.sight, this.collection(), actOf(this.method)) : reads
  }

  /** From now on there is only what the caller may see. */
  see(sight: Sight): void {
    this.sight = sight
    this.reads = this.#reads
  }

  /** A request field's value, lines of the same name joined; undefined where absent. */
  field(name: string): string | undefined {
    const value = this.fields[name]
    return typeof value === 'string' || value === undefined ? value : value.join(', ')
  }

  /** The path of the API's root in this request's version, for links. */
  root(): string {
    return this.incoming.prefix() + this.target.versionPath
  }

  /** Whose keys and jobs are meant; empty: anybody's who does not say who they are. */
  get callerName(): string {
    return nameOfCaller(this.caller)
  }

  /** By which the audit log calls this request, once it was asked for. */
  get requestId(): string {
    this.#requestId ??= this.runtime.newId()
    return this.#requestId
  }

  /** Continues what was begun under this id. */
  set requestId(id: string) {
    this.#requestId = id
  }

  /** The id, where anything was told under it. */
  get toldUnder(): string | undefined {
    return this.#requestId
  }

  /** A transaction in the caller's name. */
  write<T>(work: (tx: Transaction) => Later<T>): Promise<T> {
    const { store, model } = this.runtime
    if (model.audit === 'none') return store.write(work) as Promise<T>
    return store.write(tx => {
      tx.signed(signatureOf(this))
      return work(tx)
    }) as Promise<T>
  }

  isRead(): boolean {
    return this.method === 'GET' || this.method === 'HEAD' || this.method === 'QUERY'
  }

  /** The older version that the caller speaks; undefined: the newest. */
  get version(): VersionModel | undefined {
    return this.target.version
  }

  /** The collection targeted as the caller's version and language see it; undefined where it is as it is kept. */
  view(): CollectionView | undefined {
    return this.#viewIn(this.language)
  }

  /** The same for what the content says, which may be in another language. */
  contentView(): CollectionView | undefined {
    return this.#viewIn(this.contentLanguage)
  }

  #viewIn(language: string | undefined): CollectionView | undefined {
    const { version } = this.target
    if (version === undefined && language === undefined && this.sight === undefined) return undefined
    const collection = this.collection()
    if (collection === undefined) return undefined
    const whole = viewIn(collection, version?.collections.get(collection), otherThanFirst(this, language))
    return this.#without(collection, whole)
  }

  /** A view without what is hidden from the caller. */
  #without(collection: CollectionModel, whole: CollectionView | undefined): CollectionView | undefined {
    if (this.sight === undefined) return whole
    const act = actOf(this.method)
    const kept = this.isRead() ? undefined : this.sight.rule(collection, act)?.readOnly
    return viewWithout(collection, whole, this.sight.hidden(collection, act), kept ?? noMembers)
  }

  /** The same for a service. */
  serviceView(): ServiceView | undefined {
    const { version, place } = this.target
    return version && place.kind === 'service' ? version.services.get(place.service) : undefined
  }

  /** A collection as the caller knows it. */
  seen(collection: CollectionModel): CollectionModel {
    return this.#without(collection, this.target.version?.collections.get(collection))?.model ?? collection
  }

  /** The collection targeted, by itself or through an item. */
  collection(): CollectionModel | undefined {
    const { place } = this.target
    return 'collection' in place ? place.collection : undefined
  }
}

const noMembers: ReadonlySet<string> = new Set()
const none: Current = { kind: 'none' }
const noPreferences: Preferences = new Map()
