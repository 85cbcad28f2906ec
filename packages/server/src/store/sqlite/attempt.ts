// A part of a transaction that is undone by itself when it fails.
import type { Later, Transaction } from '../store.ts'
import type { Connection } from './connection.ts'

/** Runs `work` on a part of `tx`. `mark` notes where the transaction stands, and returns the way back there. */
export type Attempt = <T>(tx: Transaction, mark: () => () => void, work: (part: Transaction) => Later<T>) => Later<T>

/** Attempts on the writer's connection, one within another or one after the other. */
export function attemptsOn({ db }: Connection): Attempt {
  const sql = {
    savepoint: db.prepare('SAVEPOINT attempt'),
    undo: db.prepare('ROLLBACK TO attempt'),
    release: db.prepare('RELEASE attempt'),
  }
  return <T>(tx: Transaction, mark: () => () => void, work: (part: Transaction) => Later<T>): Later<T> => {
    const back = mark()
    let open = true
    sql.savepoint.run()
    const succeed = (value: T): T => {
      open = false
      sql.release.run()
      return value
    }
    const undo = (error: unknown): never => {
      open = false
      back()
      // Some failures (a full disk) roll back everything by themselves.
      if (db.isTransaction) {
        sql.undo.run()
        sql.release.run()
      }
      throw error
    }
    let result: Later<T>
    try {
      result = work(partOf(tx, () => open))
    } catch (error) {
      return undo(error)
    }
    return result instanceof Promise ? result.then(succeed, undo) : succeed(result)
  }
}

/** What a failed handler left running must not write into the transaction that goes on without it. */
function partOf(tx: Transaction, isOpen: () => boolean): Transaction {
  const part: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(tx))
    part[name] =
      typeof member !== 'function'
        ? member
        : (...given: readonly unknown[]) => {
            if (!isOpen()) throw new Error('this part of the transaction has ended')
            return Reflect.apply(member, tx, given)
          }
  return part as unknown as Transaction
}
