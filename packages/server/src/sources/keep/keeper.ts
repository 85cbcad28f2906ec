// Writes go back to the files they came from, before they are committed: what a caller is told is done, is in the file.
import { basename } from 'node:path'
import { Refusal } from '../../define/refusal.ts'
import type { ApiModel, CollectionModel } from '../../model/model.ts'
import type { CommitReads } from '../../store/sqlite/open.ts'
import type { FoundFile, Row } from '../found.ts'
import type { InferredList } from '../infer/definition.ts'
import { type KeptRows, rowsAfter, rowsAtFirst } from './rows.ts'
import { stampOf, writeWhole } from './write-whole.ts'

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

type State = { readonly rows: ReadonlyMap<InferredList, KeptRows>; readonly revision: number }

export function keeperOf({ files, lists, model, since, changedOutside }: KeeperOptions): Keeper {
  const stamps = new Map(files.map(({ path }) => [path, stampOf(path)]))
  const listOf = new Map(lists.map(list => [model.resources.get(list.segment), list]))
  let state: State = { rows: new Map(lists.map(list => [list, rowsAtFirst(list)])), revision: since }

  const after = (touched: ReadonlySet<CollectionModel>, reads: CommitReads): State => {
    const rows = new Map(state.rows)
    for (const collection of touched) {
      const list = listOf.get(collection)
      if (list === undefined) continue
      const changes = reads.changes(collection, state.revision, everything)
      rows.set(list, rowsAfter(rows.get(list) ?? new Map(), changes, list))
    }
    return { rows, revision: reads.clock().revision }
  }

  const textOf = (file: FoundFile, { rows }: State): string => {
    const within = lists.filter(({ found }) => file.lists.includes(found))
    return file.write(new Map(within.map(list => [list.found.name, rowsOf(rows.get(list))])))
  }

  const isTouched = ({ lists: within }: FoundFile, { rows }: State): boolean =>
    lists.some(list => within.includes(list.found) && rows.get(list) !== state.rows.get(list))

  return {
    commit(touched, reads) {
      const next = after(touched, reads)
      const written = files.filter(file => isTouched(file, next))
      if (written.length === 0) {
        state = next
        return
      }
      for (const { path } of written)
        if (safeStamp(path) !== stamps.get(path)) {
          changedOutside()
          throw changedRefusal(path)
        }
      try {
        writeWhole(new Map(written.map(file => [file.path, textOf(file, next)])))
      } catch (error) {
        throw unwritable(error as NodeJS.ErrnoException, written)
      }
      for (const { path } of written) stamps.set(path, stampOf(path))
      state = next
    },
    isCurrent: () => files.every(({ path }) => safeStamp(path) === stamps.get(path)),
    revision: () => state.revision,
  }
}

const everything = Number.MAX_SAFE_INTEGER - 1

const rowsOf = (rows: KeptRows | undefined): readonly Row[] => [...(rows?.values() ?? [])]

function safeStamp(path: string): string | undefined {
  try {
    return stampOf(path)
  } catch {
    return undefined
  }
}

const changedRefusal = (path: string): Refusal =>
  new Refusal('overloaded', {
    detail: `${basename(path)} was changed by another program just now, and is being read again. Nothing was written.`,
    retryAfter: 1,
  })

function unwritable(error: NodeJS.ErrnoException, files: readonly FoundFile[]): Refusal {
  const names = files.map(({ path }) => basename(path)).join(', ')
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT' || error.code === 'EFBIG')
    return new Refusal('insufficient-storage', `There is no room to write ${names}. Nothing was written.`)
  return new Refusal('overloaded', {
    detail: `${names} cannot be written (${error.code ?? error.message}). Nothing was written.`,
    retryAfter: 5,
  })
}
