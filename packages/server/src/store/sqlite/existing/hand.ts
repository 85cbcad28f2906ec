// Whose hand writes. Comity counts a transaction of its own once, at its first change; for all others the triggers
// count, once for each row. What they go by stands in the clock, and never leaves the transaction it was set in.
import type { ApiModel } from '../../../model/model.ts'
import type { Row } from '../columns.ts'
import type { Connection } from '../connection.ts'

export type Hand = {
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
  return {
    take: now => (tick.get(now) as unknown as Row)[0] as number,
    giveBack: () => {
      rest?.run()
    },
  }
}
