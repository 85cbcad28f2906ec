// RFC 8949 content over the wire: whole exchanges that only bytes can show.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decode, encode } from 'cborg'
import { openAccount, serving, startBank } from '../support/bank.ts'

const bank = serving(startBank)
const type = { 'content-type': 'application/cbor', accept: 'application/cbor' }

test('an account is made, read, replaced and patched among others in CBOR', async () => {
  const made = await bank.call('POST', '/accounts', type, encode({ type: 'savings', name: 'Ünï 🏦', currency: 'EUR' }))
  assert.deepEqual([made.status, made.fields['content-type']], [201, 'application/cbor'])
  const account = decode(made.bytes)
  assert.deepEqual((await bank.call('GET', made.fields.location ?? '')).json(), account)
  const replaced = await bank.call('PUT', made.fields.location ?? '', type, encode({ ...account, name: 'New' }))
  assert.deepEqual([replaced.status, decode(replaced.bytes).name], [200, 'New'])
  const patched = await bank.call('PATCH', '/accounts', type, encode([{ id: account.id, name: 'Patched' }]))
  assert.deepEqual([patched.status, decode(patched.bytes)[0].name], [200, 'Patched'], patched.text)
})

test('a list streams as an array without a length, a page is one too', async () => {
  const whole = await bank.call('GET', '/accounts.cbor?limit=all&sort=id')
  assert.deepEqual([whole.bytes[0], whole.bytes.at(-1)], [0x9f, 0xff])
  assert.deepEqual(decode(whole.bytes), (await bank.call('GET', '/accounts?limit=all&sort=id')).json())
})

test('several are made at once, and 207 tells each part', async () => {
  const one = { type: 'current', name: 'Many', currency: 'EUR' }
  const made = await bank.call('POST', '/accounts', type, encode([one, one]))
  assert.deepEqual([made.status, decode(made.bytes).length], [201, 2])
  const lenient = { ...type, prefer: 'handling=lenient' }
  const parts = await bank.call('POST', '/accounts', lenient, encode([one, { ...one, currency: 'euro' }]))
  assert.equal(parts.status, 207)
  const [first, second] = decode(parts.bytes)
  assert.deepEqual([first.status, second.status, second.problem.code], [201, 400, 'invalid-content'])
})

test('a repeat under its key is given the same bytes, and so is the result of a job', async () => {
  const { path } = await openAccount(bank)
  const keyed = { ...type, 'idempotency-key': '"binary"' }
  const content = encode({ type: 'credit', amount: '1.50', date: '2014-12-31', description: '\u00FF' })
  const first = await bank.call('POST', `${path}/transactions`, keyed, content)
  const again = await bank.call('POST', `${path}/transactions`, keyed, content)
  assert.deepEqual([first.status, again.status, again.fields['idempotency-replayed']], [201, 201, 'true'])
  assert.deepEqual(again.bytes, first.bytes)
  const queued = await bank.call('POST', `${path}/transactions`, { ...type, prefer: 'respond-async, wait=10' }, content)
  assert.deepEqual([queued.status, decode(queued.bytes).amount], [201, '1.50'])
})

test('a service answers in CBOR', async () => {
  const json = await bank.call('GET', '/convert?from=EUR&to=CNY&amount=1')
  const cbor = await bank.call('GET', '/convert.cbor?from=EUR&to=CNY&amount=1')
  assert.deepEqual(decode(cbor.bytes), json.json())
})

const refused: readonly (readonly [name: string, content: Uint8Array, offset: number])[] = [
  ['cut short', Uint8Array.of(0xa1, 0x61), 1],
  ['nested without end', new Uint8Array(100_000).fill(0x81), 32],
  ['a date under a tag', Buffer.from('a16464617465c074323031332d30332d32315432303a30343a30305a', 'hex'), 6],
  ['a name twice', Buffer.from('a2616101616102', 'hex'), 4],
]
for (const [name, content, offset] of refused)
  test(`400 names the byte at fault: ${name}`, async () => {
    const answer = await bank.call('POST', '/accounts', { 'content-type': 'application/cbor' }, content)
    assert.deepEqual([answer.status, answer.json().code, answer.json().offset], [400, 'malformed-content', offset])
    assert.match(answer.json().detail, new RegExp(`\\(byte ${offset}\\)`))
  })

test('a problem is told in JSON to who accepts CBOR only', async () => {
  const answer = await bank.call('GET', '/accounts/none', { accept: 'application/cbor' })
  assert.deepEqual([answer.status, answer.fields['content-type']], [404, 'application/problem+json'])
})
