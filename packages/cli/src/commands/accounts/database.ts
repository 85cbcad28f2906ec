// What the commands about accounts and keys share: the database they work on, and how they list.
import { resolve } from 'node:path'
import type { OpenCredentials } from '@comity/server'
import { Option } from 'commander'
import { explainStart } from '../../explain-start.ts'
import { complain } from '../../output/complain.ts'
import type { Io } from '../../terminal/io.ts'

export type DatabaseFlags = { readonly database: string }

export const databaseOption = (): Option =>
  new Option('-d, --database <file>', 'the SQLite file that the server is given')
    .env('DATABASE_URL')
    .default('comity.sqlite')

/** Opens the database, and says in a sentence why it cannot, or why what was asked cannot be done. */
export async function withCredentials(
  { database }: DatabaseFlags,
  io: Io,
  act: (credentials: OpenCredentials) => Promise<number>,
): Promise<number> {
  const { CredentialsError, openCredentials } = await import('@comity/server')
  const path = resolve(io.cwd, database.replace(/^sqlite:/, ''))
  let credentials: OpenCredentials
  try {
    credentials = await openCredentials(path)
  } catch (error) {
    const isMissing = error instanceof Error && error.message === `${path} is not there.`
    if (isMissing)
      return complain(io.stderr, error.message, 'A server makes it when it starts; name it with --database')
    return complain(io.stderr, explainStart(error, { port: 0, host: '', database: `sqlite:${path}` }))
  }
  try {
    return await act(credentials)
  } catch (error) {
    if (error instanceof CredentialsError) return complain(io.stderr, error.message)
    throw error
  } finally {
    await credentials.close()
  }
}

type Row = Readonly<Record<string, string | undefined>>

/** A table for people on a terminal, else a line of JSON for each. */
export function printRows(rows: readonly Row[], none: string, { stdout, stderr }: Io): void {
  const [first] = rows
  if (first === undefined) {
    stderr.write(`${none}\n`)
    return
  }
  if (stdout.isTTY !== true) {
    for (const row of rows) stdout.write(`${JSON.stringify(row)}\n`)
    return
  }
  const names = Object.keys(first)
  const cells = [names, ...rows.map(row => names.map(name => shown(row[name])))]
  const widths = names.map((_, column) => Math.max(...cells.map(line => line[column]?.length ?? 0)))
  for (const line of cells)
    stdout.write(
      `${line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    )
}

/** What callers chose may hold what a terminal would obey. */
const shown = (value: string | undefined): string => (value ?? '-').replace(/[\p{Cc}\p{Cf}]/gu, '�')
