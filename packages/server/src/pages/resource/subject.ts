// What a page for people is about: the resource, where it lives, and where its reader may go on.
import type { CollectionModel, Sort } from '../../model/model.ts'
import type { Word } from '../../query/words.ts'
import type { PageBase } from '../layout.ts'

export type Subject = {
  readonly base: PageBase
  /** The path of the API's root in the version of the request; no slash at its end. */
  readonly root: string
  /** Below the root, without extension: `/accounts/7`. */
  readonly path: string
  /** What the request's path named as its format, and its links keep: `.html`, or empty. */
  readonly extension: string
  readonly words: readonly Word[]
  /** The order of a list, where it has one. */
  readonly sort: readonly Sort[]
  readonly place:
    | { readonly kind: 'list' | 'item'; readonly collection: CollectionModel; readonly parent: string | undefined }
    | { readonly kind: 'other' }
  /** Every collection, for links from one to another. */
  readonly collections: readonly CollectionModel[]
  /** Of the texts that are kept in several languages; undefined where there are none. */
  readonly language: string | undefined
  /** `read`: the page answers a question, and may ask others about the same thing. */
  readonly occasion: 'read' | 'write'
}

/** Where a thing below the root is, as a page. */
export const pageAt = ({ root, extension }: Subject, ...segments: readonly string[]): string =>
  `${root}/${segments.map(encodeURIComponent).join('/')}${extension}`

/** The path segments that lead to the items of a collection. */
export const segmentsOf = ({ name, parent }: CollectionModel, parentId: string | undefined): readonly string[] =>
  parent && parentId !== undefined ? [parent.name, parentId, name] : [name]
