// draft-ietf-httpapi-ratelimit-headers-11, RFC 6585 §4, RFC 9110 §15.5.3: how much callers may ask for.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, mock, test } from 'node:test'
import { parseRateLimit, parseRateLimitPolicy } from '@comity/http'
import {
  collection,
  DefinitionError,
  defineApi,
  type Rates,
  reference,
  related,
  type Serving,
  serve,
  service,
  type Trace,
  text,
} from '@comity/server'
import { type Answered, agent, call } from '../support/call.ts'
import { as, named } from '../support/named.ts'

// Time passes where a test says so; timers run as ever.
mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 31, 23) })
let traced: Trace | undefined
const note = (trace: Trace): void => {
  traced = trace
}
let serving: Serving
const held: (() => void)[] = []

const rates = {
  front: { per: 'address', requests: 60, window: 60, on: ['pages', 'notes'] },
  gold: { per: 'caller', requests: 20, window: 60, for: { plan: 'gold' }, on: ['notes'] },
  free: { per: 'caller', requests: 5, window: 10, for: { plan: 'free' }, on: ['notes'], costs: { 'POST notes': 2 } },
  plan: { per: 'caller', requests: 8, window: 'month', for: { plan: 'free' }, on: ['notes'], beyond: 'pay' },
  daily: { per: 'caller', requests: 2, window: 'day', on: ['daily'] },
  slots: { per: 'caller', concurrent: 2, on: ['wait'] },
  each: { per: 'caller', requests: 1, window: 60, routes: 'each', on: ['first', 'second'] },
  everyone: { per: 'api', requests: 2, window: 60, on: ['everybody'] },
} as const satisfies Rates

const verb = (handle: () => Promise<Record<string, never>> = async () => ({})) =>
  service({ input: {}, output: {}, handle })

const api = () =>
  defineApi({
    title: 'Notes',
    resources: {
      notes: collection({ fields: { text: text({ max: 100 }) } }),
      wait: verb(() => new Promise(resolve => held.push(() => resolve({})))),
      daily: verb(),
      first: verb(),
      second: verb(),
      everybody: verb(),
    },
    authentication: [
      named({ ann: { plan: 'free' }, bob: { plan: 'free' }, eve: { plan: 'free' }, rich: { plan: 'gold' } }),
    ],
    rates,
  })

const start = (database?: string) => serve(api(), { port: 0, trace: note, ...(database && { database }) })

before(async () => {
  serving = await start()
})
after(async () => {
  agent.destroy()
  await serving.close()
})

const get = (path: string, who: string, method = 'GET') => call(method, `${serving.url}${path}`, as(who))
const left = ({ fields }: Answered) =>
  Object.fromEntries(parseRateLimit(fields.ratelimit).map(({ name, remaining, reset }) => [name, [remaining, reset]]))

/** Ten minutes on: every window of seconds is over. */
const later = (seconds = 600) => {
  mock.timers.setTime(Date.now() + seconds * 1000)
}

