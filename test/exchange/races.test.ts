// Writers that race: exactly one of them wins, every other one is told so, and the data shows it.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { fixRate, openAccount, type Served, serving, startBank, unusedPair } from '../support/bank.ts'
import type { Answered } from '../support/call.ts'

const folder = mkdtempSync(join(tmpdir(), 'comity-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const stores = [
  ['a file', `sqlite:${join(folder, 'bank.sqlite')}`],
  ['memory', 'sqlite::memory:'],
] as const

const account = { type: 'current', currency: 'EUR' }

/** The one that won, after checking that all others were told 412 (or what else is said here). */
function winnerOf(answers: readonly Answered[], lost = 412): Answered {
  const [winner, ...more] = answers.filter(({ status }) => status < 300)
  assert.ok(winner && more.length === 0, `${more.length + (winner ? 1 : 0)} winners of ${answers.length}`)
  for (const { status, text } of answers) assert.ok(status < 300 || status === lost, `${status} ${text}`)
  return winner
}

for (const [where, database] of stores)
  describe(`in ${where}`, () => {
    const bank = serving(() => startBank({ database }))
    itemRaces(bank)
    listRaces(bank)
  })

function itemRaces(bank: Served): void {
  test('two clients write one item with the same If-Match, 200 rounds: one wins, and it is its data', async () => {
    const { path, ...opened } = await openAccount(bank)
    let { etag } = opened
    for (let round = 0; round < 200; round++) {
      const fields = { 'if-match': etag }
      const [one, other] = await Promise.all([
        bank.call('PUT', path, fields, { ...account, name: `PUT ${round}` }),
        bank.call('PATCH', path, fields, { name: `PATCH ${round}` }),
      ])
      const winner = winnerOf([one, other])
      const now = await bank.call('GET', path)
      assert.equal(now.text, winner.text)
      assert.equal(now.json().name, winner === one ? `PUT ${round}` : `PATCH ${round}`)
      etag = now.fields.etag ?? ''
      assert.equal(etag, winner.fields.etag)
    }
  })

  test('eight clients, 30 rounds: every increment that was acknowledged is there', async () => {
    const { path } = await openAccount(bank, { name: '0' })
    let acknowledged = 0
    const increment = async () => {
      for (let round = 0; round < 30; round++) {
        const { fields, ...read } = await bank.call('GET', path)
        const next = Number(read.json().name) + 1
        const { status } = await bank.call('PATCH', path, { 'if-match': fields.etag }, { name: String(next) })
        assert.ok(status === 200 || status === 412, String(status))
        if (status === 200) acknowledged++
      }
    }
    await Promise.all(Array.from({ length: 8 }, increment))
    assert.ok(acknowledged >= 30)
    assert.equal(Number((await bank.call('GET', path)).json().name), acknowledged)
  })

  test('PATCH and DELETE with the same If-Match: the item is changed or gone, never both', async () => {
    for (let round = 0; round < 50; round++) {
      const { path, etag } = await openAccount(bank)
      const fields = { 'if-match': etag }
      const [patched, deleted] = await Promise.all([
        bank.call('PATCH', path, fields, { name: 'Kept' }),
        bank.call('DELETE', path, fields),
      ])
      const { status } = await bank.call('GET', path)
      const outcome = [patched.status, deleted.status, status].join()
      assert.ok(outcome === '200,412,200' || outcome === '410,204,410', outcome)
    }
  })

  test('PUT with If-None-Match: * at one id: one creates, the others find it taken', async () => {
    for (let round = 0; round < 30; round++) {
      const pair = unusedPair()
      const [base, quote] = pair.split('-')
      const create = (rate: number) =>
        bank.call(
          'PUT',
          `/rates/${pair}`,
          { 'if-none-match': '*' },
          { base, quote, rate: `${rate}`, asOf: '2020-01-01T00:00:00Z' },
        )
      const winner = winnerOf(await Promise.all([1, 2, 3, 4].map(create)))
      assert.equal(winner.status, 201)
      assert.equal((await bank.call('GET', `/rates/${pair}`)).text, winner.text)
    }
  })

  test('a debit of all there is, twenty times at once: it is paid once', async () => {
    const { path } = await openAccount(bank)
    const write = (type: string, amount: string) =>
      bank.call('POST', `${path}/transactions`, {}, { type, amount, date: '2014-01-01' })
    assert.equal((await write('credit', '100.00')).status, 201)
    const answers = await Promise.all(Array.from({ length: 20 }, () => write('debit', '100.00')))
    winnerOf(answers, 422)
    assert.equal((await bank.call('GET', path)).json().balance, '0.00')
    assert.equal((await bank.call('GET', `${path}/transactions`)).json().length, 2)
  })
}

function listRaces(bank: Served): void {
  test('two clients write to one list with the same If-Match: one wins, whole', async () => {
    const rates = [await fixRate(bank), await fixRate(bank), await fixRate(bank)]
    for (let round = 1; round <= 40; round++) {
      const { fields } = await bank.call('HEAD', '/rates')
      const change = (rate: string) =>
        bank.call(
          'PATCH',
          '/rates',
          { 'if-match': fields.etag },
          rates.map(({ item }) => ({ id: item.id, rate })),
        )
      const candidates = [`${round}.100000`, `${round}.200000`]
      const answers = await Promise.all(candidates.map(change))
      const winner = winnerOf(answers)
      const won = candidates[answers.indexOf(winner)]
      for (const { path } of rates) assert.equal((await bank.call('GET', path)).json().rate, won)
    }
  })

  test('an item written and its list deleted under the tag of before: one wins', async () => {
    for (let round = 0; round < 30; round++) {
      const { path, item } = await fixRate(bank)
      const { fields } = await bank.call('HEAD', '/rates')
      const [patched, deleted] = await Promise.all([
        bank.call('PATCH', path, { 'if-match': '*' }, { rate: '7' }),
        bank.call('DELETE', `/rates?base=${item.base}&quote=${item.quote}`, { 'if-match': fields.etag }),
      ])
      const { status } = await bank.call('GET', path)
      const outcome = [patched.status, deleted.status, status].join()
      assert.ok(outcome === '200,412,200' || outcome === '410,204,410', outcome)
    }
  })

  test('readers of a list during writes never see half of one', async () => {
    const rates = await Promise.all(Array.from({ length: 10 }, () => fixRate(bank)))
    let writing = true
    const write = async () => {
      for (let round = 1; round <= 40; round++) {
        const changes = rates.map(({ item }) => ({ id: item.id, rate: `${round}` }))
        assert.equal((await bank.call('PATCH', '/rates', { 'if-match': '*' }, changes)).status, 200)
      }
      writing = false
    }
    const read = async () => {
      const words = `?id=${rates.map(({ item }) => item.id).join()}&fields=rate`
      while (writing)
        for (const limit of ['', '&limit=all']) {
          const rows: readonly { rate: string }[] = (await bank.call('GET', `/rates${words}${limit}`)).json()
          assert.equal(rows.length, 10)
          assert.equal(new Set(rows.map(({ rate }) => rate)).size, 1, 'rates of two states in one list')
        }
    }
    await Promise.all([write(), read(), read()])
  })
}
