// The rules of the bank: money moves with its transactions or not at all, and the seed is always the same.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openAccount, type Served, serving, startBank } from '../support/bank.ts'

const bank = serving(startBank)
const twin = serving(startBank)

const cents = (amount: string): number => Math.round(Number(amount) * 100)

const write = (account: string, type: string, amount: string, more: Readonly<Record<string, unknown>> = {}) =>
  bank.call('POST', `${account}/transactions`, {}, { type, amount, date: '2014-05-06', ...more })

const balanceOf = async (account: string): Promise<string> => (await bank.call('GET', account)).json().balance

// biome-ignore lint/suspicious/noExplicitAny: rows as the bank sends them
const all = async (api: Served, path: string): Promise<readonly any[]> =>
  (await api.call('GET', `${path}?limit=all`)).json()

describe('a transaction', () => {
  const rows = [
    ['credit', '10.00', '10.00'],
    ['credit', '0.01', '10.01'],
    ['credit', '0.1', '10.11'],
    ['debit', '10.11', '0.00'],
    ['credit', '12345678.90', '12345678.90'],
    ['debit', '0.9', '12345678.00'],
  ] as const
  for (const type of ['current', 'savings', 'credit'])
    test(`moves the balance of a ${type} account`, async () => {
      const { path } = await openAccount(bank, { type })
      for (const [kind, amount, balance] of rows) {
        const before = (await bank.call('GET', path)).fields.etag
        const { status, fields, json } = await write(path, kind, amount)
        assert.equal(status, 201)
        assert.equal(json().accountId, path.slice('/accounts/'.length))
        assert.equal((await bank.call('GET', fields.location ?? '')).text, JSON.stringify(json()))
        assert.equal(await balanceOf(path), balance)
        assert.notEqual((await bank.call('HEAD', path)).fields.etag, before)
      }
      assert.equal((await all(bank, `${path}/transactions`)).length, rows.length)
    })

  for (const type of ['current', 'savings'])
    test(`that takes a ${type} account below zero leaves nothing`, async () => {
      const { path } = await openAccount(bank, { type })
      await write(path, 'credit', '5.00')
      const list = `${path}/transactions`
      const before = [await bank.call('GET', path), await bank.call('GET', list), await bank.call('GET', '/accounts')]
      for (const amount of ['5.01', '5000000.00']) {
        const refused = await write(path, 'debit', amount)
        assert.deepEqual([refused.status, refused.json().code], [422, 'insufficient-funds'])
        assert.match(refused.json().detail, /5\.00/)
      }
      const now = [await bank.call('GET', path), await bank.call('GET', list), await bank.call('GET', '/accounts')]
      for (const [at, answer] of now.entries())
        assert.deepEqual([answer.text, answer.fields.etag], [before[at]?.text, before[at]?.fields.etag])
      assert.equal((await write(path, 'debit', '5.00')).status, 201)
    })

  test('may take a credit account below zero', async () => {
    const { path } = await openAccount(bank, { type: 'credit' })
    assert.equal((await write(path, 'debit', '5.01')).status, 201)
    assert.equal(await balanceOf(path), '-5.01')
  })

  const invalid: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
    [{ amount: '0' }, '/amount'],
    [{ amount: '0.00' }, '/amount'],
    [{ amount: '-1' }, '/amount'],
    [{ amount: '0.001' }, '/amount'],
    [{ amount: '1e3' }, '/amount'],
    [{ amount: 'ten' }, '/amount'],
    [{ amount: 10 }, '/amount'],
    [{ type: 'gift' }, '/type'],
    [{ date: '2014-02-30' }, '/date'],
    [{ date: '2014-2-3' }, '/date'],
    [{ date: '2014-02-03T00:00:00Z' }, '/date'],
    [{ description: 'x'.repeat(141) }, '/description'],
    [{ accountId: 'x' }, '/accountId'],
  ]
  for (const [wrong, pointer] of invalid)
    test(`is refused with ${JSON.stringify(wrong).slice(0, 60)}, and nothing moves`, async () => {
      const { path } = await openAccount(bank)
      const answer = await write(path, 'credit', '1.00', wrong)
      assert.deepEqual([answer.status, answer.json().errors?.[0]?.pointer], [400, pointer], answer.text)
      assert.equal(await balanceOf(path), '0.00')
    })

  test('of an account that is not there', async () => {
    const { path } = await openAccount(bank)
    const entry = await write(path, 'credit', '1.00')
    const other = await openAccount(bank)
    const id = entry.json().id
    assert.equal((await bank.call('GET', `${other.path}/transactions/${id}`)).status, 404)
    assert.equal((await bank.call('DELETE', path)).status, 204)
    for (const target of [`${path}/transactions`, `${path}/transactions/${id}`])
      assert.equal((await bank.call('GET', target)).status, 410, target)
    assert.equal((await write(path, 'credit', '1.00')).status, 410)
    assert.equal((await write('/accounts/none', 'credit', '1.00')).status, 404)
  })

  test('cannot be changed', async () => {
    const { path } = await openAccount(bank)
    const { fields } = await write(path, 'credit', '1.00')
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const { status } = await bank.call(method, fields.location ?? '', {}, method === 'DELETE' ? undefined : {})
      assert.equal(status, 405, method)
    }
  })
})

