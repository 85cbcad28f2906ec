// The bank's run of statements: one for every account, found below it, whatever moves meanwhile.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '@comity/server'
import bank from '../../examples/bank/api.ts'
import { clientOf, type Sent } from './client.ts'

test('a statement for every account, with progress, once', async () => {
  const serving = await serve(bank, { port: 0 })
  const client = clientOf(serving.url)
  const send = (sent: Sent) => client.send(sent)
  const get = (path: string) => send({ method: 'GET', path })
  try {
    const asked = { path: '/statements-run', key: 'run', body: { dateFrom: '2014-01-01' } }
    const accepted = await send(asked)
    assert.equal(accepted.status, 202, String(accepted.body))
    const path = accepted.fields.location ?? ''
    const seen = new Set<number>()
    let answer = await get(path)
    for (; answer.status === 200; answer = await get(path)) {
      seen.add(answer.json().progress?.done ?? 0)
      await sleep(2)
    }
    assert.ok(seen.size > 1, String([...seen]))
    assert.deepEqual(answer.json().progress, { done: 50, total: 50 })
    assert.deepEqual((await get(answer.fields.location ?? '')).json(), { statements: 50 })
    assert.ok((await send(asked)).body.equals(accepted.body))

    const accounts = (await get('/accounts?limit=1000')).json()
    assert.equal(accounts.length, 50)
    for (const { id, balance, name } of accounts) {
      const [statement, ...more] = (await get(`/accounts/${id}/statements`)).json()
      assert.equal(more.length, 0)
      assert.equal(statement.balance, balance)
      const entries = (await get(`/accounts/${id}/transactions?dateFrom=2014-01-01&limit=1000&sort=date`)).json()
      const lines = statement.content.split('\n')
      assert.ok(lines[0].startsWith(name))
      assert.equal(lines.length, entries.length + 4)
      assert.match(lines[2], new RegExp(`^${entries[0].date} `))
    }
    const refused = await send({ path: `/accounts/${accounts[0].id}/statements`, body: {} })
    assert.equal(refused.status, 405)
  } finally {
    client.end()
    await serving.close()
  }
})
