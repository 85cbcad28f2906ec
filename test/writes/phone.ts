// What a phone asks of the bank, and what it looks at afterwards.
import { randomUUID } from 'node:crypto'
import bank from '../../examples/bank/api.ts'
import { servingOnDisk, type Told } from './many.ts'

type Members = Readonly<Record<string, unknown>>

/** The seeded bank on a file, for the tests of one file. */
export function bankOnDisk() {
  const { ask, count } = servingOnDisk(bank)
  const post = (path: string, body: unknown, fields: Readonly<Record<string, string>> = {}): Promise<Told> =>
    ask('POST', path, { 'content-type': 'application/json', ...fields }, JSON.stringify(body))
  const change = (path: string, body: unknown): Promise<Told> =>
    ask('PATCH', path, { 'content-type': 'application/merge-patch+json' }, JSON.stringify(body))
  const get = async (path: string) => (await ask('GET', path)).json()

  /** A new account with so much in it; its id. */
  const open = async (balance = '0', members: Members = {}): Promise<string> => {
    const { id } = (await post('/accounts', { type: 'current', name: 'Test', currency: 'EUR', ...members })).json()
    if (balance !== '0')
      await post(`/accounts/${id}/transactions`, { type: 'credit', amount: balance, date: '2014-01-01' })
    return id
  }
  const balanceOf = async (id: string): Promise<string> => (await get(`/accounts/${id}`)).balance
  const synchronize = (body: Members = {}, query = ''): Promise<Told> => post(`/synchronize${query}`, body)
  /** The token of now. */
  let last: string | undefined
  const tokenNow = async (): Promise<string> => {
    last = (await synchronize(last === undefined ? {} : { since: last })).json().token as string
    return last
  }
  return { ask, count, post, change, get, open, balanceOf, synchronize, tokenNow }
}

/** A new account as a phone makes one. */
export const newAccount = (members: Members = {}) => ({
  id: randomUUID(),
  type: 'current',
  name: 'Phone',
  currency: 'EUR',
  ...members,
})

/** A new transaction as a phone makes one. */
export const newTransaction = (accountId: string, amount: string, type: 'credit' | 'debit' = 'credit') => ({
  id: randomUUID(),
  accountId,
  type,
  amount,
  date: '2014-05-06',
  description: null,
})

export const nothing = { created: [], changed: [], deleted: [] }
