// References of others that are checked when a transaction commits, and not when it writes. What fails then, fails for
// all writes of the commit: so none shares one.
import type { Connection } from '../connection.ts'

export const defersReferences = (connection: Connection): boolean =>
  connection
    .prepare("SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND sql LIKE '%INITIALLY%DEFERRED%' LIMIT 1")
    .get() !== undefined
