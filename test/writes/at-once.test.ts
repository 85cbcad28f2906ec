// The same key again while its first request is still being worked on.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Serving, serve } from '@comity/server'
import { type Client, clientOf, lasting, type Received, type Sent } from './client.ts'
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

const clients = 50

const marks = async (text: string): Promise<number> =>
  (await send({ method: 'GET', path: `/notes?text=${text}&limit=1000` })).json().length

function assertInUse(answer: Received): void {
  assert.equal(answer.status, 409, String(answer.body))
  assert.equal(answer.json().code, 'idempotency-key-in-use')
  assert.match(String(answer.fields['retry-after']), /^[1-9]\d*$/)
  assert.equal(answer.fields['idempotency-replayed'], undefined)
}

test('a repeat while the first is being worked on is 409 until it has ended, then the replay', async () => {
  const sent = { path: '/wait', key: 'in flight', body: { text: 'slow' }, fields: {} }
  const asked = { ...sent, key: `"${sent.key}"` }
  const first = send(asked)
  await it.begun()
  for (let n = 0; n < 3; n++) assertInUse(await send(asked))
  const other = await send({ ...asked, body: { text: 'another' } })
  assert.equal(other.status, 422)
  assert.equal(other.json().code, 'idempotency-key-reused')
  it.release()
  const done = await first
  assert.equal(done.status, 200)
  const again = await send(asked)
  assert.ok(again.body.equals(done.body))
  assert.equal(again.fields['idempotency-replayed'], 'true')
  assert.equal(await marks('slow'), 1)
})

test('a first request whose client has gone away is done all the same', async () => {
  const asked = { path: '/wait', key: 'gone', body: { text: 'gone' } }
  const leaving = clientOf(serving.url)
  const first = leaving.send(asked)
  await it.begun()
  leaving.end()
  await assert.rejects(first)
  assertInUse(await send(asked))
  it.release()
  let answer = await send(asked)
  for (let n = 0; answer.status === 409 && n < 100; n++) answer = await send(asked)
  assert.equal(answer.status, 200)
  assert.equal(answer.fields['idempotency-replayed'], 'true')
  assert.equal(await marks('gone'), 1)
})

test('a first request that fails sets its key free', async () => {
  const asked = { path: '/fail', key: 'fails', body: { text: 'fails' } }
  const answers = await Promise.all(Array.from({ length: clients }, () => send(asked)))
  assert.ok(answers.some(({ status }) => status === 500))
  for (const answer of answers) if (answer.status !== 500) assertInUse(answer)
  it.failure = undefined
  assert.equal((await send(asked)).status, 200)
  assert.equal(await marks('fails'), 1)
})

const paths: Readonly<Record<string, (text: string) => Sent>> = {
  'a collection': text => ({ path: '/notes', body: { text } }),
  'a service': text => ({ path: '/mark', body: { text } }),
}

for (const [name, of] of Object.entries(paths))
  test(`${clients} clients that send ${name} the same key at once: one effect, and one answer`, async () => {
    for (let round = 0; round < 5; round++) {
      const text = `${name.length}-${round}`
      const asked = { ...of(text), key: `at once ${text}` }
      const quoted = { ...asked, key: `"${asked.key}"` }
      const answers = await Promise.all(Array.from({ length: clients }, () => send(quoted)))
      const first = answers.filter(({ status, fields }) => status < 300 && !fields['idempotency-replayed'])
      assert.equal(first.length, 1)
      for (const answer of answers) {
        if (answer.status === 409) assertInUse(answer)
        else {
          assert.ok(answer.body.equals((first[0] as Received).body))
          assert.deepEqual(lasting(answer), lasting(first[0] as Received))
        }
      }
      const later = await send(quoted)
      assert.ok(later.body.equals((first[0] as Received).body))
      assert.equal(await marks(text), 1)
    }
  })

test('many keys at once, some of which fail: each has its own answer', async () => {
  it.failure = new TypeError('out of order')
  const asked = Array.from({ length: 200 }, (_, n): Sent => {
    const text = `many-${n}`
    if (n % 4 === 3) return { path: '/notes', key: text, body: { text, rank: 101 } }
    if (n % 4 === 2) return { path: '/fail', key: text, body: { text } }
    return { path: n % 4 === 1 ? '/mark' : '/notes', key: text, body: { text } }
  })
  const answers = await Promise.all(asked.map(send))
  assert.deepEqual(
    answers.map(({ status }) => status),
    asked.map((_, n) => [201, 200, 500, 422][n % 4]),
  )
  const done = (await send({ method: 'GET', path: '/notes?text.like=many-*&limit=1000&fields=text' })).json()
  assert.deepEqual(
    done.map(({ text }: { text: string }) => text).sort(),
    asked.flatMap(({ key = '' }, n) => (n % 4 < 2 ? [key] : [])).sort(),
  )
})
