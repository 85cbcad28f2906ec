// A synchronisation is all or nothing: what one entry breaks, the others do not survive.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import { bankOnDisk, newAccount, newTransaction } from './phone.ts'

const { ask, count, post, open, balanceOf, synchronize, tokenNow } = bankOnDisk()

describe('one entry that breaks a rule leaves nothing', () => {
  const none = '0149f2c1-5c00-7a3e-8f4d-2b6c9e1d7a50'
  const rows: readonly (readonly [
    name: string,
    body: (id: string) => object,
    status: number,
    code: string,
    at: string,
  ])[] = [
    [
      'more than there is',
      id => ({ transactions: { created: [newTransaction(id, '1'), newTransaction(id, '9', 'debit')] } }),
      422,
      'insufficient-funds',
      '/transactions/created/1',
    ],
    [
      'a balance',
      () => ({ accounts: { created: [newAccount({ balance: '5.00' })] } }),
      400,
      'invalid-content',
      '/accounts/created/0/balance',
    ],
    [
      'another balance',
      id => ({ accounts: { changed: [{ id, balance: '5.00' }] } }),
      400,
      'invalid-content',
      '/accounts/changed/0/balance',
    ],
    [
      'a missing member',
      () => ({ accounts: { created: [newAccount({ name: undefined })] } }),
      400,
      'invalid-content',
      '/accounts/created/0/name',
    ],
    [
      'an unknown member',
      () => ({ accounts: { created: [newAccount({ nmae: 'x' })] } }),
      400,
      'invalid-content',
      '/accounts/created/0/nmae',
    ],
    [
      'a value that is none',
      id => ({ transactions: { created: [newTransaction(id, '-1')] } }),
      400,
      'invalid-content',
      '/transactions/created/0/amount',
    ],
    [
      'an id that is none',
      () => ({ accounts: { created: [newAccount({ id: 'mine' })] } }),
      400,
      'invalid-content',
      '/accounts/created/0/id',
    ],
    ['no id', () => ({ accounts: { changed: [{ name: 'x' }] } }), 400, 'invalid-content', '/accounts/changed/0/id'],
    [
      'an id twice',
      id => ({ accounts: { changed: [{ id, name: 'x' }], deleted: [{ id }] } }),
      400,
      'invalid-content',
      '/accounts/deleted/0/id',
    ],
    [
      'an id that is taken',
      id => ({ accounts: { created: [newAccount({ id })] } }),
      409,
      'already-exists',
      '/accounts/created/0/id',
    ],
    [
      'an account that is not there',
      () => ({ accounts: { changed: [{ id: none, name: 'x' }] } }),
      422,
      'rule-refused',
      '/accounts/changed/0/id',
    ],
    ['one to delete', () => ({ accounts: { deleted: [{ id: none }] } }), 422, 'rule-refused', '/accounts/deleted/0/id'],
    [
      'one to fill',
      () => ({ transactions: { created: [newTransaction(none, '1')] } }),
      422,
      'rule-refused',
      '/transactions/created/0/accountId',
    ],
    [
      'a transaction changed',
      id => ({ transactions: { changed: [newTransaction(id, '1')] } }),
      422,
      'rule-refused',
      '/transactions/changed/0',
    ],
    [
      'a transaction deleted',
      () => ({ transactions: { deleted: [{ id: none }] } }),
      422,
      'rule-refused',
      '/transactions/deleted/0',
    ],
  ]
  for (const [name, body, status, code, at] of rows)
    test(`${name}: ${status}`, async () => {
      const id = await open('3.00')
      const since = await tokenNow()
      const good = newAccount()
      const { accounts, ...rest } = body(id) as { accounts?: Record<string, readonly object[]> }
      // Good entries stand behind the bad one and before it.
      const created = [...(accounts?.created ?? []), good]
      const refused = await synchronize({ since, accounts: { ...accounts, created }, ...rest })
      assert.deepEqual([refused.status, refused.json().code], [status, code], refused.text)
      assert.ok(
        refused.json().errors.some(({ pointer }: { pointer: string }) => pointer === at),
        refused.text,
      )
      assert.equal(await tokenNow(), since)
      assert.equal((await ask('GET', `/accounts/${good.id}`)).status, 404)
      assert.equal(await balanceOf(id), '3.00')
    })

  test('an account that others refer to stays', async () => {
    const [from, to] = [await open('1.00'), await open()]
    await post('/transfers', { from, to, amount: '1.00' }, { 'idempotency-key': `"${randomUUID()}"` })
    const since = await tokenNow()
    const { status, json } = await synchronize({ since, accounts: { deleted: [{ id: to }] } })
    assert.deepEqual([status, json().code, json().errors[0].pointer], [409, 'still-referenced', '/accounts/deleted/0'])
    assert.equal(await count(`/accounts?id=${to}`), 1)
  })
})
