// Whose hand writes. Comity counts a transaction of its own once, at its first change; for all others the triggers
// count, once for each row. What they go by stands in the clock, and never leaves the transaction it was set in.
import type { ApiModel } from '../../../model/model.ts'
import type { Row } from '../columns.ts'
import type { Connection } from '../connection.ts'
import { adopt } from './adopt.ts'

export type Hand = {
  /**
   * Before anything is read in a transaction: whether tables of others were made anew, as migrations do, which took the
   * triggers along. Then they are there again, and no row keeps its validator.
   */
  readonly look: (now: number) => 'as-it-was' | 'noted-anew'
  /** @returns the transaction's revision */
  readonly take: (now: number) => number
  /** Before it is committed. */
  readonly giveBack: () => void
}

/** On the writer's connection, inside its transaction. */
export function handOn(connection: Connection, model: ApiModel): Hand {
  const shared = model.collections.some(({ existing }) => existing)
  const tick = connection.prepare(
    `UPDATE comity_clock SET revision = revision + 1, modified = ?${shared ? ', own = 1' : ''} RETURNING revision`,
  )
  const rest = shared ? connection.prepare('UPDATE comity_clock SET own = 0') : undefined
  const version = connection.prepare('PRAGMA schema_version')
  const versionNow = () => (version.get() as unknown as Row)[0]
  let known = shared ? versionNow() : undefined
  return {
    look: now => {
      if (!shared || versionNow() === known) return 'as-it-was'
      adopt(connection, model, now, 'left-alone')
      // Undone with the transaction, the version is another again.
      known = versionNow()
      return 'noted-anew'
    },
    take: now => (tick.get(now) as unknown as Row)[0] as number,
    giveBack: () => {
      rest?.run()
    },
  }
}
