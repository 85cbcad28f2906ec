// Idempotency-Key as a field: where it is needed, what it may be, and who looks at it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Serving, serve } from '@comity/server'
import { type Client, clientOf, type Received, type Sent } from './client.ts'
import { desk } from './fixtures/desk.ts'

const it = desk()
let serving: Serving
let client: Client
const send = (sent: Sent) => client.send(sent)

before(async () => {
  serving = await serve(it.api, { port: 0 })
  client = clientOf(serving.url)
})
after(async () => {
  client.end()
  await serving.close()
})

let keys = 0
const newKey = () => `key-${keys++}`

const codeOf = ({ json }: Received): string => json().code

const marks = async (text: string): Promise<number> =>
  (await send({ method: 'GET', path: `/notes?text=${text}&limit=1000` })).json().length

async function newNote(text: string): Promise<{ path: string }> {
  const { status, fields } = await send({ path: '/notes', body: { text } })
  assert.equal(status, 201)
  return { path: String(fields.location) }
}

for (const [name, sent] of Object.entries({
  'POST on a collection': { path: '/orders', body: { text: 'x' } },
  'POST of an array': { path: '/orders', body: [{ text: 'x' }] },
  'PATCH on a collection': { method: 'PATCH', path: '/orders', body: [{ id: 'x', text: 'y' }] },
  'PATCH on an item': { method: 'PATCH', path: '/orders/x', body: { text: 'y' } },
  'POST on a service': { path: '/pay', body: { text: 'x' } },
}) as [string, Sent][])
  test(`${name} that needs a key is 400 without one`, async () => {
    const answer = await send(sent)
    assert.equal(answer.status, 400)
    assert.equal(codeOf(answer), 'idempotency-key-required')
    assert.match(String(answer.json().detail), /"[0-9a-f-]{36}"/)
    assert.notEqual(codeOf(await send({ ...sent, key: newKey() })), 'idempotency-key-required')
  })

test('where a key is needed, the methods that are idempotent by themselves need none', async () => {
  const { status, fields } = await send({ path: '/orders', key: newKey(), body: { text: 'x' } })
  assert.equal(status, 201)
  const path = String(fields.location)
  assert.equal((await send({ method: 'GET', path })).status, 200)
  assert.equal((await send({ method: 'PUT', path, body: { text: 'y' } })).status, 200)
  assert.equal((await send({ method: 'DELETE', path })).status, 204)
})

for (const [name, key] of Object.entries({
  empty: '',
  'an empty string': '""',
  'an open quote': '"abc',
  'two keys': '"a", "b"',
  'two bare keys': 'a, b',
  'a space in a bare key': 'a b',
  'a parameter': '"a";b=1',
  'a wrong escape': '"a\\b"',
  'not ASCII': '"ä"',
  'too long': `"${'x'.repeat(256)}"`,
}))
  test(`a key that is ${name} is 400, and nothing is done`, async () => {
    const text = newKey()
    const answer = await send({ path: '/notes', key, body: { text } })
    assert.equal(answer.status, 400)
    assert.equal(codeOf(answer), 'idempotency-key-invalid')
    assert.equal(await marks(text), 0)
  })

test('methods that are safe or idempotent do not look at the key', async () => {
  const key = newKey()
  const { path } = await newNote('x')
  assert.equal((await send({ path: '/mark', key, body: { text: newKey() } })).status, 200)
  const asked: Sent[] = [
    { method: 'GET', path },
    { method: 'HEAD', path },
    { method: 'OPTIONS', path },
    { method: 'PUT', path, body: { text: 'y' } },
    { method: 'DELETE', path },
  ]
  for (const sent of asked)
    for (const sentKey of [key, '"broken']) {
      if (sent.method === 'DELETE' && sentKey !== key) continue
      const { status, fields } = await send({ ...sent, key: sentKey })
      assert.ok(status < 300, `${sent.method} ${status}`)
      assert.equal(fields['idempotency-replayed'], undefined)
    }
})
