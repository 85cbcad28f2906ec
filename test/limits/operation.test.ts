// What keeps a server from answering: the operator, the law, too much to do, too little time, and itself.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { collection, defineApi, integer, type Serving, serve, service, type Trace, text } from '@comity/server'
import { agent, call } from '../support/call.ts'
import { problemOf } from '../support/problem.ts'
import { answersTo, openWire, requestText } from '../support/wire.ts'

let traced: Trace | undefined
const note = (trace: Trace): void => {
  traced = trace
}
const last = () => [traced?.steps.at(-1)?.gate, traced?.steps.at(-1)?.because ?? '']

const aborted: unknown[] = []
const held: (() => void)[] = []

const api = defineApi({
  title: 'Notes',
  limits: { handler: 50 },
  resources: {
    notes: collection({
      fields: { text: text({ max: 100 }) },
      nested: { remarks: collection({ fields: { text: text() } }) },
      created: async ({ text }) => {
        if (text === 'hang') await new Promise(() => {})
      },
    }),
    slow: service({
      method: 'POST',
      effect: 'writes',
      timeout: 20,
      input: {},
      output: {},
      async handle(_, { tx, signal }) {
        await tx.notes.add({ text: 'written before the time was over' })
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            aborted.push(signal.reason)
            reject(signal.reason)
          })
        })
      },
    }),
    hold: service({
      input: {},
      output: {},
      handle: () => new Promise(done => held.push(() => done({}))),
      timeout: 60_000,
    }),
    spin: service({
      input: {},
      output: {},
      handle() {
        for (const until = performance.now() + 5; performance.now() < until; );
        return {}
      },
    }),
    // What a service that asks itself gets.
    relay: service({
      timeout: 60_000,
      input: {},
      output: { status: integer(), code: text() },
      async handle(_, { via, signal }) {
        const answer = await fetch(`${serving.url}/relay`, { headers: { via }, signal })
        const { code } = (await answer.json()) as { code: string }
        return { status: answer.status, code }
      },
    }),
    ask: service({ method: 'POST', input: {}, output: {}, handle: () => ({}) }),
  },
})

let serving: Serving
let item = ''
before(async () => {
  serving = await serve(api, { port: 0, trace: note })
  const made = await send('POST', '/notes', {}, { text: 'a' })
  item = made.fields.location ?? ''
})
after(async () => {
  agent.destroy()
  await serving.close()
})
const send = (method: string, path: string, fields = {}, body?: unknown) =>
  call(method, serving.url + path, fields, body)
const status = async (method: string, path: string, body?: unknown, fields = {}) =>
  (await send(method, path, fields, body)).status

/** The page that the problem’s type leads to. */
async function explained({ text }: { readonly text: string }) {
  const { type, code } = JSON.parse(text)
  const url = type.startsWith('http') ? type : serving.url + type
  assert.equal(url, `${serving.url}/problems/${code}`)
  assert.equal((await call('GET', url)).status, 200)
}

