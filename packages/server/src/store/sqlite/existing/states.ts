// When lists of others have changed. Triggers note it for each table, and not for each parent: a list below one item
// may be taken for changed though only another was. What a view shows may come from any table.
import type { ExistingModel } from '../../../model/model.ts'
import type { CollectionState } from '../../store.ts'
import type { Row } from '../columns.ts'
import type { Connection } from '../connection.ts'

/** On any connection. */
export function existingStatesOn(connection: Connection): (existing: ExistingModel) => CollectionState {
  const sql = {
    table: 'SELECT revision, modified FROM main.comity_sources WHERE source = ?',
    any: 'SELECT revision, modified FROM main.comity_clock WHERE ? IS NOT NULL',
    unnoted: 'SELECT comity_revision(), comity_modified() WHERE ? IS NOT NULL',
  }
  return ({ table, kind }) => {
    const text = connection.noting === 'read-only' ? sql.unnoted : kind === 'table' ? sql.table : sql.any
    const row = connection.prepared(text, () => ({ sql: text, slots: [0] })).get([table])
    const [revision, modified] = row as Row
    return { revision: Number(revision), modified: Number(modified) }
  }
}
