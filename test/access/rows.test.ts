// Row policies: a row that one may not see is not there, in whatever way it is asked for.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  changes,
  collection,
  convert,
  defineApi,
  integer,
  optional,
  reference,
  renamed,
  type Serving,
  serve,
  text,
  version,
} from '@comity/server'
import { agent, call, type Fields } from '../support/call.ts'
import { as, said } from '../support/callers.ts'

const ann = as('ann', { role: 'customer' })
const bob = as('bob', { role: 'customer' })
const tess = as('tess', { role: 'teller', branch: 'north' })
const aud = as('aud', { role: 'auditor' })

let serving: Serving
const ids: Record<string, string> = {}

before(async () => {
  const entries = collection({ fields: { amount: integer(), note: optional(text()) }, access: 'callers' })
  const accounts = collection({
    fields: {
      ownerId: text({ max: 40 }),
      branch: text({ max: 20, default: 'north' }),
      name: text({ max: 80 }),
      limit2: integer({ default: 0 }),
      secret: text({ default: 'none' }),
    },
    history: 'kept',
    sort: '-secret',
    nested: { entries },
    access: [
      { who: { role: 'teller' }, rows: 'branch=caller.branch', reveals: ['id'] },
      { who: { role: 'auditor' }, may: 'read' },
      {
        who: { role: 'customer' },
        may: ['GET', 'POST', 'PATCH', 'DELETE', 'PUT'],
        rows: 'ownerId=caller.id',
        hidden: ['secret'],
        readOnly: ['limit2'],
      },
    ],
  })
  const cards = collection({
    fields: { account: reference('accounts'), label: text({ max: 20 }) },
    access: 'callers',
  })
  const v1 = version({
    number: 1,
    resources: {
      accounts: changes(
        renamed('title', 'name'),
        renamed('most', 'limit2'),
        convert({
          fields: { label: text({ max: 200 }), hint: text({ max: 200 }) },
          replaces: ['branch', 'secret'],
          down: ({ branch, secret }) => ({ label: `${branch}/${secret}`, hint: `${secret}!` }),
          up: ({ label }) => ({ branch: String(label).split('/')[0], secret: String(label).split('/')[1] ?? '' }),
          loses: 'what is after a second slash',
        }),
      ),
    },
  })
  const api = defineApi({
    title: 'Bank',
    version: '2.0.0',
    versions: [v1],
    resources: { accounts, cards },
    authentication: [said],
    async seed(tx) {
      for (const [name, ownerId, branch] of [
        ['a1', 'ann', 'north'],
        ['a2', 'ann', 'south'],
        ['b1', 'bob', 'north'],
        ['b2', 'bob', 'south'],
      ] as const) {
        const { id } = await tx.accounts.add({ name, ownerId, branch, secret: `secret-${name}` })
        ids[name] = id
        ids[`${name} entry`] = (await tx['accounts.entries'].add({ amount: 1, note: `entry-${name}` }, id)).id
      }
    },
  })
  serving = await serve(api, { port: 0 })
})
after(async () => {
  agent.destroy()
  await serving.close()
})

const ask = (method: string, path: string, fields: Fields, body?: unknown) =>
  call(method, `${serving.url}${path}`, fields, body)
const names = async (fields: Fields, query = '') =>
  (await ask('GET', `/accounts?sort=name${query}`, fields)).json().map(({ name }: { name: string }) => name)

test('lists, counts and links are of what one sees', async () => {
  assert.deepEqual(await names(ann), ['a1', 'a2'])
  assert.deepEqual(await names(tess), ['a1', 'b1'])
  assert.deepEqual(await names(aud), ['a1', 'a2', 'b1', 'b2'])
  const counted = await ask('GET', '/accounts?limit=1', { ...ann, prefer: 'count=exact' })
  assert.equal(counted.fields['x-total-count'], '2')
  assert.match(counted.fields.link ?? '', /offset=1>; rel="last"/)
  const all = await ask('GET', '/accounts.ndjson?limit=all', ann)
  assert.equal(all.text.trim().split('\n').length, 2)
  const asked = await ask('QUERY', '/accounts', ann, { 'name.like': '*1' })
  assert.deepEqual(
    asked.json().map(({ name }: { name: string }) => name),
    ['a1'],
  )
})

test('what one does not see is 404 to every method, below it too', async () => {
  const below = `/accounts/${ids.b1}/entries`
  for (const path of [`/accounts/${ids.b1}`, `/accounts/${ids.b1}.csv`, below, `${below}/${ids['b1 entry']}`])
    assert.equal((await ask('GET', path, ann)).status, 404, path)
  assert.equal((await ask('PATCH', `/accounts/${ids.b1}`, ann, { name: 'x' })).status, 404)
  assert.equal((await ask('DELETE', `/accounts/${ids.b1}`, { ...ann, 'if-match': '*' })).status, 404)
  assert.equal((await ask('POST', `/accounts/${ids.b1}/entries`, ann, { amount: 1 })).status, 404)
  const own = await ask('GET', `/accounts/${ids.a1}/entries`, ann)
  assert.deepEqual([own.status, own.json()[0].note], [200, 'entry-a1'])
})

