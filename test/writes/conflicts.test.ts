// What both sides changed since the token: told and left alone, or decided as the phone says.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bankOnDisk, newAccount, newTransaction, nothing } from './phone.ts'

const { ask, post, change, get, open, balanceOf, synchronize, tokenNow } = bankOnDisk()

type Entry = Readonly<Record<string, unknown>>

/** An account both sides had, and what each did to it. */
type Row = {
  readonly name: string
  readonly here: (id: string) => Promise<unknown>
  readonly phone: (id: string) => Readonly<Record<string, readonly Entry[]>>
  /** Members told of the conflict. */
  readonly members: readonly string[]
  readonly clients: 'deleted' | Entry
  readonly servers: 'deleted' | Entry
  /** The account when the phone wins, and when the server does; undefined: it is gone. */
  readonly client: Entry | undefined
  readonly server: Entry | undefined
}

const pay = (id: string) => post(`/accounts/${id}/transactions`, { type: 'credit', amount: '5.00', date: '2014-01-01' })
const rename = (id: string) => change(`/accounts/${id}`, { name: 'Here' })
const close = (id: string) => ask('DELETE', `/accounts/${id}`)
const whole = (id: string) => ({ ...newAccount({ id, name: 'Phone' }) })

const rows: readonly Row[] = [
  {
    name: 'renamed on both sides',
    here: rename,
    phone: id => ({ changed: [{ id, name: 'Phone' }] }),
    members: ['name'],
    clients: { name: 'Phone' },
    servers: { name: 'Here', balance: '1.00' },
    client: { name: 'Phone', balance: '1.00' },
    server: { name: 'Here', balance: '1.00' },
  },
  {
    name: 'renamed there, and money came in here',
    here: pay,
    phone: id => ({ changed: [{ id, name: 'Phone', balance: '1.00' }] }),
    members: ['name'],
    clients: { name: 'Phone', balance: '1.00' },
    servers: { name: 'Test', balance: '6.00' },
    client: { name: 'Phone', balance: '6.00' },
    server: { name: 'Test', balance: '6.00' },
  },
  {
    name: 'several members, of which one is the same',
    here: rename,
    phone: id => ({ changed: [{ id, name: 'Phone', type: 'savings', currency: 'EUR' }] }),
    members: ['name', 'type'],
    clients: { name: 'Phone', type: 'savings' },
    servers: { name: 'Here', type: 'current' },
    client: { name: 'Phone', type: 'savings', balance: '1.00' },
    server: { name: 'Here', type: 'current', balance: '1.00' },
  },
  {
    name: 'deleted there, renamed here',
    here: rename,
    phone: id => ({ deleted: [{ id }] }),
    members: [],
    clients: 'deleted',
    servers: { name: 'Here' },
    client: undefined,
    server: { name: 'Here', balance: '1.00' },
  },
  {
    name: 'renamed there, deleted here',
    here: close,
    phone: id => ({ changed: [whole(id)] }),
    members: [],
    clients: { name: 'Phone' },
    servers: 'deleted',
    client: { name: 'Phone', balance: '0.00' },
    server: undefined,
  },
]

/** Another account of the phone's, which nobody disputes. */
const prepare = async ({ here, phone }: Row) => {
  const id = await open('1.00')
  const since = await tokenNow()
  await here(id)
  const other = newAccount()
  const side = phone(id)
  const body = {
    since,
    accounts: { ...side, created: [other, ...(side.created ?? [])] },
    transactions: { created: [newTransaction(other.id, '2.00')] },
  }
  return { id, other, body }
}

const has = (entry: Entry | null, expected: 'deleted' | Entry) => {
  if (expected === 'deleted') assert.equal(entry, null)
  else for (const [name, value] of Object.entries(expected)) assert.equal(entry?.[name], value, name)
}

