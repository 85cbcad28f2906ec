// A write transaction on the writer's connection. It takes its revision at the first change, and every row it touches
// carries that one.
import type { ApiModel, CollectionModel, Values } from '../../model/model.ts'
import { nameOf } from '../../model/name-of.ts'
import { takenAlong } from '../../model/related.ts'
import type { Item, KeptAnswer, KeyName, Later, ListPlan, Selection, Transaction } from '../store.ts'
import { attemptsOn } from './attempt.ts'
import { auditWritesOn } from './audit.ts'
import type { Connection } from './connection.ts'
import { handOn } from './existing/hand.ts'
import { existingRows } from './existing/rows.ts'
import { keyOf } from './item.ts'
import { jobWritesOn } from './jobs.ts'
import { keysOn, prunerOn } from './keys.ts'
import { marksOn } from './marks.ts'
import { nextIdsOn } from './next-id.ts'
import type { ReadsNow } from './reads.ts'
import { recordWritesOn } from './records.ts'
import { type Moment, ownRows, type RowWrites } from './rows.ts'

/** A transaction as the writer sees it: it knows what it touched, and can be ended. */
export type OpenTransaction = Transaction & {
  /** Collections that a read may find changed once it commits. */
  readonly touched: ReadonlySet<CollectionModel>
  /** See `Store.prune`. */
  prune(buried: number, most: number): number
  /** Says what only the whole of it tells; before it is committed. */
  complete(): void
  /** Whatever still holds the transaction can do nothing with it any more. */
  end(): void
}

/** Whether an item may come to be seen below another parent. */
const movesIn = ({ whole, parts }: CollectionModel, changes: Values): boolean =>
  (whole?.parts ?? parts).some(
    ({ parentField }) => parentField !== undefined && Object.hasOwn(changes, parentField.name),
  )

/**
 * What begins transactions on one connection; BEGIN and COMMIT are the writer's.
 * @returns begins a transaction whose time is `now`, in ms
 */