describe('modes', () => {
  test('maintenance: 503 and when to come back, for all but the pages and whether it lives', async () => {
    serving.setMode({ kind: 'maintenance', until: Date.now() + 90_000, reason: 'a new disk' })
    const refused = await send('GET', item)
    assert.deepEqual([refused.status, refused.json().code], [503, 'maintenance'])
    const wait = Number(refused.fields['retry-after'])
    assert.ok(wait > 80 && wait <= 90, String(wait))
    assert.match(refused.json().detail, /a new disk, until \d{4}-/)
    assert.match(last().join(' '), /^service available maintenance: /)
    assert.equal(await status('GET', '/readyz'), 503)
    for (const path of ['/livez', '/docs', '/openapi.json']) assert.equal(await status('GET', path), 200)
    assert.equal(await status('OPTIONS', '/notes'), 204)
    await explained(refused)
    serving.setMode({ kind: 'normal' })
    assert.equal(await status('GET', item), 200)
  })
  test('read-only: writes are 503, reads are live', async () => {
    serving.setMode({ kind: 'read-only' })
    const refused = await send('POST', '/notes', {}, { text: 'b' })
    assert.deepEqual([refused.status, refused.json().code], [503, 'read-only-mode'])
    assert.match(refused.fields['retry-after'] ?? '', /^[1-9]\d*$/)
    for (const [method, path, body] of [
      ['PUT', item, { text: 'b' }],
      ['PATCH', item, { text: 'b' }],
      ['DELETE', item, undefined],
      ['POST', '/slow', {}],
    ] as const)
      assert.equal(await status(method, path, body), 503, method)
    assert.equal(await status('POST', '/ask', {}, { 'idempotency-key': '"k"' }), 503)
    assert.equal(await status('POST', '/ask', {}, { prefer: 'respond-async' }), 503)
    for (const [method, path] of [
      ['GET', item],
      ['GET', '/notes'],
      ['POST', '/ask'],
      ['GET', '/readyz'],
    ] as const)
      assert.equal(await status(method, path, method === 'POST' ? {} : undefined), 200, path)
    await explained(refused)
    serving.setMode({ kind: 'normal' })
    assert.equal(await status('PATCH', item, { text: 'c' }), 200)
  })
  test('a job waits until things may change again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'comity-mode-'))
    const database = `sqlite:${join(folder, 'notes.sqlite')}`
    const definition = { ...api.definition, limits: { jobs: 0 } }
    const first = await serve(defineApi(definition), { port: 0, database })
    const job = await call('POST', `${first.url}/ask`, { prefer: 'respond-async' }, {})
    assert.equal(job.status, 202)
    await first.close()
    const second = await serve(api, { port: 0, database, mode: { kind: 'read-only' } })
    const state = async () => {
      const { status, json } = await call('GET', `${second.url}${job.fields.location}`)
      return status === 200 ? json().state : 'done'
    }
    assert.equal(await state(), 'queued')
    second.setMode({ kind: 'normal' })
    while ((await state()) !== 'done') await new Promise(done => setTimeout(done, 50))
    await second.close()
    rmSync(folder, { recursive: true })
  })
})

describe('blocked by law', () => {
  const by = 'https://authority.example/orders/7'
  test('an item and what is below it are 451, however they are named, and others are not', async () => {
    const remark = (await send('POST', `${item}/remarks`, {}, { text: 'r' })).fields.location ?? ''
    const other = (await send('POST', '/notes', {}, { text: 'b' })).fields.location ?? ''
    await serving.block({ path: item, by, reason: 'order 7' })
    const refused = await send('GET', item)
    assert.deepEqual([refused.status, refused.json().code], [451, 'unavailable-for-legal-reasons'])
    assert.match(refused.fields.link ?? '', /^<https:\/\/authority\.example\/orders\/7>; rel="?blocked-by"?/)
    assert.match(last().join(' '), /^not blocked by law unavailable-for-legal-reasons: .*order 7/)
    const escaped = item.replace(/.$/, end => `%${end.charCodeAt(0).toString(16)}`)
    for (const path of [escaped, `${item}.xml`, `/v1${item}`, `${item}?fields=id`, `${item}/remarks`, remark])
      assert.equal(await status('GET', path), 451, path)
    for (const method of ['PUT', 'PATCH', 'DELETE'])
      assert.equal(await status(method, item, { text: 'x' }), 451, method)
    for (const path of [other, '/notes']) assert.equal(await status('GET', path), 200, path)
    await explained(refused)
    assert.deepEqual(
      serving.blocked().map(({ path }) => path),
      [item],
    )
    assert.equal(await serving.unblock(item), true)
    assert.equal(await serving.unblock(item), false)
    assert.equal(await status('GET', item), 200)
  })
  test('what cannot be blocked is said to whoever tries', async () => {
    await assert.rejects(serving.block({ path: '/nothing', by }), /no resource/)
    await assert.rejects(serving.block({ path: '/notes', by: 'them' }), /no URI/)
  })
  test('it outlives the process', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'comity-blocked-'))
    const database = `sqlite:${join(folder, 'notes.sqlite')}`
    const first = await serve(api, { port: 0, database })
    await first.block({ path: '/notes', by })
    await first.close()
    const second = await serve(api, { port: 0, database })
    assert.equal((await call('GET', `${second.url}/notes.csv`)).status, 451)
    await second.close()
    rmSync(folder, { recursive: true })
  })
})

