// The bank's rows, as every server in the benchmark serves them.
import { writeFileSync } from 'node:fs'
import { read } from './exchange.ts'

export type Account = {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly currency: string
  readonly balance: string
  readonly createdAt: string
  readonly updatedAt: string
}

export type Transaction = {
  readonly id: string
  readonly accountId: string
  readonly type: string
  readonly amount: string
  readonly date: string
  readonly description: string | null
  readonly createdAt: string
}

export type Data = { readonly accounts: readonly Account[]; readonly transactions: readonly Transaction[] }

/** All rows of the bank served at `base`. */
export async function readData(base: string): Promise<Data> {
  const accounts = await read<readonly Account[]>(base, '/accounts?limit=1000')
  const transactions: Transaction[] = []
  for (const { id } of accounts) {
    transactions.push(...(await read<readonly Transaction[]>(base, `/accounts/${id}/transactions?limit=1000`)))
  }
  return { accounts, transactions }
}

/** Writes rows to a file, for a server to load. */
export function writeData(path: string, data: Data): void {
  writeFileSync(path, JSON.stringify(data))
}
