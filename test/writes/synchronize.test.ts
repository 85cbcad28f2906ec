// An offline phone brings what it did and takes home what happened here, all of it or nothing.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import { bankOnDisk, newAccount, newTransaction, nothing } from './phone.ts'

const { ask, post, change, get, open, balanceOf, synchronize, tokenNow } = bankOnDisk()

const idsOf = (entries: readonly { id: string }[]) => entries.map(({ id }) => id)
/** What an answer tells, by ids. */
const told = (side: Record<string, readonly { id: string }[]>) =>
  Object.fromEntries(Object.entries(side).map(([how, entries]) => [how, idsOf(entries)]))

describe('what happened here', () => {
  test('without a token it is everything, as the lists have it', async () => {
    const { status, json, fields } = await synchronize()
    assert.equal(status, 200)
    assert.equal(fields.get('cache-control'), 'no-store')
    const { accounts, transactions } = json()
    const all = await get('/accounts?limit=all')
    const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1)
    assert.deepEqual(accounts.created.toSorted(byId), all)
    assert.equal(transactions.created.length, 5000)
    const [first] = transactions.created
    assert.deepEqual(await get(`/accounts/${first.accountId}/transactions/${first.id}`), first)
    for (const side of [accounts, transactions]) assert.deepEqual([side.changed, side.deleted], [[], []])
  })

  test('since a token it is what was created, changed and deleted', async () => {
    const [kept, gone] = [await open('3.00'), await open('4.00')]
    const since = await tokenNow()
    assert.deepEqual((await synchronize({ since })).json(), { token: since, accounts: nothing, transactions: nothing })
    await change(`/accounts/${kept}`, { name: 'Renamed' })
    const made = await open('5.00')
    await ask('DELETE', `/accounts/${gone}`)
    const { token, accounts, transactions } = (await synchronize({ since })).json()
    assert.deepEqual(told(accounts), { created: [made], changed: [kept], deleted: [gone] })
    assert.deepEqual(accounts.changed, [await get(`/accounts/${kept}`)])
    assert.deepEqual(transactions.created, await get(`/accounts/${made}/transactions`))
    assert.deepEqual(
      transactions.deleted.map(({ accountId }: { accountId: string }) => accountId),
      [gone],
    )
    assert.deepEqual((await synchronize({ since: token })).json(), { token, accounts: nothing, transactions: nothing })
  })

  const tokens: readonly (readonly [name: string, since: (now: string) => unknown, status: number, code: string])[] = [
    ['no token', () => 'yesterday', 400, 'change-token-invalid'],
    ['an empty one', () => '', 400, 'change-token-invalid'],
    ['a number', () => 5, 400, 'invalid-content'],
    ['one of another database', now => now.replace(/^[^.]+/, 'i1k3v9c0'), 410, 'change-token-expired'],
    ['one of the future', now => now.replace(/[^.]+$/, 'zzzzz'), 410, 'change-token-expired'],
  ]
  for (const [name, since, status, code] of tokens)
    test(`a token that is ${name}: ${status}`, async () => {
      const account = newAccount()
      const refused = await synchronize({ since: since(await tokenNow()), accounts: { created: [account] } })
      assert.deepEqual([refused.status, refused.json().code], [status, code])
      assert.equal((await ask('GET', `/accounts/${account.id}`)).status, 404)
    })
})