describe('time', () => {
  test('a handler that does not end in time is told so, and is 504; what it wrote is undone', async () => {
    const before = (await send('GET', '/notes', { prefer: 'count=exact' })).fields['x-total-count']
    const refused = await send('POST', '/slow', {}, {})
    assert.deepEqual([refused.status, refused.json().code], [504, 'upstream-timeout'])
    assert.match(last().join(' '), /^perform upstream-timeout: slow did not end within 20 ms/)
    assert.deepEqual(
      aborted.map(reason => (reason as Error).name),
      ['TimeoutError'],
    )
    assert.equal((await send('GET', '/notes', { prefer: 'count=exact' })).fields['x-total-count'], before)
    await explained(refused)
  })
  test('a hook has its time too, and others can write afterwards', async () => {
    assert.equal(await status('POST', '/notes', { text: 'hang' }), 504)
    assert.equal(await status('POST', '/notes', { text: 'go on' }), 201)
  })
  test('a connection that says nothing for too long is cut, in an answer as well', async () => {
    const patient = await serve(api, { port: 0, keepAliveTimeout: 20, idleTimeout: 40 })
    const idle = await openWire(patient.url)
    idle.send(requestText('GET /livez'))
    assert.equal((await idle.next())?.status, 200)
    await idle.closed
    const waiting = await openWire(patient.url)
    waiting.send(requestText('GET /hold'))
    await waiting.closed
    for (const release of held.splice(0)) release()
    await patient.close()
  })
})

test('a request that comes back to where it was is 508', async () => {
  const { status, json } = await send('GET', '/relay')
  assert.deepEqual([status, json()], [200, { status: 508, code: 'loop-detected' }])
  const named = await serve(api, { port: 0, pseudonym: 'here', trace: note })
  const refused = await call('GET', `${named.url}/notes`, { via: 'HTTP/1.1 there (a proxy), 1.1 here' })
  assert.equal(refused.status, 508)
  assert.match(last().join(' '), /^not a loop loop-detected: .*here/)
  assert.equal((await call('GET', `${named.url}/notes`, { via: '1.1 there, 1.0 hereabouts' })).status, 200)
  assert.equal((await call('GET', refused.json().type)).status, 200)
  await named.close()
})

test('more fields than are read are 431', async () => {
  const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`x${n}`, 'y']))
  // One too many is counted here; more than that are not read to their end.
  const [counted] = await answersTo(serving.url, requestText('GET /livez', fields(200)))
  assert.match(problemOf(counted, 431).detail, /more than 200 fields/)
  assert.equal(traced?.steps[0]?.gate, 'message understood')
  const [cut] = await answersTo(serving.url, requestText('GET /livez', fields(1_000)))
  problemOf(cut, 431)
  assert.equal((await send('GET', '/livez', fields(150))).status, 200)
})

describe('too much to do', () => {
  test('so many under way: the others are 503 at once, but not who asks whether it lives, or for what is kept', async () => {
    const busy = await serve(api, { port: 0, load: { underWay: 2 }, trace: note })
    const at = (path: string) => call('GET', busy.url + path)
    const { fields } = await call('POST', `${busy.url}/notes`, {}, { text: 'kept' })
    const kept = fields.location ?? ''
    assert.equal((await at(kept)).status, 200)
    const running = [at('/hold'), at('/hold')]
    while (held.length < 2) await new Promise(setImmediate)
    const refused = await at('/notes')
    assert.deepEqual([refused.status, refused.json().code], [503, 'overloaded'])
    assert.match(refused.fields['retry-after'] ?? '', /^[1-3]$/)
    assert.match(last().join(' '), /^service available overloaded: Too many requests are under way/)
    assert.equal((await call('HEAD', `${busy.url}/notes`)).text, '')
    assert.equal((await call('POST', `${busy.url}/notes`, {}, { text: 'x'.repeat(200_000) })).status, 503)
    for (const path of ['/livez', '/readyz', kept]) assert.equal((await at(path)).status, 200, path)
    assert.equal((await call('GET', busy.url + refused.json().type)).status, 503)
    for (const release of held.splice(0)) release()
    for (const { status } of await Promise.all(running)) assert.equal(status, 200)
    assert.equal((await at('/notes')).status, 200)
    assert.equal((await call('GET', busy.url + refused.json().type)).status, 200)
    await busy.close()
  })
  test('those that had to wait too long in one turn are 503, the first of them are served', async () => {
    const busy = await serve(api, { port: 0, load: { delay: 1, after: 0 } })
    const wires = await Promise.all(Array.from({ length: 8 }, () => openWire(busy.url)))
    for (const wire of wires) {
      wire.send(requestText('GET /livez'))
      assert.equal((await wire.next())?.status, 200)
    }
    for (const wire of wires) wire.send(requestText('GET /spin'))
    const statuses = await Promise.all(wires.map(async wire => (await wire.next())?.status))
    assert.deepEqual([...new Set(statuses)].toSorted(), [200, 503])
    for (const wire of wires) wire.close()
    assert.equal((await call('GET', `${busy.url}/spin`)).status, 200)
    await busy.close()
  })
})
