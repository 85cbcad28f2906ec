// A large collection: a bank's database whose first account has a great many transactions.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { read } from '../exchange.ts'
import { startServer } from '../process.ts'

export type Large = { readonly database: string; readonly path: string; readonly rows: number }

/** Lets the server create the tables, then fills them on their own terms: each row is a copy of one it wrote. */
export async function makeLarge(folder: string, rows: number): Promise<Large> {
  const file = join(folder, 'large.sqlite')
  const server = await startServer('comity', { database: `sqlite:${file}` })
  const [account] = await read<readonly { readonly id: string }[]>(server.url, '/accounts?limit=1')
  await server.stop()
  if (account === undefined) throw new Error('The bank has no account')

  const database = new DatabaseSync(file)
  const columns = database
    .prepare('SELECT name FROM pragma_table_info(?)')
    .all('accounts_transactions')
    .map(({ name }) => String(name))
  const made: Readonly<Record<string, string>> = {
    // Later than any version 7 UUID of today, and in order.
    id: "printf('0fffffff-ffff-7000-8000-%012x', n)",
    account_id: '?',
    type: "CASE n % 2 WHEN 0 THEN 'debit' ELSE 'credit' END",
    amount: '100 + n * 7919 % 100000',
    date: "date('2013-01-01', '+' || (n * 31 % 730) || ' days')",
    description: "'Entry ' || n",
  }
  const present = database.prepare('SELECT count(*) AS rows FROM accounts_transactions WHERE account_id = ?')
  const missing = rows - Number(present.get(account.id)?.rows)
  database.exec('PRAGMA synchronous = OFF')
  database
    .prepare(
      `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
       INSERT INTO accounts_transactions (${columns.join(', ')})
       SELECT ${columns.map(column => made[column] ?? `model.${column}`).join(', ')}
       FROM numbers, (SELECT * FROM accounts_transactions LIMIT 1) AS model`,
    )
    .run(missing, account.id)
  database.exec('PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()
  return { database: `sqlite:${file}`, path: `/accounts/${account.id}/transactions`, rows }
}