test('the balance cannot be written', async () => {
  const { path, item } = await openAccount(bank)
  const { type, name, currency } = item
  assert.equal((await bank.call('PATCH', path, {}, { balance: '1000000.00' })).status, 400)
  assert.equal((await bank.call('PUT', path, {}, { type, name, currency, balance: '1.00' })).status, 400)
  assert.equal((await bank.call('PATCH', '/accounts', {}, [{ id: item.id, balance: '1.00' }])).status, 400)
  assert.equal((await bank.call('PUT', path, {}, { type, name, currency, balance: '0.00' })).status, 200)
  assert.equal((await bank.call('PUT', path, {}, item)).status, 200)
  assert.equal(await balanceOf(path), '0.00')
})

describe('the seed', () => {
  test('has 50 accounts and 5,000 transactions of 2013 and 2014, and every balance is their sum', async () => {
    const accounts = (await all(twin, '/accounts')) as readonly { id: string; type: string; balance: string }[]
    assert.equal(accounts.length, 50)
    let transactions = 0
    for (const { id, type, balance } of accounts) {
      const entries = await all(twin, `/accounts/${id}/transactions`)
      transactions += entries.length
      const sum = entries.reduce((total, entry) => total + (entry.type === 'credit' ? 1 : -1) * cents(entry.amount), 0)
      assert.equal(cents(balance), sum, id)
      if (type !== 'credit') assert.ok(sum >= 0, id)
      for (const { date } of entries) assert.ok(date >= '2013-01-01' && date <= '2014-12-31', date)
    }
    assert.equal(transactions, 5000)
  })

  test('is the same in every new database', async () => {
    const other = await startBank()
    const shown: readonly (readonly [path: string, members: string])[] = [
      ['/accounts', 'id,type,name,currency,balance'],
      ['/rates', 'id,base,quote,rate,asOf'],
    ]
    try {
      for (const [path, members] of shown) {
        const target = `${path}?limit=all&fields=${members}`
        assert.equal((await twin.call('GET', target)).text, (await other.call('GET', target)).text)
      }
      for (const { id } of await all(twin, '/accounts')) {
        const target = `/accounts/${id}/transactions?limit=all&fields=id,accountId,type,amount,date,description`
        assert.equal((await twin.call('GET', target)).text, (await other.call('GET', target)).text)
      }
    } finally {
      await other.close()
    }
  })
})

describe('the filters of transactions', () => {
  const rows: readonly (readonly [
    words: string,
    keep: (entry: { type: string; date: string; amount: string }) => boolean,
  ])[] = [
    ['type=debit', ({ type }) => type === 'debit'],
    ['type=debit,credit', () => true],
    ['dateFrom=2014-01-01', ({ date }) => date >= '2014-01-01'],
    ['dateTo=2013-06-30', ({ date }) => date <= '2013-06-30'],
    [
      'dateFrom=2013-06-01&dateTo=2013-08-31&type=credit',
      ({ type, date }) => type === 'credit' && date >= '2013-06-01' && date <= '2013-08-31',
    ],
    ['amount.gte=100', ({ amount }) => cents(amount) >= 10000],
    ['amount.gt=99.5&amount.lte=250.75', ({ amount }) => cents(amount) > 9950 && cents(amount) <= 25075],
    ['date=2013-01-01', ({ date }) => date === '2013-01-01'],
  ]
  for (const [words, keep] of rows)
    test(words, async () => {
      const [first] = await all(twin, '/accounts')
      const list = `/accounts/${first.id}/transactions`
      const wanted = (await all(twin, list)).filter(keep)
      const got = (await twin.call('GET', `${list}?${words}&limit=all`)).json()
      assert.deepEqual(got, wanted)
      assert.ok(wanted.length < 100 || words.includes(','), 'the filter leaves something out')
    })
})

describe('convert', () => {
  const rows: readonly (readonly [words: string, status: number, result?: string])[] = [
    ['from=EUR&to=CNY&amount=100', 200, '812.34'],
    ['from=EUR&to=CNY&amount=0', 200, '0.00'],
    ['from=EUR&to=EUR&amount=12.5', 200, '12.50'],
    ['from=USD&to=EUR&amount=1', 200, '0.83'],
    ['from=EUR&to=XXX&amount=1', 422],
    ['from=CNY&to=USD&amount=1', 422],
    ['from=EUR&to=CNY', 400],
    ['from=EUR&to=CNY&amount=-1', 400],
    ['from=EUR&to=CNY&amount=much', 400],
    ['from=euro&to=CNY&amount=1', 400],
    ['from=EUR&to=CNY&amount=1&amount=2', 400],
    ['from=EUR&to=CNY&amount=1&extra=2', 400],
    ['', 400],
  ]
  for (const [words, status, result] of rows)
    test(words, async () => {
      const answer = await twin.call('GET', `/convert?${words}`)
      assert.equal(answer.status, status, answer.text)
      if (status === 200) assert.equal(answer.json().result, result)
      if (status === 400) assert.equal(answer.json().code, 'invalid-query')
      if (status === 422) assert.equal(answer.json().code, 'unknown-currency')
    })

  test('follows the rates as they are', async () => {
    const target = '/convert?from=EUR&to=USD&amount=10'
    const before = await bank.call('GET', target)
    assert.equal(before.json().result, '12.10')
    assert.equal((await bank.call('PATCH', '/rates/EUR-USD', { 'if-match': '*' }, { rate: '2' })).status, 200)
    const now = await bank.call('GET', target, { 'if-none-match': before.fields.etag })
    assert.deepEqual([now.status, now.json().result], [200, '20.00'])
  })
})
