// draft-ietf-httpapi-idempotency-key-header-07 over real sockets: what a key promises, row by row.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { type Serving, serve } from '@comity/server'
import { type Client, clientOf, lasting, type Received, type Sent } from './client.ts'
import { desk } from './fixtures/desk.ts'

const it = desk({ limits: { replay: 20_000 } })
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

/** How many notes have this text. */
async function marks(text: string): Promise<number> {
  const list = await send({ method: 'GET', path: `/notes?text=${encodeURIComponent(text)}&fields=id&limit=1000` })
  return list.json().length
}

const codeOf = ({ json }: Received): string => json().code

/** The second is what the first was, and says that it was said before. */
function assertReplay(first: Received, second: Received): void {
  assert.equal(second.status, first.status)
  assert.deepEqual(lasting(second), lasting(first))
  assert.ok(second.body.equals(first.body), `${second.body} is not ${first.body}`)
  assert.equal(first.fields['idempotency-replayed'], undefined)
  assert.equal(second.fields['idempotency-replayed'], 'true')
}

async function newNote(text: string): Promise<{ path: string; etag: string; text: string }> {
  const { status, fields } = await send({ path: '/notes', body: { text } })
  assert.equal(status, 201)
  return { path: String(fields.location), etag: String(fields.etag), text }
}

/** Everything that a key can stand on, each with a content of its own; `text` finds its effect again. */
const writes: Readonly<Record<string, () => Promise<Omit<Sent, 'key'> & { readonly text: string }>>> = {
  'POST on a collection': async () => ({ path: '/notes', text: newKey(), body: {} }),
  'POST of an array': async () => ({ path: '/notes', text: newKey(), body: [] }),
  'POST on a nested collection': async () => {
    const { path, text } = await newNote(newKey())
    return { path: `${path}/boxes`, text, body: { label: 'x' } }
  },
  'POST on a service that writes': async () => ({ path: '/mark', text: newKey(), body: {} }),
  'PATCH on an item': async () => {
    const { path } = await newNote('before')
    return { method: 'PATCH', path, text: newKey(), body: {} }
  },
  'PATCH on an item that is given a precondition': async () => {
    const { path, etag } = await newNote('before')
    return { method: 'PATCH', path, text: newKey(), body: {}, fields: { 'if-match': etag } }
  },
  'PATCH on a collection': async () => {
    const { path } = await newNote('before')
    return { method: 'PATCH', path: '/notes', text: newKey(), body: [{ id: path.split('/').at(-1) }] }
  },
}

/** The write with its text in it. */
async function prepared(write: (typeof writes)[string]) {
  const { text, body, ...sent } = await write()
  const withText = sent.path.endsWith('/boxes')
    ? body
    : Array.isArray(body)
      ? [{ ...body[0], text }]
      : { ...(body as object), text }
  return { text, sent: { ...sent, body: withText } }
}

for (const [name, write] of Object.entries(writes)) {
  test(`${name}: a repeat is answered as the first was, and does nothing`, async () => {
    const { sent, text } = await prepared(write)
    const key = newKey()
    const first = await send({ ...sent, key: `"${key}"` })
    assert.ok(first.status === 200 || first.status === 201, `${first.status} ${first.body}`)
    const state = await send({ method: 'GET', path: '/notes?limit=1' })
    for (const form of [`"${key}"`, key, ` "${key}" `]) assertReplay(first, await send({ ...sent, key: form }))
    assert.equal(await marks(text), 1)
    assert.equal((await send({ method: 'GET', path: '/notes?limit=1' })).fields.etag, state.fields.etag)
  })

  test(`${name}: another request with the same key is 422, and does nothing`, async () => {
    const { sent, text } = await prepared(write)
    const key = newKey()
    const first = await send({ ...sent, key })
    const others: Sent[] = [
      { ...sent, body: JSON.stringify(sent.body).replace(/}/, ' }') },
      { ...sent, path: `${sent.path}?always_success_code=false` },
      { ...sent, fields: { ...sent.fields, 'content-type': 'application/json; charset=utf-8' } },
      { path: sent.path === '/mark' ? '/fail' : '/mark', body: { text } },
      { path: '/notes', body: { text, rank: 1 } },
    ]
    for (const other of others) {
      const answer = await send({ ...other, key })
      assert.equal(answer.status, 422, `${other.path} ${JSON.stringify(other.body)}: ${answer.body}`)
      assert.equal(codeOf(answer), 'idempotency-key-reused')
      assert.equal(answer.fields['idempotency-replayed'], undefined)
    }
    assert.equal(await marks(text), 1)
    assertReplay(first, await send({ ...sent, key }))
  })
}

