// Writes go back to the files they came from, before they are committed: what a caller is told is done, is in the file.
import { basename } from 'node:path'
import { Refusal } from '../../define/refusal.ts'
import type { ApiModel, CollectionModel } from '../../model/model.ts'
import type { CommitReads } from '../../store/sqlite/open.ts'
import type { FoundFile } from '../found.ts'
import type { InferredList } from '../infer/definition.ts'
import { apply, type Edits, editsOf, rowsAtFirst, textsOf } from './rows.ts'
import { PartlyWritten, stampOf, writeWhole } from './write-whole.ts'

export type Keeper = {
  /** Called within a transaction that has touched these. @throws Refusal where a file cannot be written */
  readonly commit: (touched: ReadonlySet<CollectionModel>, reads: CommitReads) => void
  /** Whether the files are as they were last written or read here. */
  readonly isCurrent: () => boolean
  /** Up to which revision the files hold what the store does. */
  readonly revision: () => number
}

export type KeeperOptions = {
  readonly files: readonly FoundFile[]
  readonly lists: readonly InferredList[]
  readonly model: ApiModel
  /** The revision at which the store holds what the files hold. */
  readonly since: number
  /** Called when another program has written to a file, before the write that noticed is refused. */
  readonly changedOutside: () => void
}

export function keeperOf({ files, lists, model, since, changedOutside }: KeeperOptions): Keeper {
  const stamps = new Map(files.map(({ path, stamp }) => [path, stamp]))
  const listOf = new Map(lists.map(list => [model.resources.get(list.segment), list]))
  const rowsOf = new Map(lists.map(list => [list, rowsAtFirst(list)]))
  let revision = since

  const editsSince = (touched: ReadonlySet<CollectionModel>, reads: CommitReads): ReadonlyMap<InferredList, Edits> => {
    const all = new Map<InferredList, Edits>()
    for (const collection of touched) {
      const list = listOf.get(collection)
      const rows = list && rowsOf.get(list)
      if (list === undefined || rows === undefined) continue
      const edits = editsOf(rows, reads.changes(collection, revision, everything), list)
      if (edits.size > 0) all.set(list, edits)
    }
    return all
  }

  const textOf = (file: FoundFile, edits: ReadonlyMap<InferredList, Edits>): string => {
    const within = lists.filter(({ found }) => file.lists.includes(found))
    const texts = within.map((list): [string, readonly string[]] => [
      list.found.name,
      textsOf(rowsOf.get(list) ?? new Map(), edits.get(list) ?? none, file.writeRow),
    ])
    return file.write(new Map(texts))
  }

  return {
    commit(touched, reads) {
      const edits = editsSince(touched, reads)
      const written = files.filter(({ lists: within }) => [...edits.keys()].some(({ found }) => within.includes(found)))
      if (written.some(({ path }) => safeStamp(path) !== stamps.get(path))) {
        changedOutside()
        throw changedRefusal(namesOf(written))
      }
      try {
        writeWhole(new Map(written.map(file => [file.path, textOf(file, edits)])))
      } catch (error) {
        // What is in its place already is read as though another had put it there.
        if (error instanceof PartlyWritten) changedOutside()
        throw unwritable(error as NodeJS.ErrnoException, namesOf(written))
      }
      for (const { path } of written) stamps.set(path, stampOf(path))
      for (const [list, each] of edits) apply(rowsOf.get(list) ?? new Map(), each)
      revision = reads.clock().revision
    },
    isCurrent: () => files.every(({ path }) => safeStamp(path) === stamps.get(path)),
    revision: () => revision,
  }
}

const none: Edits = new Map()

const everything = Number.MAX_SAFE_INTEGER - 1

const namesOf = (files: readonly FoundFile[]): string => files.map(({ path }) => basename(path)).join(', ')

function safeStamp(path: string): string | undefined {
  try {
    return stampOf(path)
  } catch {
    return undefined
  }
}

const changedRefusal = (names: string): Refusal =>
  new Refusal('overloaded', {
    detail: `${names} was changed by another program, and is being read again. Nothing was written.`,
    retryAfter: 1,
  })

function unwritable(error: NodeJS.ErrnoException, names: string): Refusal {
  const done = error instanceof PartlyWritten ? `Only ${basename(error.message)} was written` : 'Nothing was written'
  const { code = error.message } = (error instanceof PartlyWritten ? error.cause : error) as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG')
    return new Refusal('insufficient-storage', `There is no room to write ${names}. ${done}.`)
  return new Refusal('overloaded', { detail: `${names} cannot be written (${code}). ${done}.`, retryAfter: 5 })
}
