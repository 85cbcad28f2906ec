// What writes do: create, replace, patch and delete, one item or many, all of it or nothing.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fixRate, openAccount, serving, startBank, unusedPair } from '../support/bank.ts'

const bank = serving(startBank)
const account = { type: 'current', name: 'Written', currency: 'EUR' }
const asJsonPatch = { 'content-type': 'application/json-patch+json' }
const asMergePatch = { 'content-type': 'application/merge-patch+json' }

describe('one item', () => {
  test('POST creates under an id of the server’s, which is a UUIDv7', async () => {
    const { status, fields, json } = await bank.call('POST', '/accounts', {}, account)
    assert.equal(status, 201)
    const { id, createdAt, updatedAt, balance } = json()
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    assert.match(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    assert.deepEqual([fields.location, updatedAt, balance], [`/accounts/${id}`, createdAt, '0.00'])
  })

  test('PUT creates with If-None-Match: *, also where an item was deleted; without it, 404 and 410', async () => {
    const id = '0199d4a8-1111-7000-8000-000000000001'
    const path = `/accounts/${id}`
    assert.equal((await bank.call('PUT', path, {}, account)).status, 404)
    assert.equal((await bank.call('PUT', path, { 'if-none-match': '"x"' }, account)).status, 404)
    const made = await bank.call('PUT', path, { 'if-none-match': '*' }, account)
    assert.deepEqual([made.status, made.fields.location, made.json().id], [201, path, id])
    assert.equal((await bank.call('DELETE', path)).status, 204)
    assert.equal((await bank.call('PUT', path, {}, account)).status, 410)
    const again = await bank.call('PUT', path, { 'if-none-match': '*' }, { ...account, name: 'Back' })
    assert.equal(again.status, 201)
    assert.equal((await bank.call('GET', path)).json().name, 'Back')
    assert.notEqual(again.fields.etag, made.fields.etag)
  })

  test('PUT at an id that is none is refused', async () => {
    for (const id of ['7', 'ABCDEF00-0000-7000-8000-000000000000', `${'0'.repeat(300)}`]) {
      const { status } = await bank.call('PUT', `/accounts/${id}`, { 'if-none-match': '*' }, account)
      assert.equal(status, 400, id)
    }
    const rate = { base: 'AAA', quote: 'BBB', rate: '1', asOf: '2020-01-01T00:00:00Z' }
    assert.equal((await bank.call('PUT', '/rates/AAA-CCC', { 'if-none-match': '*' }, rate)).status, 422)
    assert.equal((await bank.call('GET', '/rates/AAA-CCC')).status, 404)
  })

  test('PUT replaces: what is left out and required is missed, what the server keeps may be sent back', async () => {
    const { path, item } = await openAccount(bank)
    assert.equal((await bank.call('PUT', path, {}, { name: 'Only' })).status, 400)
    const put = await bank.call('PUT', path, {}, { ...item, name: 'Replaced' })
    assert.deepEqual([put.status, put.json().name, put.json().createdAt], [200, 'Replaced', item.createdAt])
    for (const false_ of [{ id: 'x' }, { createdAt: '2000-01-01T00:00:00Z' }, { balance: '1.00' }])
      assert.equal((await bank.call('PUT', path, {}, { ...item, ...false_ })).status, 400, JSON.stringify(false_))
  })

  test('a write that changes nothing writes nothing', async () => {
    const { path, item, etag } = await openAccount(bank)
    const list = (await bank.call('HEAD', '/accounts')).fields.etag
    const rows = [
      ['PUT', {}, item],
      ['PUT', {}, account.name === item.name ? account : { ...account, name: item.name }],
      ['PATCH', asMergePatch, {}],
      ['PATCH', asMergePatch, { name: item.name }],
      ['PATCH', asJsonPatch, []],
      ['PATCH', asJsonPatch, [{ op: 'test', path: '/name', value: item.name }]],
    ] as const
    for (const [method, fields, body] of rows) {
      const answer = await bank.call(method, path, fields, body)
      assert.deepEqual([answer.status, answer.fields.etag], [200, etag], JSON.stringify(body))
    }
    const now = await bank.call('GET', path)
    assert.deepEqual([now.json(), now.fields.etag], [item, etag])
    assert.equal((await bank.call('HEAD', '/accounts')).fields.etag, list)
  })

  type PatchRow = readonly [name: string, fields: Readonly<Record<string, string>>, patch: unknown, status: number]
  const patches: readonly PatchRow[] = [
    ['merge-patch', asMergePatch, { name: 'New' }, 200],
    ['application/json as merge-patch', {}, { name: 'New' }, 200],
    ['merge-patch that removes what is required', asMergePatch, { name: null }, 400],
    ['merge-patch that is no object', asMergePatch, ['name'], 400],
    ['merge-patch of a member that is not there', asMergePatch, { nme: 'x' }, 400],
    ['json-patch', asJsonPatch, [{ op: 'replace', path: '/name', value: 'New' }], 200],
    [
      'json-patch whose test holds',
      asJsonPatch,
      [
        { op: 'test', path: '/currency', value: 'EUR' },
        { op: 'replace', path: '/name', value: 'New' },
      ],
      200,
    ],
    [
      'json-patch whose last test fails: nothing of it is done',
      asJsonPatch,
      [
        { op: 'replace', path: '/name', value: 'New' },
        { op: 'test', path: '/currency', value: 'CNY' },
      ],
      409,
    ],
    ['json-patch without a target', asJsonPatch, [{ op: 'remove', path: '/nothing' }], 409],
    ['json-patch that is no list', asJsonPatch, { op: 'remove', path: '/name' }, 400],
    ['json-patch with an unknown operation', asJsonPatch, [{ op: 'double', path: '/name' }], 400],
    ['json-patch of the whole', asJsonPatch, [{ op: 'replace', path: '', value: 7 }], 400],
    ['json-patch that moves the id', asJsonPatch, [{ op: 'move', from: '/id', path: '/name' }], 400],
    ['json-patch of __proto__', asJsonPatch, [{ op: 'add', path: '/__proto__/polluted', value: 1 }], 400],
    ['json-patch that removes what the server keeps', asJsonPatch, [{ op: 'remove', path: '/balance' }], 400],
    ['merge-patch that removes what the server keeps', asMergePatch, { createdAt: null }, 400],
    ['merge-patch of __proto__', asMergePatch, '{"__proto__":{"polluted":1}}', 400],
    ['merge-patch of a prototype’s prototype', asMergePatch, '{"constructor":{"prototype":{"polluted":1}}}', 400],
  ]
  for (const [name, fields, patch, status] of patches)
    test(name, async () => {
      const { path, item, etag } = await openAccount(bank)
      const answer = await bank.call('PATCH', path, fields, patch)
      assert.ok(answer.status === status || (name.includes('__proto__') && answer.status === 409), answer.text)
      const now = await bank.call('GET', path)
      assert.equal(now.json().name, status === 200 ? 'New' : item.name)
      assert.equal(now.fields.etag === etag, status !== 200)
      assert.equal(({} as { polluted?: number }).polluted, undefined)
    })

  test('DELETE, and DELETE again', async () => {
    const { path } = await openAccount(bank)
    const first = await bank.call('DELETE', path)
    assert.deepEqual([first.status, first.text, first.fields['content-length']], [204, '', undefined])
    assert.equal((await bank.call('DELETE', path)).status, 410)
    assert.equal((await bank.call('DELETE', '/accounts/none')).status, 404)
  })
})

describe('many items', () => {
  const names = async (ids: readonly string[]) =>
    Promise.all(ids.map(async id => (await bank.call('GET', `/accounts/${id}`)).json().name))

  test('PUT replaces those named, creates those that are new, and leaves all others', async () => {
    const [one, other] = [(await openAccount(bank)).item, (await openAccount(bank)).item]
    const fresh = '0199d4a8-2222-7000-8000-000000000001'
    const answer = await bank.call('PUT', '/accounts', {}, [
      { ...account, id: one.id, name: 'Replaced' },
      { ...account, id: fresh, name: 'Created' },
    ])
    assert.equal(answer.status, 200)
    assert.deepEqual(
      answer.json().map(({ id }: { id: string }) => id),
      [one.id, fresh],
    )
    assert.deepEqual(await names([one.id, fresh, other.id]), ['Replaced', 'Created', other.name])
  })

  test('PATCH changes the members named of the items named', async () => {
    const [one, other] = [(await openAccount(bank)).item, (await openAccount(bank)).item]
    const changes = [
      { id: one.id, name: 'First' },
      { id: other.id, currency: 'CNY' },
    ]
    assert.equal((await bank.call('PATCH', '/accounts', {}, changes)).status, 200)
    const now = await bank.call('GET', `/accounts/${other.id}`)
    assert.deepEqual([await names([one.id]), now.json().currency, now.json().name], [['First'], 'CNY', other.name])
  })

  const spoiled = (id: string): readonly (readonly [name: string, method: string, body: unknown, status: number])[] => [
    [
      'one that is not valid',
      'PATCH',
      [
        { id, name: 'No' },
        { id: 'x', name: '' },
      ],
      422,
    ],
    [
      'one that is not there',
      'PATCH',
      [
        { id, name: 'No' },
        { id: 'none', name: 'x' },
      ],
      422,
    ],
    ['one without an id', 'PATCH', [{ id, name: 'No' }, { name: 'x' }], 400],
    [
      'one twice',
      'PATCH',
      [
        { id, name: 'No' },
        { id, name: 'x' },
      ],
      400,
    ],
    [
      'one whose balance is false',
      'PATCH',
      [
        { id, name: 'No' },
        { id, balance: '1.00' },
      ],
      400,
    ],
    ['one that is no object', 'PUT', [{ ...account, id, name: 'No' }, null], 400],
    [
      'one that cannot be created',
      'PUT',
      [
        { ...account, id, name: 'No' },
        { ...account, id: 'not an id' },
      ],
      400,
    ],
    [
      'one that misses a member',
      'PUT',
      [{ ...account, id, name: 'No' }, { id: '0199d4a8-3333-7000-8000-000000000001' }],
      400,
    ],
    ['something else than a list', 'PUT', { ...account, id, name: 'No' }, 400],
  ]
  for (const [name, method, , status] of spoiled(''))
    test(`${method} with ${name} does nothing at all`, async () => {
      const { item, path, etag } = await openAccount(bank)
      const list = (await bank.call('HEAD', '/accounts')).fields.etag
      const body = spoiled(item.id).find(row => row[0] === name)?.[2]
      const answer = await bank.call(method, '/accounts', {}, body)
      assert.equal(answer.status, status, answer.text)
      assert.equal((await bank.call('HEAD', path)).fields.etag, etag)
      assert.equal((await bank.call('HEAD', '/accounts')).fields.etag, list)
    })

  test('a rule that refuses one refuses all', async () => {
    const rates = [await fixRate(bank), await fixRate(bank)]
    const changes = [
      { id: rates[0]?.item.id, rate: '7' },
      { id: rates[1]?.item.id, base: 'EUR' },
    ]
    const answer = await bank.call('PATCH', '/rates', { 'if-match': '*' }, changes)
    assert.deepEqual([answer.status, answer.json().code], [422, 'rate-id-mismatch'])
    assert.equal((await bank.call('GET', rates[0]?.path ?? '')).fields.etag, rates[0]?.etag)
  })

  test('DELETE deletes what matches and nothing else; without a filter it needs the list’s tag', async () => {
    const name = `Doomed ${unusedPair()}`
    const doomed = [await openAccount(bank, { name }), await openAccount(bank, { name })]
    const spared = await openAccount(bank, { name, type: 'savings' })
    const words = `name=${encodeURIComponent(name)}&type=current`
    assert.equal((await bank.call('DELETE', `/accounts?${words}`)).status, 204)
    for (const { path } of doomed) assert.equal((await bank.call('GET', path)).status, 410)
    assert.equal((await bank.call('GET', spared.path)).status, 200)
    const list = await bank.call('HEAD', '/accounts')
    assert.equal((await bank.call('DELETE', '/accounts?name=Nobody')).status, 204)
    assert.equal((await bank.call('HEAD', '/accounts')).fields.etag, list.fields.etag)
    for (const wrong of ['?naem=x', '?limit=1', '?fields=id', '?sort=name'])
      assert.equal((await bank.call('DELETE', `/accounts${wrong}`)).status, 400, wrong)
    assert.equal((await bank.call('DELETE', '/accounts')).status, 428)
    assert.equal((await bank.call('DELETE', '/accounts?always_success_code=false')).status, 428)
    assert.equal((await bank.call('GET', spared.path)).status, 200)
    const all = await bank.call('DELETE', '/accounts', { 'if-match': list.fields.etag })
    assert.deepEqual([all.status, (await bank.call('GET', '/accounts')).text], [204, '[]'])
    assert.equal((await bank.call('GET', spared.path)).status, 410)
  })
})