describe('what the phone did', () => {
  test('is applied, and not told back but for what the rules made of it', async () => {
    const [renamed, closed] = [await open('1.00'), await open('2.00')]
    const since = await tokenNow()
    const [plain, filled] = [newAccount(), newAccount({ name: 'Filled' })]
    const spent = newTransaction(renamed, '0.40', 'debit')
    const answer = await synchronize({
      since,
      accounts: {
        created: [plain, filled],
        changed: [{ id: renamed, name: 'New name' }],
        deleted: [{ id: closed }],
      },
      transactions: { created: [newTransaction(filled.id, '9.00'), spent] },
    })
    assert.equal(answer.status, 200, answer.text)
    const { token, accounts, transactions } = answer.json()
    assert.deepEqual(accounts, {
      ...nothing,
      changed: [await get(`/accounts/${filled.id}`), await get(`/accounts/${renamed}`)],
    })
    assert.deepEqual(transactions, nothing)
    assert.deepEqual(
      accounts.changed.map(({ balance }: { balance: string }) => balance),
      ['9.00', '0.60'],
    )
    assert.equal((await get(`/accounts/${renamed}`)).name, 'New name')
    assert.equal((await get(`/accounts/${plain.id}`)).balance, '0.00')
    assert.equal((await ask('GET', `/accounts/${closed}`)).status, 410)
    const { createdAt, ...written } = await get(`/accounts/${renamed}/transactions/${spent.id}`)
    assert.deepEqual(written, spent)
    assert.deepEqual((await synchronize({ since: token })).json(), { token, accounts: nothing, transactions: nothing })
  })

  test('comes together with what happened here', async () => {
    const since = await tokenNow()
    const made = await open()
    const account = newAccount()
    const { accounts } = (await synchronize({ since, accounts: { created: [account] } })).json()
    assert.deepEqual(told(accounts), { created: [made], changed: [], deleted: [] })
  })

  test('may be made and filled in one go, and closed in the next', async () => {
    const account = newAccount()
    const body = { accounts: { created: [account] }, transactions: { created: [newTransaction(account.id, '1.00')] } }
    const since = await tokenNow()
    const { token } = (await synchronize({ since, ...body })).json()
    const answer = await synchronize({ since: token, accounts: { deleted: [{ id: account.id }] } })
    assert.deepEqual([answer.json().accounts, answer.json().transactions], [nothing, nothing])
    assert.equal((await ask('GET', `/accounts/${account.id}`)).status, 410)
  })

  test('may hold what the server sets, as it is', async () => {
    const id = await open('1.00')
    const since = await tokenNow()
    const whole = { ...(await get(`/accounts/${id}`)), name: 'Whole' }
    assert.equal((await synchronize({ since, accounts: { changed: [whole] } })).status, 200)
    assert.equal((await get(`/accounts/${id}`)).name, 'Whole')
  })

  test('repeated with its key happens once, and is answered with the same bytes', async () => {
    const id = await open()
    const body = { since: await tokenNow(), transactions: { created: [newTransaction(id, '2.50')] } }
    const key = { 'idempotency-key': `"${randomUUID()}"` }
    const [first, again] = [await post('/synchronize', body, key), await post('/synchronize', body, key)]
    assert.deepEqual([again.status, again.text], [200, first.text])
    assert.equal(again.fields.get('idempotency-replayed'), 'true')
    assert.equal(await balanceOf(id), '2.50')
    const other = await post('/synchronize?prefer=client', body, key)
    assert.deepEqual([other.status, other.json().code], [422, 'idempotency-key-reused'])
  })

  test('repeated without a key happens once too: what is there already is no conflict', async () => {
    const id = await open()
    const account = newAccount()
    const body = {
      since: await tokenNow(),
      accounts: { created: [account], changed: [{ id, name: 'Once' }] },
      transactions: { created: [newTransaction(id, '2.50'), newTransaction(account.id, '1.5')] },
    }
    const first = (await synchronize(body)).json()
    const again = (await synchronize(body)).json()
    assert.equal(again.token, first.token)
    assert.deepEqual(told(again.accounts).created, [])
    assert.deepEqual([await balanceOf(id), await balanceOf(account.id)], ['2.50', '1.50'])
  })

  test('rehearsed is not done', async () => {
    const since = await tokenNow()
    const account = newAccount()
    const { status } = await post('/synchronize', { since, accounts: { created: [account] } }, { prefer: 'dry-run' })
    assert.equal(status, 200)
    assert.equal(await tokenNow(), since)
  })
})