describe('a policy by the caller', () => {
  test('every answer says what there is and what is left, whatever its status', async () => {
    for (const [index, path] of ['/notes', '/notes/none', '/notes?nothing=1'].entries()) {
      const answer = await get(path, 'ann', index === 1 ? 'HEAD' : 'GET')
      assert.deepEqual(left(answer), { front: [59 - index, 60], free: [4 - index, 10], plan: [7 - index, 3600] })
      assert.deepEqual(
        parseRateLimitPolicy(answer.fields['ratelimit-policy']).map(({ name, quota, window }) => [name, quota, window]),
        [
          ['front', 60, 60],
          ['free', 5, 10],
          ['plan', 8, 31 * 86_400],
        ],
      )
    }
    const made = await call('POST', `${serving.url}/notes`, as('ann'), { text: 'a' })
    assert.deepEqual([made.status, left(made).free], [201, [0, 10]])
  })
  test('beyond it: 429, the draft’s problem, and a Retry-After that does not end before the window', async () => {
    later(1.5)
    const refused = await get('/notes', 'ann')
    const { type, code, status, 'violated-policies': violated } = refused.json()
    assert.deepEqual(
      [refused.status, status, code, type, violated],
      [429, 429, 'rate-limited', 'https://iana.org/assignments/http-problem-types#quota-exceeded', ['free']],
    )
    assert.equal(refused.fields['retry-after'], '9')
    assert.deepEqual(left(refused).free, [0, 9])
    // What is refused takes nothing from the plan.
    assert.equal(left(refused).plan, undefined)
    assert.deepEqual(traced?.steps.at(-1)?.gate, 'within limits')
    assert.match(traced?.steps.at(-1)?.because ?? '', /^rate-limited: The policy “free” allows 5 requests in 10 s/)
    assert.match(refused.fields.link ?? '', /<[^>]*\/problems\/rate-limited>; rel="?help/)
    assert.equal((await call('GET', `${serving.url}/problems/rate-limited`)).status, 200)
    later(8.4)
    assert.equal((await get('/notes', 'ann')).status, 429)
    later(0.6)
    assert.equal((await get('/notes', 'ann')).status, 200)
  })
  test('callers are counted apart, and by what they may claim', async () => {
    assert.deepEqual(left(await get('/notes', 'bob')).free, [4, 10])
    const rich = left(await get('/notes', 'rich'))
    assert.deepEqual([rich.gold, rich.free, rich.plan], [[19, 60], undefined, undefined])
  })
  test('a plan by the month that is used up is 402, until the month is over', async () => {
    later(20)
    for (let n = 0; n < 7; n++) {
      later(11)
      assert.equal((await get('/notes', 'bob')).status, 200)
    }
    const refused = await get('/notes', 'bob')
    const { code, renewed } = refused.json()
    assert.deepEqual([refused.status, code, renewed], [402, 'quota-exhausted', '2026-02-01T00:00:00.000Z'])
    assert.deepEqual(left(refused).plan?.[0], 0)
    assert.match(traced?.steps.at(-1)?.because ?? '', /^quota-exhausted: The plan “plan”/)
    mock.timers.setTime(Date.UTC(2026, 1, 1))
    const renewedOne = await get('/notes', 'bob')
    assert.deepEqual([renewedOne.status, left(renewedOne).plan], [200, [7, 28 * 86_400]])
  })
  test('a plan without a price is 429 until the day is over', async () => {
    mock.timers.setTime(Date.UTC(2026, 1, 2, 23, 59, 30))
    for (const status of [200, 200, 429]) assert.equal((await get('/daily', 'ann')).status, status)
    const { fields } = await get('/daily', 'ann')
    assert.equal(fields['retry-after'], '30')
    later(30)
    assert.equal((await get('/daily', 'ann')).status, 200)
  })
  test('so many at a time, and no more than that', async () => {
    const running = [get('/wait', 'ann'), get('/wait', 'ann')]
    while (held.length < 2) await new Promise(setImmediate)
    const third = await get('/wait', 'ann')
    assert.deepEqual([third.status, third.fields['ratelimit-policy']], [429, '"slots";q=2;qu="concurrent-requests"'])
    for (const release of held.splice(0)) release()
    for (const { status } of await Promise.all(running)) assert.equal(status, 200)
    const again = get('/wait', 'ann')
    while (held.length < 1) await new Promise(setImmediate)
    for (const release of held.splice(0)) release()
    assert.equal((await again).status, 200)
  })
  test('routes that are counted for themselves, and everybody together', async () => {
    for (const [path, who, status] of [
      ['/first', 'ann', 200],
      ['/second', 'ann', 200],
      ['/first', 'ann', 429],
      ['/first', 'bob', 200],
      ['/everybody', 'ann', 200],
      ['/everybody', 'bob', 200],
      ['/everybody', 'rich', 429],
    ] as const)
      assert.deepEqual([path, who, (await get(path, who)).status], [path, who, status])
  })
})

describe('a policy by the address', () => {
  test('is asked before credentials are, and knows nothing of who is alive', async () => {
    later()
    const wrong = await get('/notes', 'wrong')
    assert.deepEqual([wrong.status, left(wrong)], [401, { front: [59, 60] }])
    for (let n = 0; n < 59; n++) await get('/notes', 'wrong')
    const refused = await get('/notes', 'wrong')
    assert.deepEqual([refused.status, refused.json()['violated-policies']], [429, ['front']])
    assert.equal(traced?.steps.at(-1)?.gate, 'address within limits')
    assert.ok(!traced?.steps.some(({ gate }) => gate === 'authenticated'))
    const alive = await call('GET', `${serving.url}/livez`)
    assert.deepEqual([alive.status, alive.fields.ratelimit], [200, undefined])
  })
})

test('the description of the API says so', async () => {
  later()
  const { paths } = (await call('GET', `${serving.url}/openapi.json`)).json()
  for (const [path, method] of [
    ['/notes', 'get'],
    ['/notes/{id}', 'patch'],
    ['/daily', 'get'],
  ] as const)
    for (const status of ['402', '429', ...(path === '/daily' ? ['504'] : [])])
      assert.ok(paths[path][method].responses[status], `${path} ${method} ${status}`)
})

test('what was used of a plan is remembered by the next process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'comity-quota-'))
  const database = `sqlite:${join(folder, 'notes.sqlite')}`
  mock.timers.setTime(Date.UTC(2026, 2, 1))
  const used = async () => {
    const one = await start(database)
    later()
    const answer = await call('GET', `${one.url}/notes`, as('eve'))
    await one.close()
    return left(answer).plan?.[0]
  }
  assert.deepEqual([await used(), await used(), await used()], [7, 6, 5])
  rmSync(folder, { recursive: true })
})

