// Rows into a table of an SQLite file, in one transaction; what else is in the file stays.
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { UsageError } from '../output/complain.ts'
import { formatJson } from '../output/json-value.ts'
import { Names } from '../pages/names.ts'
import { namesOfAll, type Rows } from './rows.ts'
import type { Written } from './write-rows.ts'

type Type = 'INTEGER' | 'REAL' | 'TEXT'

export async function writeTable(rows: Rows, { path, shown, columns, table }: Written): Promise<void> {
  const existed = existsSync(path)
  const names = columns ?? (await namesOfAll(rows))
  const types = await typesOf(rows, names)
  const database = open(path, shown)
  try {
    database.exec('BEGIN IMMEDIATE')
    const create = `CREATE TABLE ${quoted(table.name)} (${columnList(names, types)})`
    drop(database, table, create, shown)
    database.exec(create)
    const insert =
      names.length === 0
        ? undefined
        : database.prepare(`INSERT INTO ${quoted(table.name)} VALUES (${names.map(() => '?').join(', ')})`)
    for await (const row of rows()) insert?.run(...names.map(name => storedOf(row[name])))
    database.exec('COMMIT')
  } catch (error) {
    database.close()
    if (!existed) await rm(path, { force: true })
    throw error
  }
  database.close()
}

function open(path: string, shown: string): DatabaseSync {
  try {
    const database = new DatabaseSync(path)
    // Tells at once whether it is one.
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    return database
  } catch (error) {
    throw new UsageError(`${shown} cannot be opened as an SQLite database: ${(error as Error).message}`)
  }
}

/** A table that this would make again is replaced; another one of the same name only where that was asked for. */
function drop(database: DatabaseSync, { name, existing }: Written['table'], create: string, shown: string): void {
  const found = database.prepare(
    "SELECT sql, type FROM sqlite_schema WHERE name = ? COLLATE NOCASE AND type IN ('table', 'view')",
  )
  const there = found.get(name) as { readonly sql: string; readonly type: string } | undefined
  if (there === undefined) return
  if (there.sql !== create && existing === 'refuse')
    throw new UsageError(
      `${shown} has a ${there.type} ${name} with other columns`,
      'Name another with --table, or replace it with --overwrite.',
    )
  database.exec(`DROP ${there.type === 'view' ? 'VIEW' : 'TABLE'} ${quoted(name)}`)
}

function columnList(names: readonly string[], types: ReadonlyMap<string, Type | undefined>): string {
  // SQLite has no tables without columns, and no names that differ by capitals only.
  if (names.length === 0) return 'value'
  const unique = new Names()
  return names.map(name => [quoted(unique.take(name)), types.get(name)].filter(Boolean).join(' ')).join(', ')
}

/** What all values of a column are; undefined where they are of several kinds, which SQLite stores as they are. */
async function typesOf(rows: Rows, names: readonly string[]): Promise<ReadonlyMap<string, Type | undefined>> {
  const kinds = new Map(names.map(name => [name, new Set<Type>()]))
  for await (const row of rows())
    for (const [name, seen] of kinds) {
      const value = storedOf(row[name])
      if (value === null) continue
      seen.add(typeof value === 'string' ? 'TEXT' : Number.isInteger(Number(value)) ? 'INTEGER' : 'REAL')
    }
  return new Map(
    [...kinds].map(([name, seen]) => {
      if (seen.size === 2 && !seen.has('TEXT')) return [name, 'REAL']
      return [name, seen.size === 1 ? [...seen][0] : undefined]
    }),
  )
}

const most = 2n ** 63n - 1n

function storedOf(value: unknown): string | number | bigint | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'bigint') return value <= most && value >= -most ? value : String(value)
  return typeof value === 'object' ? formatJson(value, 0) : (value as string | number)
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