for (const row of rows)
  describe(row.name, () => {
    test('is a conflict that applies nothing', async () => {
      const { id, other, body } = await prepare(row)
      const now = await tokenNow()
      const { status, json } = await synchronize(body)
      const { code, conflicts, errors } = json()
      assert.deepEqual([status, code], [409, 'sync-conflict'])
      assert.equal(conflicts.length, 1)
      const [conflict] = conflicts
      assert.deepEqual([conflict.collection, conflict.id, conflict.members], ['accounts', id, row.members])
      has(conflict.client, row.clients)
      has(conflict.server, row.servers)
      assert.match(errors[0].pointer, /^\/accounts\/(changed|deleted)\/0$/)
      assert.equal(await tokenNow(), now)
      assert.equal((await ask('GET', `/accounts/${other.id}`)).status, 404)
    })

    for (const winner of ['client', 'server'] as const)
      test(`the ${winner} wins`, async () => {
        const { id, other, body } = await prepare(row)
        const { status, text, json } = await synchronize(body, `?prefer=${winner}`)
        assert.equal(status, 200, text)
        const account = await ask('GET', `/accounts/${id}`)
        const expected = row[winner]
        if (expected === undefined) assert.equal(account.status, 410)
        else has(account.json(), expected)
        // The phone hears how it ended.
        const { accounts, token } = json()
        if (expected)
          assert.deepEqual(
            accounts.changed.filter((entry: Entry) => entry.id === id),
            [account.json()],
          )
        else assert.deepEqual(accounts.deleted, winner === 'server' ? [{ id }] : [])
        assert.equal(await balanceOf(other.id), '2.00')
        assert.deepEqual((await synchronize({ since: token })).json().accounts, nothing)
      })
  })

test('created on both sides, differently', async () => {
  const since = await tokenNow()
  const account = newAccount({ name: 'Here' })
  await ask(
    'PUT',
    `/accounts/${account.id}`,
    { 'if-none-match': '*', 'content-type': 'application/json' },
    JSON.stringify(account),
  )
  const body = { since, accounts: { created: [{ ...account, name: 'Phone' }] } }
  const told = await synchronize(body)
  assert.deepEqual([told.status, told.json().conflicts[0].members], [409, ['name']])
  assert.equal((await synchronize(body, '?prefer=server')).status, 200)
  assert.equal((await get(`/accounts/${account.id}`)).name, 'Here')
  assert.equal((await synchronize(body, '?prefer=client')).status, 200)
  assert.equal((await get(`/accounts/${account.id}`)).name, 'Phone')
})

test('the same on both sides is no conflict', async () => {
  const [renamed, closed] = [await open(), await open()]
  const since = await tokenNow()
  await change(`/accounts/${renamed}`, { name: 'Same' })
  await close(closed)
  const now = await tokenNow()
  const { status, json } = await synchronize({
    since,
    accounts: { changed: [{ id: renamed, name: 'Same' }], deleted: [{ id: closed }] },
  })
  assert.deepEqual([status, json().token], [200, now])
})

test('a payment there and a payment here are no conflict', async () => {
  const id = await open('1.00')
  const since = await tokenNow()
  await pay(id)
  const { status, json } = await synchronize({ since, transactions: { created: [newTransaction(id, '2.00')] } })
  assert.equal(status, 200)
  assert.deepEqual(json().accounts.changed, [await get(`/accounts/${id}`)])
  assert.equal(json().transactions.created.length, 1)
  assert.equal(await balanceOf(id), '8.00')
})

test('several conflicts are all told', async () => {
  const ids = [await open(), await open(), await open()]
  const since = await tokenNow()
  for (const id of ids) await rename(id)
  const { json } = await synchronize({ since, accounts: { changed: ids.map(id => ({ id, name: 'Phone' })) } })
  assert.deepEqual(
    json().conflicts.map(({ id }: { id: string }) => id),
    ids,
  )
})

test('a winner that is none is refused', async () => {
  const { status, json } = await synchronize({}, '?prefer=nobody')
  assert.deepEqual([status, json().code, json().errors[0].parameter], [400, 'invalid-query', 'prefer'])
  assert.equal((await synchronize({}, '?prefr=client')).status, 400)
})
