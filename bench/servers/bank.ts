// The bank on node:sqlite as one would write it by hand and with care: prepared statements, whole cents, the durability
// this project's own server has, and one transaction for a posting and the balance it moves.
import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { v7 as uuid } from 'uuid'
import type { Account, Data, Transaction } from '../data.ts'

type AccountRow = Omit<Account, 'balance'> & { readonly balance: number; readonly revision: number }
type TransactionRow = Omit<Transaction, 'amount'> & { readonly amount: number }

export type Posting = {
  readonly type: 'debit' | 'credit'
  readonly amount: string
  readonly date: string
  readonly description?: string | null
}

export type Bank = {
  /** The account with its strong tag; undefined where there is none. */
  readonly account: (id: string) => { readonly account: Account; readonly tag: string } | undefined
  /** In order of id; undefined where there is no such account. */
  readonly transactions: (accountId: string, type: string | undefined, limit: number) => Transaction[] | undefined
  /** Durable when it returns. */
  readonly post: (accountId: string, posting: Posting) => Transaction | 'no-account' | 'insufficient-funds'
}

/** Opens a new database at `path` and fills it with the rows in the file `rows`. */
export function openBank(path: string, rows: string): Bank {
  const database = new DatabaseSync(path)
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    CREATE TABLE accounts (id TEXT PRIMARY KEY, type TEXT NOT NULL, name TEXT NOT NULL, currency TEXT NOT NULL,
      balance INTEGER NOT NULL, createdAt TEXT NOT NULL, updatedAt TEXT NOT NULL, revision INTEGER NOT NULL) STRICT;
    CREATE TABLE transactions (id TEXT PRIMARY KEY, accountId TEXT NOT NULL REFERENCES accounts, type TEXT NOT NULL,
      amount INTEGER NOT NULL, date TEXT NOT NULL, description TEXT, createdAt TEXT NOT NULL) STRICT;
    CREATE INDEX transactions_by_account ON transactions (accountId, id);
    CREATE INDEX transactions_by_type ON transactions (accountId, type, id);
  `)
  const oneAccount = database.prepare('SELECT * FROM accounts WHERE id = ?')
  const anAccount = database.prepare('SELECT 1 FROM accounts WHERE id = ?')
  const all = database.prepare('SELECT * FROM transactions WHERE accountId = ? ORDER BY id LIMIT ?')
  const ofType = database.prepare('SELECT * FROM transactions WHERE accountId = ? AND type = ? ORDER BY id LIMIT ?')
  const addTransaction = database.prepare('INSERT INTO transactions VALUES (?, ?, ?, ?, ?, ?, ?)')
  const setBalance = database.prepare(
    'UPDATE accounts SET balance = ?, updatedAt = ?, revision = revision + 1 WHERE id = ?',
  )
  fill(database, JSON.parse(readFileSync(rows, 'utf8')))

  return {
    account(id) {
      const row = oneAccount.get(id) as AccountRow | undefined
      if (row === undefined) return undefined
      const { revision, balance, ...rest } = row
      return { account: { ...rest, balance: inUnits(balance) }, tag: `"${revision}"` }
    },
    transactions(accountId, type, limit) {
      if (anAccount.get(accountId) === undefined) return undefined
      const found = type === undefined ? all.all(accountId, limit) : ofType.all(accountId, type, limit)
      return (found as TransactionRow[]).map(row => ({ ...row, amount: inUnits(row.amount) }))
    },
    post(accountId, { type, amount, date, description = null }) {
      database.exec('BEGIN IMMEDIATE')
      try {
        const account = oneAccount.get(accountId) as AccountRow | undefined
        if (account === undefined) return rollback('no-account')
        const balance = account.balance + (type === 'credit' ? inCents(amount) : -inCents(amount))
        if (balance < 0 && account.type !== 'credit') return rollback('insufficient-funds')
        const now = new Date().toISOString()
        const id = uuid()
        addTransaction.run(id, accountId, type, inCents(amount), date, description, now)
        setBalance.run(balance, now, accountId)
        database.exec('COMMIT')
        return { id, accountId, type, amount: inUnits(inCents(amount)), date, description, createdAt: now }
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    },
  }

  function rollback<Outcome>(outcome: Outcome): Outcome {
    database.exec('ROLLBACK')
    return outcome
  }
}

function fill(database: DatabaseSync, { accounts, transactions }: Data): void {
  const addAccount = database.prepare('INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, 1)')
  const addTransaction = database.prepare('INSERT INTO transactions VALUES (?, ?, ?, ?, ?, ?, ?)')
  database.exec('BEGIN')
  for (const { id, type, name, currency, balance, createdAt, updatedAt } of accounts) {
    addAccount.run(id, type, name, currency, inCents(balance), createdAt, updatedAt)
  }
  for (const { id, accountId, type, amount, date, description, createdAt } of transactions) {
    addTransaction.run(id, accountId, type, inCents(amount), date, description, createdAt)
  }
  database.exec('COMMIT')
}

const inCents = (units: string): number => Math.round(Number(units) * 100)
const inUnits = (cents: number): string => (cents / 100).toFixed(2)