export function transactionsOn(
  connection: Connection,
  reads: ReadsNow,
  model: ApiModel,
): (now: number) => OpenTransaction {
  const rows = new Map<CollectionModel, RowWrites>(
    model.collections.map(collection => [
      collection,
      (collection.existing ? existingRows : ownRows)(connection, model, collection),
    ]),
  )
  const others = model.collections.filter(({ existing }) => existing)
  const hand = handOn(connection, model)
  const marks = marksOn(connection)
  const nextId = nextIdsOn(connection)
  const keys = keysOn(connection)
  const jobs = jobWritesOn(connection)
  const records = recordWritesOn(connection)
  const audit = model.audit === 'kept' ? auditWritesOn(connection) : undefined
  const prune = prunerOn(connection)
  const attempt = attemptsOn(connection)

  const rowsOf = (collection: CollectionModel): RowWrites => {
    const known = rows.get(collection)
    if (known === undefined) throw new Error(`${collection.name} is not a collection of this store`)
    return known
  }

  return now => {
    const time = new Date(now).toISOString()
    const touched = new Set<CollectionModel>(hand.look(now) === 'noted-anew' ? others : [])
    let marked = new Set<string>()
    let revision = 0
    let open = true
    const log = audit?.(now)

    const live = (): ReadsNow => {
      if (!open) throw new Error('the transaction has ended')
      // Some failures (a full disk) roll back everything by themselves; a statement now would commit on its own.
      if (!connection.db.isTransaction) throw new Error('the engine gave up the transaction')
      return reads
    }

    /** What an attempt marks, the clock's tick among it, is undone with it. */
    const standing = () => {
      const before = { revision, marked: new Set(marked) }
      const undo = log?.standing()
      return () => {
        undo?.()
        revision = before.revision
        marked = before.marked
      }
    }

    const advance = (): Moment => {
      live()
      if (revision === 0) revision = hand.take(now)
      return { revision, time }
    }

    /** What triggers and cascades of others do is not known here; triggers of Comity's mark what they touch. */
    const touchOthers = () => {
      for (const other of others) touched.add(other)
    }

    /** Of items of the collection, or of the one that it is a part of, below one parent. */
    const touch = (collection: CollectionModel, parent: string) => {
      if (collection.existing) return touchOthers()
      touched.add(collection)
      const state = `${keyOf(collection)}/${collection.parent?.name}/${parent}`
      if (marked.has(state)) return
      marked.add(state)
      marks.one(collection, parent, revision, now)
    }

    /** The lists that hold the item, wherever it is seen. */
    const touchItem = (collection: CollectionModel, values: Values, below: string) => {
      const whole = collection.whole ?? collection
      touch(whole, whole === collection ? below : '')
      for (const part of whole.parts) {
        const above = values[part.parentField?.name ?? '']
        if (above !== null && above !== undefined) touch(part, String(above))
      }
    }

    /** What goes with a deleted item was below others too: lists of theirs are taken for changed, all of them. */
    const sweep = (collection: CollectionModel) => {
      for (const taken of takenAlong(collection)) {
        touched.add(taken)
        if (taken.parent === undefined) touch(taken, '')
        for (const part of taken.parts) {
          touched.add(part)
          marks.all(part, revision, now)
        }
        if (taken.parent && taken.parent !== (collection.whole ?? collection)) marks.all(taken, revision, now)
      }
    }

    const parentOf = (collection: CollectionModel, item: Item): string =>
      collection.parentField ? String(item.values[collection.parentField.name]) : ''

    /** Of what is only seen below others there is none. */
    const ownParent = (collection: CollectionModel, item: Item): string =>
      collection.whole ? '' : parentOf(collection, item)

    return {
      now,
      touched,
      end: () => {
        open = false
      },
      complete: () => {
        if (log && revision !== 0)
          for (const collection of new Set([...touched].map(at => at.whole ?? at))) log.deleted(collection, revision)
        if (revision !== 0) hand.giveBack()
      },
      signed: by => {
        live()
        log?.signed(by)
      },
      note: (action, resource, id) => {
        live()
        log?.note(action, resource, id, '', revision)
      },
      get: (collection: CollectionModel, id: string, parent?: string) => live().get(collection, id, parent),
      page: (plan: ListPlan) => live().page(plan),
      count: (selection: Selection) => live().count(selection),
      first: (selection: Selection) => live().first(selection),
      extent: (selection: Selection) => live().extent(selection),
      state: (collection: CollectionModel, parent?: string) => live().state(collection, parent),
      items: (selection: Selection) => live().items(selection),
      clock: () => live().clock(),
      changes: (collection, since, most) => live().changes(collection, since, most),
      recall: (name: KeyName) => {
        live()
        return keys.recall(name, now)
      },
      keep: (name: KeyName, answer: KeptAnswer, expires: number) => {
        live()
        keys.keep(name, answer, expires)
      },
      job: id => live().job(id),
      jobs: (wanted, most) => live().jobs(wanted, most),
      queuedJobs: () => live().queuedJobs(),
      ...jobs(now, live),
      nextId: collection => {
        live()
        return nextId(collection)
      },
      record: (kind, id) => live().record(kind, id),
      recordsNamed: (kind, named, value, most) => live().recordsNamed(kind, named, value, most),
      records: (kind, from, most) => live().records(kind, from, most),
      ...records(now, live),
      prune: (buried: number, most: number) => {
        live()
        return prune(now, buried, most)
      },

      attempt<T>(work: (part: Transaction) => Later<T>): Later<T> {
        live()
        return attempt(this, standing, work)
      },

      insert(collection: CollectionModel, values: Values, parent?: string): Item {
        const item = rowsOf(collection).insert(values, parent, advance())
        touchItem(collection, item.values, parent ?? '')
        log?.note('created', nameOf(collection.whole ?? collection), item.id, ownParent(collection, item), revision)
        return item
      },

      update(collection: CollectionModel, id: string, changes: Values): Item {
        const before = movesIn(collection, changes) ? live().get(collection, id) : undefined
        const item = rowsOf(collection).update(id, changes, advance())
        if (typeof before === 'object') touchItem(collection, before.values, parentOf(collection, before))
        touchItem(collection, item.values, parentOf(collection, item))
        log?.note('changed', nameOf(collection.whole ?? collection), id, ownParent(collection, item), revision)
        return item
      },

      remove(collection: CollectionModel, id: string): void {
        const item = live().get(collection, id)
        if (typeof item === 'string') throw new Error(`no ${collection.singular} ${id} to remove`)
        advance()
        rowsOf(collection).remove(id)
        touchItem(collection, item.values, parentOf(collection, item))
        if (collection.existing) return
        for (const nested of (collection.whole ?? collection).nested) {
          touched.add(nested)
          marks.belowOne(nested, id, revision, now)
        }
        sweep(collection)
      },

      removeWhere(selection: Selection): number {
        const { collection } = selection
        if (live().count(selection) === 0) return 0
        advance()
        const removed = rowsOf(collection).removeWhere(selection)
        if (collection.existing) {
          touchOthers()
          return removed
        }
        const whole = collection.whole ?? collection
        if (collection.parentField && selection.parent === undefined) {
          touched.add(collection)
          marks.parents(collection, revision, now)
        } else touch(whole, whole === collection ? (selection.parent ?? '') : '')
        for (const part of whole.parts) {
          touched.add(part)
          marks.all(part, revision, now)
        }
        for (const nested of whole.nested) {
          touched.add(nested)
          marks.below(nested, whole, revision, now)
        }
        sweep(collection)
        return removed
      },
    }
  }
}