test('a definition that cannot be kept is refused, and each fault named', () => {
  const wrong = {
    Free: { per: 'caller', requests: 1, window: 1 },
    none: { per: 'nobody', requests: 0, window: 0.5, on: ['nots'], costs: { 'GET notes': 3 } },
    two: { per: 'caller', concurrent: 1, requests: 1 },
    pay: { per: 'caller', requests: 1, window: 1, beyond: 'pay', windows: 1 },
  } as unknown as Rates
  const resources = { notes: collection({ fields: { text: text() } }) }
  assert.throws(
    () => defineApi({ title: 'Notes', resources, rates: wrong }),
    (error: DefinitionError) => {
      for (const said of [
        'rates.Free',
        'rates.none.per',
        'rates.none.requests',
        'rates.none.window',
        'rates.none.on',
        'rates.none.costs.GET notes',
        'rates.two.concurrent',
        'rates.pay.beyond',
        'rates.pay.windows',
      ])
        assert.ok(error.message.includes(said), said)
      return error instanceof DefinitionError
    },
  )
})

test('no other way to the same counts for less: QUERY, HEAD, an extension, a version, a slash, another way to the items', async () => {
  const owned = await serve(
    defineApi({
      title: 'Owned',
      version: '2.0.0',
      resources: {
        owners: collection({ fields: { name: text({ max: 20 }) }, nested: { things: related('things', 'ownerId') } }),
        things: collection({ fields: { name: text({ max: 20, default: '' }), ownerId: reference('owners') } }),
      },
      rates: { things: { per: 'address', requests: 8, window: 60, on: ['GET things'] } },
      async seed(tx) {
        await tx.owners.add({ id: '01890000-0000-7000-8000-000000000001', name: 'one' })
      },
    }),
    { port: 0, proxy: ['10.0.0.0/8'] },
  )
  try {
    const below = '/owners/01890000-0000-7000-8000-000000000001/things'
    const from = { 'x-forwarded-for': '192.0.2.1', forwarded: 'for=192.0.2.1', 'x-http-method-override': 'DELETE' }
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const ways: readonly (readonly [method: string, path: string, fields?: Record<string, string>, body?: string])[] = [
      ['GET', '/things'],
      ['HEAD', '/things.csv'],
      ['QUERY', '/things', form, 'limit=1'],
      ['GET', '/v2/things'],
      ['GET', '/%74hings?v=2'],
      ['GET', below],
      ['QUERY', below, form, 'limit=1'],
      ['GET', '/things?limit=1', { 'api-version': '2' }],
    ]
    for (const [index, [method, path, fields, body]] of ways.entries()) {
      const { status, fields: told } = await call(method, owned.url + path, { ...from, ...fields }, body)
      const left = parseRateLimit(told.ratelimit ?? '')?.[0]?.remaining
      assert.deepEqual([method, path, status, left], [method, path, 200, 7 - index])
    }
    assert.equal((await call('QUERY', owned.url + below, { ...form, 'x-forwarded-for': '192.0.2.9' }, '')).status, 429)
  } finally {
    await owned.close()
  }
})