test('a service that only reads is answered again from what was kept', async () => {
  const sent = { path: '/measure', key: newKey(), body: { text: 'four' } }
  assertReplay(await send(sent), await send(sent))
})

test('an expired record is forgotten: the repeat is done again', async () => {
  const short = desk({ retention: { keys: 300 } })
  const other = await serve(short.api, { port: 0 })
  const there = clientOf(other.url)
  const sent = { path: '/notes', key: 'k', body: { text: 'x' } }
  try {
    const first = await there.send(sent)
    assertReplay(first, await there.send(sent))
    await wait(350)
    const again = await there.send(sent)
    assert.equal(again.status, 201)
    assert.equal(again.fields['idempotency-replayed'], undefined)
    assert.notEqual(again.fields.location, first.fields.location)
  } finally {
    there.end()
    await other.close()
  }
})

test('a body too large to keep is not: the repeat is told what was done, without it', async () => {
  for (const [length, kept] of [
    [10_000, true],
    [30_000, false],
  ] as const) {
    const sent = { path: '/notes', key: newKey(), body: { text: newKey() + 'x'.repeat(length) } }
    const first = await send(sent)
    const second = await send(sent)
    if (kept) {
      assertReplay(first, second)
      continue
    }
    assert.equal(second.status, 201)
    assert.equal(second.fields['idempotency-replayed'], 'true')
    assert.equal(second.fields['preference-applied'], 'return=minimal')
    assert.equal(second.fields.location, first.fields.location)
    assert.equal(second.fields.etag, first.fields.etag)
    assert.deepEqual([second.body.length, second.fields['content-type']], [0, undefined])
    assert.equal((await send({ method: 'GET', path: String(first.fields.location) })).status, 200)
  }
})

test('a repeat of a conditional PATCH that succeeded is its success, not the 412 it caused', async () => {
  const { path, etag } = await newNote('before')
  const sent = { method: 'PATCH', path, key: newKey(), body: { text: 'after' }, fields: { 'if-match': etag } }
  const first = await send(sent)
  assert.equal(first.status, 200)
  assertReplay(first, await send(sent))
  assert.equal((await send({ ...sent, key: newKey() })).status, 412)
})

test('a dry run does nothing, and leaves its key as it was', async () => {
  const text = newKey()
  const sent = { path: '/notes', key: newKey(), body: { text } }
  const dry = await send({ ...sent, fields: { prefer: 'dry-run' } })
  assert.equal(dry.status, 201)
  assert.equal(dry.fields['preference-applied'], 'dry-run')
  // The revision it had goes to another write: a tag of it would name that one's state.
  assert.equal(dry.fields.etag, undefined)
  assert.equal(await marks(text), 0)
  const first = await send(sent)
  assert.equal(first.status, 201)
  assertReplay(first, await send(sent))
  assert.equal(await marks(text), 1)
})

test('a dry run of what is refused is answered as the refusal it would be', async () => {
  const fields = { prefer: 'dry-run' }
  const { status, fields: answered } = await send({ path: '/notes', body: { text: 'x', rank: 101 }, fields })
  assert.deepEqual([status, answered['preference-applied']], [422, 'dry-run'])
})

test('an import that streams counts once, and another content under its key is 422', async () => {
  const text = newKey()
  const lines = (last: string) =>
    `${JSON.stringify({ text }).concat('\n').repeat(300)}${JSON.stringify({ text: last })}\n`
  const large = 'x'.repeat(2_000_000).replace(/.{400000}/g, part => `${JSON.stringify({ text: part })}\n`)
  const key = newKey()
  const sent = (last: string): Sent => ({
    path: '/notes',
    key,
    body: large + lines(last),
    fields: { 'content-type': 'application/x-ndjson' },
  })
  const first = await send(sent(text))
  assert.equal(first.status, 201, String(first.body.subarray(0, 500)))
  const second = await send(sent(text))
  assert.equal(second.status, 201)
  assert.equal(second.fields['idempotency-replayed'], 'true')
  assert.equal(codeOf(await send(sent('other'))), 'idempotency-key-reused')
  assert.equal(await marks(text), 301)
})
