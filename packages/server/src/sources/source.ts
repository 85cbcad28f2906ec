// What an API is served from, when nobody wrote a definition: a file, a folder, a database. Whatever it is, it becomes
// an ordinary definition, and a store that holds its items.
import type { Api } from '../define/api.ts'
import type { ApiModel } from '../model/model.ts'
import type { Store } from '../store/store.ts'

/** A store that may have to be filled by the definition's seed. */
export type OpenedStore = Store & {
  /** Nothing was ever written to it. */
  readonly fresh: boolean
}

export type Source = {
  /** What it is, for people: `a JSON file`. */
  readonly what: string
  readonly api: Api
  /** Opens the store of its items; undefined where the database of the host will do, filled by the definition's seed. */
  readonly open: ((model: ApiModel) => Promise<OpenedStore>) | undefined
  /** Where what is written goes, for people: `written back to db.json`. */
  readonly keeps: string
  /** What was decided about it that its owner should know, a sentence each. */
  readonly notes: readonly string[]
  /** Paths worth trying, of what is there: `/users/1/posts`. */
  readonly paths?: readonly string[]
  /** Files and folders it was read from, absolute: when they change, it is to be opened again. */
  readonly files: readonly string[]
  /**
   * Takes over what another program has written, without a new store. `outdated`: the definition would be another one,
   * so that the source is to be opened again. Undefined where that is always so.
   */
  readonly refresh?: () => Promise<Refreshed>
  /** Where the items are, for an ejected definition: `sqlite:shop.sqlite`. */
  readonly database?: string
  /** TypeScript of a seed for the ejected definition, given the path from it to the source; undefined where there is none. */
  readonly seedCode?: (path: string) => SeedCode
}

export type Refreshed = 'unchanged' | 'refreshed' | 'outdated'

/** `expression` is the value of `seed`; `imports` are names of `@comity/server`. */
export type SeedCode = { readonly expression: string; readonly imports: readonly string[] }

export type SourceOptions = {
  /** `memory`: the source is read and never written. */
  readonly keep?: 'source' | 'memory'
  /** `read-only`: nothing of it is touched, where that needs saying. */
  readonly access?: 'read-write' | 'read-only'
}

/** What the disk says of the word that names a source. */
export type Sight = {
  /** As the user wrote it. */
  readonly word: string
  /** Absolute; the word itself where it is an address (`postgres://…`). */
  readonly path: string
  readonly kind: 'file' | 'folder' | 'address'
  /** The first bytes of a file. */
  readonly head: Uint8Array
}

/** One kind of source. The first of the list that recognises a word opens it. */
export type SourceKind = {
  readonly what: string
  /** Told by name and first bytes; cheap. */
  readonly recognises: (sight: Sight) => boolean
  readonly open: (sight: Sight, options: SourceOptions) => Promise<Source>
}

/** Why a source cannot be served, in a sentence, and what to do about it in another. */
export class SourceError extends Error {
  override name = 'SourceError'
  readonly cure: string
  constructor(problem: string, cure: string) {
    super(problem)
    this.cure = cure
  }
}
