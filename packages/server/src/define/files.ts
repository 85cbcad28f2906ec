// Resources that are files: bytes under names that their senders choose, with what is known of them as a collection.
import type { Later } from '../store/store.ts'
import type { AccessDefinition } from './access.ts'
import type { CollectionHooks, HookContext } from './collection.ts'

/** What is known of a file; what a list of files shows, and what hooks are given. */
export type FileEntry = {
  /** Names the file among all of its kind: its parent's id and its name, or just its name at the top level. */
  readonly id: string
  readonly name: string
  /** As declared by the sender, or as the bytes show where nothing was declared. */
  readonly mediaType: string
  /** In bytes. */
  readonly size: number
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly sha256: string
  readonly createdAt: string
  readonly updatedAt: string
}

export type FileMethod = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** Files as their author defines them. */
export type FilesDefinition = {
  readonly description?: string
  /** The noun for one file, where English does not tell. */
  readonly singular?: string
  /** Media types taken, such as `application/pdf` or `image/*`; every one when not given (415 for others). */
  readonly accept?: readonly string[]
  /** Largest file, in bytes (413); `limits.file` when not given. */
  readonly size?: number
  /** Most files below one parent, or in all at the top level (422). As many as there is room for when not given. */
  readonly most?: number
  /** Methods answered; HEAD and QUERY come with GET, OPTIONS always. All by default; `['GET']` is read-only. */
  readonly methods?: readonly FileMethod[]
  /** Whether browsers are told to save a file or to show it; `attachment` by default. */
  readonly disposition?: 'attachment' | 'inline'
  /**
   * Types that can run scripts in a browser (HTML, SVG, XML, JavaScript) whose senders are trusted. All others of them are
   * always attachments, and sandboxed.
   */
  readonly trusted?: readonly string[]
  /** More telling query words: `{ largerThan: 'size.gt' }`. */
  readonly filters?: Readonly<Record<string, string>>
  /** The order of a list that does not ask for one: `-createdAt`. By name when not given. */
  readonly sort?: string
  /** Files in a page of the list: 25 and at most 1,000 by default. */
  readonly limit?: { readonly default?: number; readonly max?: number }
  /** `required`: PUT and DELETE without a precondition are 428. */
  readonly preconditions?: 'required' | 'optional'
  /** `required`: POST without an Idempotency-Key is 400. */
  readonly idempotency?: 'required' | 'optional'
  /** Cache-Control of successful reads, of the files and of their list; `no-cache` by default. */
  readonly cacheControl?: string
  /** Problem codes the hooks refuse with, for the documents. */
  readonly refusals?: readonly string[]
  /** Who may do what with which files. What the API says of all its resources, or what is above, when not given. */
  readonly access?: AccessDefinition
  /** Rules of your own; throw a Refusal. Runs before anything is written, when the bytes are here. */
  check?(file: FileEntry): Later<void>
  /** After a file is created, in the same transaction. */
  created?(file: FileEntry, context: HookContext): Later<void>
  /** After a file is replaced, in the same transaction. */
  changed?(file: FileEntry, before: FileEntry, context: HookContext): Later<void>
  /** Before a file is deleted, in the same transaction. */
  removed?(file: FileEntry, context: HookContext): Later<void>
}

/** Defined files. */
export type Files = {
  readonly kind: 'files'
  readonly definition: Omit<FilesDefinition, keyof CollectionHooks> & CollectionHooks
}

/** Define files; see `FilesDefinition`. Checked by `defineApi`. */
export function files(definition: FilesDefinition = {}): Files {
  return { kind: 'files', definition: definition as Files['definition'] }
}
