// What Comity adds to a database of others: tables of its own, and triggers that note what is written, whoever writes.
// Their SQL is what SQLite has read since 2013 (3.8.2), so that every program that could open the file still can. A
// trigger must not fail for the conflict clause of a statement that fires it (`INSERT OR ABORT`), which takes the place
// of its own; so it never writes what could conflict.
import type { ApiModel, ExistingModel } from '../../../model/model.ts'
import { DestructiveChangeError } from '../../errors.ts'
import type { Cell, Row } from '../columns.ts'
import type { Connection } from '../connection.ts'
import { literal, name } from '../schema.ts'
import { idExpression } from './key.ts'

/** A table of Comity's own without what older programs do not read. */
export const plainly = (sql: string): string =>
  sql.replace(/\) STRICT(?=, |$)/, ')').replace(/\), WITHOUT ROWID$/, ') WITHOUT ROWID')

const noteTables: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS comity_sources (
  source TEXT PRIMARY KEY NOT NULL, -- a table of others
  revision INTEGER NOT NULL, -- of its last change
  modified INTEGER NOT NULL, -- when that was
  since INTEGER NOT NULL, -- revision of the rows that were there when noting began
  since_time INTEGER NOT NULL,
  shape TEXT NOT NULL -- what its rows looked like then
)`,
  `CREATE TABLE IF NOT EXISTS comity_rows (
  source TEXT NOT NULL,
  id NOT NULL,
  revision INTEGER NOT NULL,
  born INTEGER NOT NULL, -- revision that created it; 0 where it was there before
  modified INTEGER NOT NULL,
  PRIMARY KEY (source, id)
) WITHOUT ROWID`,
]

/**
 * Inside a transaction of the writer's, once Comity's own tables are there.
 * @param now ms since the epoch
 * @param missing what becomes of a table that is not there
 */
export function adopt(
  connection: Connection,
  model: ApiModel,
  now: number,
  missing: 'refused' | 'left-alone' = 'refused',
): void {
  const { db } = connection
  const existing = new Map(model.collections.flatMap(of => (of.existing ? [[of.existing.table, of.existing]] : [])))
  if (existing.size === 0) return
  const all = (sql: string, ...cells: Cell[]) => connection.prepare(sql).all(...cells) as unknown as Row[]
  const clock = all("SELECT name FROM pragma_table_info('comity_clock')").flat()
  if (!clock.includes('own')) db.exec('ALTER TABLE comity_clock ADD COLUMN own INTEGER NOT NULL DEFAULT 0')
  for (const sql of noteTables) db.exec(sql)
  for (const of of existing.values()) {
    const columns = all('SELECT name, type FROM pragma_table_xinfo(?)', of.table)
    if (columns.length === 0 && missing === 'left-alone') continue
    if (columns.length === 0)
      throw new DestructiveChangeError(`the database has no ${of.kind} “${of.table}”, which the definition names`, [])
    if (of.kind === 'table') note(connection, of, JSON.stringify(columns), now)
  }
}

function note(connection: Connection, existing: ExistingModel, shape: string, now: number): void {
  const { db } = connection
  const { table } = existing
  const known = connection.prepare('SELECT shape FROM comity_sources WHERE source = ?').get(table) as unknown as
    | Row
    | undefined
  const there = triggersOn(connection, table)
  const wanted = triggersOf(existing)
  const isNoted = wanted.every(trigger => there.get(trigger.name) === trigger.sql)
  if (known?.[0] === shape && isNoted) return
  // Columns have come or gone, or changes may have been missed: no row keeps its validator.
  db.exec('UPDATE comity_clock SET revision = revision + 1')
  connection.prepare('DELETE FROM comity_sources WHERE source = ?').run(table)
  connection.prepare('DELETE FROM comity_rows WHERE source = ?').run(table)
  connection
    .prepare('INSERT INTO comity_sources SELECT ?1, revision, ?2, revision, ?2, ?3 FROM comity_clock')
    .run(table, now, shape)
  for (const called of there.keys()) db.exec(`DROP TRIGGER ${name(called)}`)
  for (const { sql } of wanted) db.exec(sql)
}

function triggersOn(connection: Connection, table: string): ReadonlyMap<string, string> {
  const rows = connection
    .prepare(
      "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE AND name LIKE 'comity~_%' ESCAPE '~'",
    )
    .all(table) as unknown as Row[]
  return new Map(rows.map(([called, sql]) => [String(called), String(sql)]))
}

type Trigger = { readonly name: string; readonly sql: string }

const milliseconds = "CAST((julianday('now') - 2440587.5) * 86400000.0 AS INTEGER)"

/** The triggers of a table: what is inserted, changed and deleted gets the revision of the clock. */
export function triggersOf(existing: ExistingModel): readonly Trigger[] {
  const { table, key } = existing
  const source = literal(table)
  const [was, is] = [idExpression(existing, 'OLD'), idExpression(existing, 'NEW')]
  const tick = `UPDATE comity_clock SET revision = revision + 1, modified = max(modified, ${milliseconds}) WHERE own = 0;`
  const mark = `UPDATE comity_sources SET revision = (SELECT revision FROM comity_clock), modified = (SELECT modified FROM comity_clock) WHERE source = ${source};`
  const forget = (id: string) => `DELETE FROM comity_rows WHERE source = ${source} AND id = +(${id});`
  const insert = (born: string, when: string) =>
    `INSERT INTO comity_rows SELECT ${source}, ${is}, revision, ${born}, modified FROM comity_clock WHERE (${is}) IS NOT NULL${when};`
  const bury = (
    when: string,
  ) => `DELETE FROM comity_tombstones WHERE collection = ${source} AND id = CAST(${was} AS TEXT)${when};
  INSERT INTO comity_tombstones SELECT ${source}, ${was}, '', revision, modified FROM comity_clock WHERE (${was}) IS NOT NULL${when};`
  const moved = ` AND (${was}) IS NOT (${is})`
  const here = `source = ${source} AND id = +(${is})`
  const noted = {
    INSERT: [forget(is), insert('revision', '')],
    UPDATE: [
      `DELETE FROM comity_rows WHERE source = ${source} AND id = +(${was})${moved};`,
      bury(moved),
      `UPDATE comity_rows SET revision = (SELECT revision FROM comity_clock), modified = (SELECT modified FROM comity_clock) WHERE ${here};`,
      insert(
        `CASE WHEN (${was}) IS NOT (${is}) THEN revision ELSE 0 END`,
        ` AND NOT EXISTS (SELECT 1 FROM comity_rows WHERE ${here})`,
      ),
    ],
    DELETE: [forget(was), bury('')],
  }
  return (['INSERT', 'UPDATE', 'DELETE'] as const).map(event => {
    const called = `comity_${event.toLowerCase()}_${table}`
    const body = [tick, ...(key.length > 0 ? noted[event] : []), mark].join('\n  ')
    return {
      name: called,
      sql: `CREATE TRIGGER ${name(called)} AFTER ${event} ON ${name(table)} BEGIN\n  ${body}\nEND`,
    }
  })
}
