// Conditional writes: read, change, write unless somebody else wrote meanwhile.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type ClientOptions, ComityError, createClient, HttpError, type UpdateOptions } from '@comity/client'
import { fixRate, openAccount, serving, startBank } from '../support/bank.ts'
import { type Asked, type Reply, scriptedServer } from './scripted.ts'

const bank = serving(startBank)
const server = scriptedServer()
const client = (options: ClientOptions = {}) => {
  const made = createClient({ baseUrl: bank.url, ...options })
  after(() => made.close())
  return made
}
type Account = { name: string; type: string; balance: string }
type Rate = { rate: string; asOf: string }

for (const write of ['merge-patch', 'json-patch', 'put'] as const) {
  test(`what differs is written: ${write}`, async () => {
    const { path } = await openAccount(bank)
    const api = client()
    const changed = await api.update<Account>(
      path,
      draft => {
        draft.name = 'Boat'
      },
      { write },
    )
    assert.equal(changed.name, 'Boat')
    assert.equal((await api.get<Account>(path).json()).name, 'Boat')
  })
}

test('another value may be returned instead of changing the draft', async () => {
  const { path } = await openAccount(bank)
  const changed = await client().update<Account>(path, async account => ({ ...account, name: 'House' }))
  assert.equal(changed.name, 'House')
})

test('where nothing differs nothing is written', async () => {
  const { path, item, etag } = await openAccount(bank)
  assert.deepEqual(await client().update(path, () => {}), item)
  assert.equal((await bank.call('GET', path)).fields.etag, etag)
})

test('twenty increments by two clients at once are twenty', async () => {
  const { path } = await fixRate(bank)
  const two = [client(), client()]
  const one = (n: number) =>
    two[n % 2]?.update<Rate>(
      path,
      rate => {
        rate.rate = (Number(rate.rate) + 1).toFixed(6)
      },
      { attempts: 50 },
    )
  await Promise.all(Array.from({ length: 20 }, (_, n) => one(n)))
  assert.equal((await two[0]?.get<Rate>(path).json())?.rate, '21.500000')
})

/** A client in whose way somebody writes, the first `times` that it has read. */
function meddled(times: number, meddle: (round: number) => Promise<unknown>) {
  const methods: string[] = []
  const keys: (string | undefined)[] = []
  let round = 0
  const api = client({
    layers: [
      {
        name: 'pace',
        around: next => async (request, call) => {
          methods.push(request.method)
          if (request.method === 'PATCH') keys.push(request.fields['idempotency-key'])
          const answer = await next(request, call)
          if (request.method === 'GET' && round < times) await meddle(++round)
          return answer
        },
      },
    ],
  })
  return { api, methods, keys }
}
const patch = (path: string, body: unknown) =>
  bank.call('PATCH', path, { 'content-type': 'application/merge-patch+json' }, body)

test('a change is applied again, under another key', async () => {
  const { path } = await openAccount(bank)
  const { api, methods, keys } = meddled(2, round => patch(path, { name: `theirs ${round}` }))
  const seen: string[] = []
  const changed = await api.update<Account>(path, draft => {
    seen.push(draft.name)
    draft.type = 'savings'
  })
  assert.deepEqual(seen, ['Test', 'theirs 1', 'theirs 2'])
  assert.deepEqual([changed.name, changed.type], ['theirs 2', 'savings'])
  assert.deepEqual(methods, ['GET', 'PATCH', 'GET', 'PATCH', 'GET', 'PATCH'])
  assert.equal(new Set(keys).size, 3)
  assert.ok(keys.every(key => key !== undefined))
})

test('who never gets through is told so', async () => {
  const { path } = await openAccount(bank)
  const { api, methods } = meddled(99, round => patch(path, { name: `theirs ${round}` }))
  await assert.rejects(
    api.update<Account>(
      path,
      draft => {
        draft.type = 'savings'
      },
      { attempts: 3 },
    ),
    (error: unknown) => error instanceof HttpError && error.status === 412,
  )
  assert.equal(methods.filter(method => method === 'PATCH').length, 3)
})

test('both sides are merged by who is asked to', async () => {
  const { path } = await openAccount(bank)
  const { api } = meddled(1, () => patch(path, { name: 'theirs' }))
  const merges: string[] = []
  const options: UpdateOptions<Account> = {
    merge(base, mine, theirs) {
      merges.push(`${base.name} ${mine.name} ${theirs.name}`)
      return { ...theirs, name: `${mine.name} and ${theirs.name}` }
    },
  }
  const changed = await api.update<Account>(
    path,
    draft => {
      draft.name = 'mine'
    },
    options,
  )
  assert.equal(changed.name, 'mine and theirs')
  assert.deepEqual(merges, ['Test mine theirs'])
})

test('a write whose answer was lost is not done twice', async () => {
  let [count, revision, lose] = [5, 1, true]
  const seen: Asked[] = []
  const body = () => JSON.stringify({ count })
  const reply = (status: number): Reply => ({
    status,
    fields: { etag: `"${revision}"`, 'content-type': 'application/json' },
    body: status === 412 ? '' : body(),
  })
  server.script('/count', asked => {
    seen.push(asked)
    if (asked.method === 'GET') return reply(200)
    if (asked.fields['if-match'] !== `"${revision}"`) return reply(412)
    ;({ count } = JSON.parse(asked.body))
    revision++
    if (!lose) return reply(200)
    lose = false
    return 'cut'
  })
  const api = client({ baseUrl: server.url, retry: { base: 1 } })
  const changed = await api.update<{ count: number }>(
    '/count',
    draft => {
      draft.count++
    },
    { write: 'put' },
  )
  assert.deepEqual([changed.count, count], [6, 6])
  assert.deepEqual(
    seen.map(({ method }) => method),
    ['GET', 'PUT', 'PUT', 'GET'],
  )
})

for (const [name, etag] of [
  ['no entity tag', undefined],
  ['a weak entity tag', 'W/"1"'],
] as const) {
  test(`${name} is said not to be enough`, async () => {
    server.script('/untagged', () => ({
      status: 200,
      fields: { etag, 'content-type': 'application/json' },
      body: '{"a":1}',
    }))
    await assert.rejects(
      client({ baseUrl: server.url, cache: false }).update<{ a: number }>('/untagged', draft => {
        draft.a = 2
      }),
      (error: unknown) => error instanceof ComityError && error.message.includes(`has ${name}`),
    )
  })
}

test('a 428 tells of update', async () => {
  const { path } = await fixRate(bank)
  await assert.rejects(client().patch(path, { body: { rate: '2.000000' } }), /428.*client\.update\(\)/)
})

test('what is refused for another reason is thrown, whatever throwOnError says', async () => {
  const { path } = await openAccount(bank)
  const options = { throwOnError: false }
  await assert.rejects(
    client().update<Account>(
      path,
      draft => {
        draft.type = 'none'
      },
      options,
    ),
    { status: 400 },
  )
  await assert.rejects(
    client().update('/accounts/none', () => {}, options),
    { status: 404 },
  )
})
