import type { ByteRange, Preferences } from '@comity/http'
import { viewWithout } from '../access/hide.ts'
import { sightedReads } from '../access/reads.ts'
import { actOf } from '../access/rule.ts'
import type { Sight } from '../access/sight.ts'
import type { Caller } from '../auth/caller.ts'
import { nameOfCaller } from '../auth/caller.ts'
import type { EntryRead } from '../content/entry.ts'
import type { Compressing } from '../define/compression.ts'
import type { Form } from '../formats/format.ts'
import type { JobRun } from '../jobs/running.ts'
import { viewIn } from '../languages/view.ts'
import type { Left } from '../limits/limits.ts'
import type { CollectionModel, Field, Values } from '../model/model.ts'
import type { ListQuery } from '../query/plan.ts'
import type { Word } from '../query/words.ts'
import type { Laid } from '../store/files/contents.ts'
import type { Upload } from '../store/files/uploads.ts'
import type { CollectionState, Item, KeyName, Later, Reads, Selection, Transaction, WholeJob } from '../store/store.ts'
import type { CollectionView, ServiceView, VersionModel } from '../versions/view.ts'
import type { Answer, Refused, Stop } from './answer.ts'
import type { Stored } from './caching.ts'
import type { CodingChoice } from './coding/choice.ts'
import type { ImportSource } from './import.ts'
import type { ContentKind, Incoming, RequestFields } from './incoming.ts'
import { otherThanFirst } from './language.ts'
import type { PageFormat } from './page-formats.ts'
import type { Kept } from './representation.ts'
import type { Runtime } from './runtime.ts'
import { signatureOf } from './signature.ts'
import type { Target } from './target.ts'
import type { TraceStep } from './trace.ts'

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
