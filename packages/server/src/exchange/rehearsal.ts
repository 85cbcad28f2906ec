import type { Exchange } from './exchange.ts'

/** Whether the write is to be answered as though it were done, and undone: `Prefer: dry-run` or `tx=rollback`. */
export const isRehearsal = (x: Exchange): boolean =>
  x.preferences.has('dry-run') || x.preferences.get('tx')?.value === 'rollback'
