// Transfers: two transactions and two balances, together or not at all.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import { bankOnDisk } from './phone.ts'

const { ask, count, post, get, open, balanceOf } = bankOnDisk()

const transfer = (body: unknown, key = randomUUID()) => post('/transfers', body, { 'idempotency-key': `"${key}"` })

/** Everything that a transfer between the two could have touched. */
const stateOf = async (...accounts: readonly string[]) => ({
  transfers: await count('/transfers'),
  accounts: await Promise.all(
    accounts.map(async id => [await get(`/accounts/${id}`), await get(`/accounts/${id}/transactions`)]),
  ),
})

describe('a transfer', () => {
  test('moves two balances and writes two transactions', async () => {
    const [from, to] = [await open('100.00', { name: 'Mine' }), await open('5.00', { name: 'Yours' })]
    const { status, fields, json } = await transfer({ from, to, amount: '30.5' })
    assert.equal(status, 201)
    const { id, createdAt, ...members } = json()
    assert.deepEqual(members, { from, to, amount: '30.50', description: null })
    assert.equal(fields.get('location'), `/transfers/${id}`)
    assert.deepEqual(await get(`/transfers/${id}`), json())
    assert.deepEqual([await balanceOf(from), await balanceOf(to)], ['69.50', '35.50'])
    const last = async (account: string) => {
      const [{ type, amount, date, description }] = await get(`/accounts/${account}/transactions?sort=-id&limit=1`)
      assert.equal(date, createdAt.slice(0, 10))
      return [type, amount, description]
    }
    assert.deepEqual(await last(from), ['debit', '30.50', 'To Yours'])
    assert.deepEqual(await last(to), ['credit', '30.50', 'From Mine'])
  })

  test('describes both transactions as it is described', async () => {
    const [from, to] = [await open('1.00'), await open()]
    await transfer({ from, to, amount: '1.00', description: 'Tea' })
    for (const account of [from, to])
      assert.equal((await get(`/accounts/${account}/transactions?sort=-id&limit=1`))[0].description, 'Tea')
  })

  test('is found in the list, by its accounts too', async () => {
    const [from, to] = [await open('2.00'), await open()]
    const { json } = await transfer({ from, to, amount: '2.00' })
    assert.deepEqual(await get(`/transfers?from=${from}`), [json()])
    assert.deepEqual(await get(`/transfers?to=${to}`), [json()])
    assert.deepEqual(await get(`/transfers?to=${from}`), [])
  })

  test('is never changed', async () => {
    const [from, to] = [await open('2.00'), await open()]
    const path = (await transfer({ from, to, amount: '2.00' })).fields.get('location') ?? ''
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const { status, fields } = await ask(method, path)
      assert.deepEqual([method, status, fields.get('allow')], [method, 405, 'GET, HEAD, OPTIONS'])
    }
  })

  test('may take a credit account below zero', async () => {
    const [from, to] = [await open('0', { type: 'credit' }), await open()]
    assert.equal((await transfer({ from, to, amount: '7.00' })).status, 201)
    assert.deepEqual([await balanceOf(from), await balanceOf(to)], ['-7.00', '7.00'])
  })

  test('needs a key', async () => {
    const [from, to] = [await open('1.00'), await open()]
    const before = await stateOf(from, to)
    const { status, json } = await post('/transfers', { from, to, amount: '1.00' })
    assert.deepEqual([status, json().code], [400, 'idempotency-key-required'])
    assert.deepEqual(await stateOf(from, to), before)
  })

  test('repeated with its key happens once', async () => {
    const [from, to] = [await open('10.00'), await open()]
    const key = randomUUID()
    const first = await transfer({ from, to, amount: '4.00' }, key)
    const again = await transfer({ from, to, amount: '4.00' }, key)
    assert.deepEqual([first.status, again.status], [201, 201])
    assert.deepEqual([again.text, again.fields.get('location')], [first.text, first.fields.get('location')])
    assert.equal(again.fields.get('idempotency-replayed'), 'true')
    assert.deepEqual([await balanceOf(from), await balanceOf(to)], ['6.00', '4.00'])
    const other = await transfer({ from, to, amount: '5.00' }, key)
    assert.deepEqual([other.status, other.json().code], [422, 'idempotency-key-reused'])
  })
})

describe('a transfer that leaves nothing behind', () => {
  const none = '0149f2c1-5c00-7a3e-8f4d-2b6c9e1d7a50'
  const rows: readonly (readonly [
    name: string,
    body: (from: string, to: string, yuan: string) => unknown,
    status: number,
    code: string,
    pointers: readonly string[],
  ])[] = [
    ['of more than there is', (from, to) => ({ from, to, amount: '10.01' }), 422, 'insufficient-funds', []],
    ['to the same account', from => ({ from, to: from, amount: '1.00' }), 400, 'same-account', ['/to']],
    ['to an account that is not there', from => ({ from, to: none, amount: '1.00' }), 422, 'rule-refused', ['/to']],
    ['from one', (_, to) => ({ from: none, to, amount: '1.00' }), 422, 'rule-refused', ['/from']],
    [
      'to another currency',
      (from, _, yuan) => ({ from, to: yuan, amount: '1.00' }),
      422,
      'different-currencies',
      ['/to'],
    ],
    ['of nothing', (from, to) => ({ from, to, amount: '0.00' }), 400, 'invalid-content', ['/amount']],
    ['without an account', from => ({ from, amount: '1.00' }), 400, 'invalid-content', ['/to']],
  ]
  for (const [name, body, status, code, pointers] of rows)
    test(name, async () => {
      const [from, to, yuan] = [await open('10.00'), await open('1.00'), await open('0', { currency: 'CNY' })]
      const before = await stateOf(from, to, yuan)
      const refused = await transfer(body(from, to, yuan))
      const { errors = [], ...problem } = refused.json()
      assert.deepEqual([refused.status, problem.code], [status, code], refused.text)
      assert.deepEqual(
        errors.map(({ pointer }: { pointer: string }) => pointer),
        pointers,
      )
      assert.deepEqual(await stateOf(from, to, yuan), before)
    })

  test('many, all or none', async () => {
    const [from, to] = [await open('10.00'), await open()]
    const before = await stateOf(from, to)
    const one = { from, to, amount: '6.00' }
    assert.equal((await transfer([one, one])).status, 422)
    assert.deepEqual(await stateOf(from, to), before)
    const rehearsed = await post('/transfers', one, { 'idempotency-key': `"${randomUUID()}"`, prefer: 'dry-run' })
    assert.equal(rehearsed.status, 201)
    assert.deepEqual(await stateOf(from, to), before)
    assert.equal((await transfer([one, { ...one, amount: '4.00' }])).status, 201)
    assert.deepEqual([await balanceOf(from), await balanceOf(to)], ['0.00', '10.00'])
  })

  test('keeps its accounts from being deleted', async () => {
    const [from, to] = [await open('1.00'), await open()]
    await transfer({ from, to, amount: '1.00' })
    const { status, json } = await ask('DELETE', `/accounts/${to}`)
    assert.deepEqual([status, json().code], [409, 'still-referenced'])
  })
})
