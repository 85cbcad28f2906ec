// What clients meet on purpose, over real sockets; and that what is read-only writes nothing.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { collection, defineApi, readOnly, type Serving, serve, service, text } from '@comity/server'
import { chanceFrom, faults } from './faults.ts'

const api = defineApi({
  title: 'Tea',
  resources: {
    cups: collection({ fields: { name: text() } }),
    brew: service({ method: 'POST', effect: 'writes', input: {}, output: {}, handle: () => ({}) }),
    weigh: service({ input: {}, output: {}, handle: () => ({}) }),
  },
})

const post = (url: string, name: string, key?: string) =>
  fetch(`${url}/cups`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { 'idempotency-key': `"${key}"` }) },
    body: JSON.stringify({ name }),
  })

describe('faults', () => {
  const told: string[] = []
  /** What chance says, in this order; then that there is no fault. */
  const chances: number[] = []
  let serving: Serving
  before(async () => {
    serving = await serve(api, {
      port: 0,
      around: app =>
        faults(app, { share: 0.5, chance: () => chances.shift() ?? 1, told: sentence => told.push(sentence) }),
    })
  })
  after(() => serving.close())
  const cups = async (name: string) =>
    (await (
      await fetch(`${serving.url}/cups?name=${name}`, { headers: { accept: 'application/json' } })
    ).json()) as unknown[]

  for (const [at, status] of [500, 502, 503, 504].entries())
    it(`answer ${status}, and nothing is done`, async () => {
      chances.push(0, 0, at / 4)
      const answer = await post(serving.url, `failed-${status}`)
      assert.deepEqual([answer.status, answer.headers.get('content-type')], [status, 'application/problem+json'])
      assert.equal(answer.headers.get('retry-after'), status === 503 ? '1' : null)
      assert.equal(((await answer.json()) as { status: number }).status, status)
      assert.deepEqual(await cups(`failed-${status}`), [])
    })

  it('cut a request before it is done', async () => {
    chances.push(0, 0.25)
    await assert.rejects(post(serving.url, 'cut'))
    assert.deepEqual(await cups('cut'), [])
  })

  it('lose the answer of one that was done: with a key, its repeat is answered and does nothing more', async () => {
    chances.push(0, 0.5)
    await assert.rejects(async () => (await post(serving.url, 'late', 'tea-1')).text())
    assert.equal((await cups('late')).length, 1)
    assert.equal((await post(serving.url, 'late', 'tea-1')).status, 201)
    assert.equal((await cups('late')).length, 1)
  })

  it('slow an answer down, and leave it as it is', async () => {
    chances.push(0, 0.75, 0)
    assert.equal((await post(serving.url, 'slow')).status, 201)
    assert.match(told.at(-1) ?? '', /^Fault: POST \/cups is slowed down\.$/)
  })

  it('spare the others', async () => {
    const before = told.length
    chances.push(0.5)
    assert.equal((await post(serving.url, 'spared')).status, 201)
    assert.equal(told.length, before)
  })

  it('are the same for the same seed', () => {
    const [one, same, other] = [chanceFrom(7), chanceFrom(7), chanceFrom(8)]
    const drawn = Array.from({ length: 100 }, () => [one(), same(), other()] as const)
    assert.ok(drawn.every(([a, b]) => a === b && a >= 0 && a < 1))
    assert.ok(drawn.some(([a, , c]) => a !== c))
  })
})

describe('read only', () => {
  it('refuses what writes, and does not serve what only does', async () => {
    const serving = await serve(readOnly(api), { port: 0 })
    const refused = await post(serving.url, 'x')
    assert.deepEqual([refused.status, refused.headers.get('allow')], [405, 'GET, HEAD, QUERY, OPTIONS'])
    assert.equal((await fetch(`${serving.url}/brew`, { method: 'POST' })).status, 404)
    assert.equal((await fetch(`${serving.url}/weigh`)).status, 200)
    await serving.close()
  })
})
