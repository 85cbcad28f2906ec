// A server killed in the midst of writing: what it acknowledged is there afterwards, and every balance is its sum.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { startServer } from '../support/server-process.ts'

const bank = new URL('../../examples/bank/api.ts', import.meta.url)
let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'comity-kill-'))
})
after(() => rmSync(folder, { recursive: true, force: true }))

type Entry = { readonly id: string; readonly type: 'credit' | 'debit'; readonly amount: string }
type Account = { readonly id: string; readonly balance: string }

const json = { 'content-type': 'application/json' }
const cents = (amount: string): number => Math.round(Number(amount) * 100)

async function read<T>(url: string): Promise<T> {
  const response = await fetch(url)
  assert.equal(response.status, 200, url)
  return (await response.json()) as T
}

async function open(url: string, name: string): Promise<Account> {
  const body = JSON.stringify({ type: 'credit', name, currency: 'EUR' })
  const response = await fetch(`${url}/accounts`, { method: 'POST', headers: json, body })
  assert.equal(response.status, 201)
  return (await response.json()) as Account
}

/** Killed after so many of 500 writes are acknowledged; the others are under way or fail. */
for (const enough of process.env.COMITY_LONG ? [1, 120, 400] : [1, 400])
  it(`kill -9 after ${enough} of 500 concurrent writes`, async t => {
    const database = `sqlite:${join(folder, `after-${enough}.sqlite`)}`
    const first = await startServer(bank, database)
    t.after(() => first.stop('SIGKILL'))
    const accounts = await Promise.all(Array.from({ length: 5 }, (_, n) => open(first.url, `Killed ${n}`)))
    const acknowledged: { readonly account: string; readonly entry: Entry }[] = []
    const write = async (n: number): Promise<void> => {
      const account = accounts[n % accounts.length]?.id ?? ''
      const entry = { type: n % 3 === 0 ? 'debit' : 'credit', amount: `${n + 1}.25`, date: '2014-01-01' }
      const url = `${first.url}/accounts/${account}/transactions`
      const response = await fetch(url, { method: 'POST', headers: json, body: JSON.stringify(entry) })
      assert.equal(response.status, 201)
      acknowledged.push({ account, entry: (await response.json()) as Entry })
      if (acknowledged.length === enough) first.child.kill('SIGKILL')
    }
    const outcomes = await Promise.allSettled(Array.from({ length: 500 }, (_, n) => write(n)))
    assert.equal((await first.ended).signal, 'SIGKILL')
    assert.ok(acknowledged.length >= enough)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') assert.ok(outcome.reason instanceof TypeError, String(outcome.reason))

    const second = await startServer(bank, database)
    t.after(() => second.stop('SIGKILL'))
    for (const { id } of accounts) {
      const { balance } = await read<Account>(`${second.url}/accounts/${id}`)
      const entries = await read<readonly Entry[]>(`${second.url}/accounts/${id}/transactions?limit=all`)
      const sum = entries.reduce((total, { type, amount }) => total + cents(amount) * (type === 'credit' ? 1 : -1), 0)
      assert.equal(cents(balance), sum)
      const byId = new Map(entries.map(entry => [entry.id, entry]))
      for (const { account, entry } of acknowledged) if (account === id) assert.deepEqual(byId.get(entry.id), entry)
    }
    // The seed is as it was, and was not sown twice.
    assert.equal((await read<readonly Account[]>(`${second.url}/accounts?limit=all`)).length, 55)
    assert.equal((await second.stop()).code, 0)
  })
