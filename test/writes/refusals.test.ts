// What is remembered of a request that did not succeed: what was refused for good, and nothing else.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Refusal, type Serving, serve } from '@comity/server'
import { type Client, clientOf, lasting, type Sent } from './client.ts'
import { desk } from './fixtures/desk.ts'

const it = desk()
let serving: Serving
let client: Client
const send = (sent: Sent) => client.send(sent)

before(async () => {
  serving = await serve(it.api, { port: 0, onError: () => {} })
  client = clientOf(serving.url)
})
after(async () => {
  client.end()
  await serving.close()
})

let keys = 0
const newKey = () => `key-${keys++}`

async function marks(text: string): Promise<number> {
  return (await send({ method: 'GET', path: `/notes?text=${text}&fields=id&limit=1000` })).json().length
}

async function newItem(path: string): Promise<{ path: string; etag: string }> {
  const { status, fields } = await send({ path, body: { text: 'x' } })
  assert.equal(status, 201)
  return { path: String(fields.location), etag: String(fields.etag) }
}

/** Refused for good: each is asked twice with one key. `mend` changes what it was refused for. */
const final: Readonly<Record<string, () => Promise<{ sent: Sent; status: number; mend?: () => Promise<unknown> }>>> = {
  'a rule of the definition': async () => ({ sent: { path: '/notes', body: { text: 'x', rank: 101 } }, status: 422 }),
  'a rule, of one in an array': async () => ({
    sent: { path: '/notes', body: [{ text: 'x' }, { text: 'y', rank: 101 }] },
    status: 422,
  }),
  'a service’s refusal': async () => ({ sent: { path: '/refuse', body: { text: 'x' } }, status: 422 }),
  'a parent that is not there': async () => {
    const id = `0190a0a0-0000-7000-8000-${String(keys++).padStart(12, '0')}`
    const mend = () =>
      send({ method: 'PUT', path: `/notes/${id}`, body: { text: 'x' }, fields: { 'if-none-match': '*' } })
    return { sent: { path: `/notes/${id}/boxes`, body: { label: 'x' } }, status: 404, mend }
  },
  'an item that was deleted': async () => {
    const { path } = await newItem('/notes')
    await send({ method: 'DELETE', path })
    return { sent: { method: 'PATCH', path, body: { text: 'y' } }, status: 410 }
  },
  'a precondition that does not hold': async () => {
    const { path, etag } = await newItem('/notes')
    await send({ method: 'PATCH', path, body: { rank: 1 } })
    const mend = () => send({ method: 'PATCH', path, body: { rank: 0 } })
    return { sent: { method: 'PATCH', path, body: { text: 'y' }, fields: { 'if-match': etag } }, status: 412, mend }
  },
}

for (const [name, make] of Object.entries(final))
  for (const words of ['', '?always_success_code=true'])
    test(`${name} is refused again as it was first${words && ', with a status that hides it'}`, async () => {
      const { sent, status, mend } = await make()
      const asked = { ...sent, path: sent.path + words, key: newKey() }
      const first = await send(asked)
      assert.equal(first.status, words ? 200 : status, String(first.body))
      assert.equal(first.json().status, status)
      await mend?.()
      const second = await send(asked)
      assert.equal(second.status, first.status)
      assert.ok(second.body.equals(first.body))
      assert.deepEqual(lasting(second), lasting(first))
      assert.equal(second.fields['idempotency-replayed'], 'true')
    })

test('what a refused service left running writes nothing', async () => {
  const text = newKey()
  for (const key of [newKey(), undefined]) {
    const answer = await send({ path: '/refuse', body: { text }, ...(key !== undefined && { key }) })
    assert.equal(answer.status, 422)
    assert.equal(await marks(text), 0)
  }
})

/** How to ask in another way: the same key is good for it. */
const mended: Readonly<Record<string, () => Promise<{ wrong: Sent; status: number; right: Sent }>>> = {
  'a malformed content': async () => ({
    wrong: { path: '/notes', body: '{' },
    status: 400,
    right: { path: '/notes', body: { text: 'x' } },
  }),
  'an invalid content': async () => ({
    wrong: { path: '/notes', body: { text: 1 } },
    status: 400,
    right: { path: '/notes', body: { text: 'x' } },
  }),
  'a patch that would make the item invalid': async () => {
    const { path } = await newItem('/notes')
    const patch = (body: unknown): Sent => ({ method: 'PATCH', path, body })
    return { wrong: patch({ rank: 'high' }), status: 400, right: patch({ rank: 1 }) }
  },
  'a precondition that is missing': async () => {
    const { path, etag } = await newItem('/locks')
    const patch: Sent = { method: 'PATCH', path, body: { text: 'y' } }
    return { wrong: patch, status: 428, right: { ...patch, fields: { 'if-match': etag } } }
  },
  'a precondition that is none': async () => {
    const { path, etag } = await newItem('/locks')
    const patch = (tag: string): Sent => ({ method: 'PATCH', path, body: { text: 'y' }, fields: { 'if-match': tag } })
    return { wrong: patch('unquoted'), status: 400, right: patch(etag) }
  },
  'a content type that is not read': async () => {
    const note = (type: string): Sent => ({ path: '/notes', body: '{"text":"x"}', fields: { 'content-type': type } })
    return { wrong: note('image/png'), status: 415, right: note('application/json') }
  },
}

for (const [name, make] of Object.entries(mended))
  test(`${name} is not remembered: mended, the request is done under the same key`, async () => {
    const { wrong, status, right } = await make()
    const key = newKey()
    for (let n = 0; n < 2; n++) {
      const answer = await send({ ...wrong, key })
      assert.equal(answer.status, status, String(answer.body))
      assert.equal(answer.fields['idempotency-replayed'], undefined)
    }
    const done = await send({ ...right, key })
    assert.ok(done.status === 200 || done.status === 201, `${done.status} ${done.body}`)
    assert.equal(done.fields['idempotency-replayed'], undefined)
    assert.equal((await send({ ...right, key })).fields['idempotency-replayed'], 'true')
  })

/** What passes: a repeat is tried again, and may succeed. */
const passing: readonly (readonly [string, Error, number])[] = [
  ['a fault of the server', new TypeError('out of order'), 500],
  ['a refusal that is a fault of the server', new Refusal('down-stream'), 502],
  ['a refusal for now', new Refusal('too-many'), 429],
  ['a refusal that says when to come back', new Refusal('too-high', { retryAfter: 1 }), 422],
]

for (const [name, error, status] of passing)
  for (const words of ['', '?always_success_code=true'])
    test(`${name} is rolled back and not remembered: the repeat succeeds${words && ', hidden status or not'}`, async () => {
      const text = newKey()
      const sent = { path: `/fail${words}`, key: newKey(), body: { text } }
      it.failure = error
      for (let n = 0; n < 2; n++) {
        const answer = await send(sent)
        assert.equal(answer.status, words ? 200 : status)
        assert.equal(answer.json().status, status)
        assert.equal(answer.fields['idempotency-replayed'], undefined)
      }
      assert.equal(await marks(text), 0)
      it.failure = undefined
      const done = await send(sent)
      assert.deepEqual(done.json(), { text })
      const again = await send(sent)
      assert.equal(again.fields['idempotency-replayed'], 'true')
      assert.ok(again.body.equals(done.body))
      assert.equal(await marks(text), 1)
    })