test('a list’s ETag is of what one sees', async () => {
  const first = await ask('GET', '/accounts', ann)
  await ask('PATCH', `/accounts/${ids.b1}`, tess, { name: 'b1' })
  await ask('PATCH', `/accounts/${ids.b1}`, bob, { name: 'b1x' })
  await ask('PATCH', `/accounts/${ids.b1}`, bob, { name: 'b1' })
  const again = await ask('GET', '/accounts', { ...ann, 'if-none-match': first.fields.etag })
  assert.equal(again.status, 304)
  assert.equal((await ask('GET', '/accounts', { ...bob, 'if-none-match': first.fields.etag })).status, 200)
})

test('members that are hidden are unknown, and read-only ones are refused by their place', async () => {
  const { text: body, json } = await ask('GET', `/accounts/${ids.a1}`, ann)
  assert.ok(!body.includes('secret'))
  assert.equal((await ask('GET', `/accounts/${ids.a1}`, tess)).json().secret, 'secret-a1')
  // Not even the order, or a cursor, tells of what is hidden.
  const { fields: page } = await ask('GET', '/accounts?limit=1', ann)
  const cursor = /after=([^&>]+)/.exec(page.link ?? '')?.[1] ?? ''
  assert.match(cursor, /./)
  assert.doesNotMatch(Buffer.from(cursor, 'base64url').toString(), /secret/)
  const older = await ask('GET', `/v1/accounts/${ids.a1}`, ann)
  assert.deepEqual(
    [older.json().title, 'label' in older.json(), 'hint' in older.json(), older.text.includes('secret')],
    ['a1', false, false, false],
  )
  assert.equal((await ask('GET', `/v1/accounts/${ids.a1}`, tess)).json().label, 'north/secret-a1')
  assert.equal((await ask('PATCH', `/v1/accounts/${ids.a1}`, ann, { most: 5 })).json().errors[0].pointer, '/most')
  for (const query of ['secret=none', 'sort=secret', 'fields=secret', 'secret.like=s*'])
    assert.equal((await ask('GET', `/accounts?${query}`, ann)).status, 400, query)
  const refused = await ask('PATCH', `/accounts/${ids.a1}`, ann, { limit2: 5 })
  assert.deepEqual([refused.status, refused.json().errors[0].pointer], [403, '/limit2'])
  const put = await ask('PUT', `/accounts/${ids.a1}`, ann, { ...json(), name: 'a1' })
  assert.equal(put.status, 200)
  assert.equal((await ask('GET', `/accounts/${ids.a1}`, tess)).json().secret, 'secret-a1')
})

test('a write stays within what one sees', async () => {
  const made = await ask('POST', '/accounts', ann, { name: 'a3' })
  assert.deepEqual([made.status, made.json().ownerId, 'secret' in made.json()], [201, 'ann', false])
  assert.equal((await ask('POST', '/accounts', ann, { name: 'a4', ownerId: 'bob' })).status, 403)
  assert.equal((await ask('PATCH', `/accounts/${ids.a1}`, ann, { ownerId: 'bob' })).status, 403)
  assert.equal((await ask('POST', '/accounts', { ...ann, 'content-type': 'text/csv' }, 'name\na5\n')).status, 201)
  assert.equal(
    (await ask('POST', '/accounts', { ...ann, 'content-type': 'text/csv' }, 'name,ownerId\na5,bob\n')).status,
    403,
  )
  assert.equal((await ask('DELETE', '/accounts?name.in=a3,a5,b1', ann)).status, 204)
  assert.deepEqual(await names(aud), ['a1', 'a2', 'b1', 'b2'])
  for (const id of [ids.b1, '0149f2c1-5c00-7a3e-8f4d-2b6c9e1d7a50'])
    assert.equal((await ask('PUT', `/accounts/${id}`, { ...ann, 'if-none-match': '*' }, { name: 'x' })).status, 403)
  assert.equal((await ask('POST', '/accounts', aud, { name: 'x', ownerId: 'x' })).status, 403)
})

test('a reference to what one does not see refers to nothing', async () => {
  const post = (account: string | undefined) => ask('POST', '/cards', ann, { account, label: 'x' })
  const [unseen, none] = [await post(ids.b1), await post('0149f2c1-5c00-7a3e-8f4d-2b6c9e1d7a50')]
  assert.deepEqual([unseen.status, unseen.text.replaceAll(ids.b1 ?? '', '')], [422, none.text])
  assert.equal((await post(ids.a1)).status, 201)
})

test('a list of what a caller may not see that is too long to be asked for shows nothing, and is no failure', async () => {
  const notes = collection({
    fields: { team: text({ max: 20 }) },
    access: [{ may: 'read', rows: 'team.ne=caller.barred' }],
  })
  const api = defineApi({
    title: 'Barred',
    authentication: [said],
    resources: { notes },
    async seed(tx) {
      await tx.notes.add({ team: 'last' })
    },
  })
  const other = await serve(api, { port: 0 })
  try {
    const counted = async (barred: readonly string[]) => {
      const { status, text: body } = await call('GET', `${other.url}/notes`, as('eve', { barred }))
      return [status, JSON.parse(body).length]
    }
    const many = Array.from({ length: 1_200 }, (_, at) => `t${at}`)
    assert.deepEqual(await counted(many.slice(0, 200)), [200, 1])
    assert.deepEqual(await counted([...many.slice(0, 199), 'last']), [200, 0])
    assert.deepEqual(await counted([...many, 'last']), [200, 0])
  } finally {
    await other.close()
  }
})
