// RFC 9110 §15.6.4: a server that cannot answer now says so, and when to come back.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { startBank } from '../support/bank.ts'
import { problemOf } from '../support/problem.ts'
import { openWire, requestText } from '../support/wire.ts'

const account = { type: 'current', name: 'Unavailable', currency: 'EUR' }

test('503 while another process holds the database; afterwards the same request is carried out', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'comity-held-'))
  const path = join(folder, 'bank.sqlite')
  const bank = await startBank({ database: `sqlite:${path}` })
  const other = new DatabaseSync(path)
  try {
    const before = await bank.call('GET', '/accounts?limit=1', { prefer: 'count=exact' })
    other.exec('BEGIN IMMEDIATE')
    const refused = await bank.call('POST', '/accounts', {}, account)
    assert.deepEqual([refused.status, refused.json().code], [503, 'overloaded'])
    assert.match(refused.fields['retry-after'] ?? '', /^[1-9]\d*$/)
    // Who only reads is not concerned.
    const during = await bank.call('GET', '/accounts?limit=1', { prefer: 'count=exact' })
    assert.deepEqual([during.status, during.fields['x-total-count']], [200, before.fields['x-total-count']])
    other.exec('ROLLBACK')
    assert.equal((await bank.call('POST', '/accounts', {}, account)).status, 201)
  } finally {
    other.close()
    await bank.close()
    rmSync(folder, { recursive: true })
  }
})

test('503 from a server that is closing, to who began a request before; it is alive all the same', async () => {
  const bank = await startBank()
  const wires = [await openWire(bank.url), await openWire(bank.url)] as const
  // Half a request keeps a connection open.
  const [accounts, livez] = [requestText('GET /accounts'), requestText('GET /livez')]
  wires[0].send(accounts.subarray(0, -2))
  wires[1].send(livez.subarray(0, -2))
  assert.equal((await bank.call('GET', '/readyz')).status, 200)
  const closed = bank.close()
  while (await isListening(bank.url)) {}
  wires[0].send('\r\n')
  const refused = await wires[0].next()
  assert.equal(problemOf(refused, 503).code, 'service-unavailable')
  assert.match(refused?.fields['retry-after'] ?? '', /^[1-9]\d*$/)
  assert.equal(refused?.fields.connection, 'close')
  wires[1].send('\r\n')
  assert.equal((await wires[1].next())?.status, 200)
  for (const wire of wires) wire.close()
  await closed
})

async function isListening(url: string): Promise<boolean> {
  try {
    const wire = await openWire(url)
    wire.close()
    return true
  } catch {
    return false
  }
}
