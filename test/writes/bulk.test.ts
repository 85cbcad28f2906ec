// Many items in one request: all or none, each for itself, or only rehearsed; by every method and in every format.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { servingOnDisk, type Told } from './many.ts'
import thingsApi, { lists, type Thing } from './things.ts'

const { ask, count } = servingOnDisk(thingsApi)

let names = 0
const newName = () => `thing ${names++}`

type Stored = Thing & { readonly id: string; readonly name: string; readonly rank: number | null }

async function add(thing: Thing): Promise<Stored> {
  const { status, json } = await ask('POST', '/things', { 'content-type': 'application/json' }, JSON.stringify(thing))
  assert.equal(status, 201)
  return json()
}

const read = async (id: string): Promise<Stored> => (await ask('GET', `/things/${id}`)).json()
const statuses = (told: Told): readonly number[] => told.json().map((part: { status: number }) => part.status)
const gone = '01890a5d-ac96-774b-bcce-b302099a8057'

for (const [type, list] of Object.entries(lists))
  describe(type, () => {
    const send = (method: string, things: readonly Thing[], fields: Readonly<Record<string, string>> = {}) =>
      ask(method, '/things', { 'content-type': type, ...fields }, list(things))
    const isOfLines = type === 'text/csv' || type === 'application/x-ndjson'

    test('POST creates all, in the order sent', async () => {
      const sent = [newName(), newName(), newName()]
      const told = await send(
        'POST',
        sent.map((name, rank) => ({ name, rank })),
      )
      assert.equal(told.status, 201, told.text)
      const items: readonly Stored[] = told.json()
      assert.deepEqual(
        items.map(({ name, rank }) => [name, rank]),
        sent.map((name, rank) => [name, rank]),
      )
      for (const item of items) assert.deepEqual(await read(item.id), item)
    })

    test('POST answers in the format asked for', async () => {
      const told = await send('POST', [{ name: newName() }], { accept: type })
      assert.equal(told.status, 201)
      assert.equal(told.fields.get('content-type')?.split(';')[0], type)
    })

    test('POST of a list of one is a list', async () => {
      const told = await send('POST', [{ name: newName() }])
      assert.equal(told.status, 201)
      assert.equal(told.json().length, 1)
      assert.equal(told.fields.get('location'), null)
    })

    for (const [what, bad, status] of [
      ['an invalid one', { name: 'x', rank: 1.5 }, 400],
      ['one that a rule refuses', { name: 'x', rank: 13 }, 422],
    ] as const)
      test(`POST with ${what} creates none`, async () => {
        const before = await count('/things')
        const told = await send('POST', [{ name: newName(), rank: 1 }, { name: newName(), rank: 2 }, bad])
        assert.equal(told.status, status, told.text)
        if (isOfLines) assert.equal(told.json().line, type === 'text/csv' ? 4 : 3)
        else if (status === 400) assert.equal(told.json().errors[0].pointer, '/2/rank')
        assert.equal(await count('/things'), before)
      })

    test('POST, lenient: each for itself, in the order sent', async () => {
      const [first, last] = [newName(), newName()]
      const told = await send(
        'POST',
        [
          { name: first, rank: 1, code: first },
          { name: newName(), rank: 1.5, code: null },
          { name: newName(), rank: 13, code: null },
          { name: newName(), rank: 3, code: first },
          { name: last, rank: 4, code: null },
        ],
        { prefer: 'handling=lenient' },
      )
      assert.equal(told.status, 207, told.text)
      assert.equal(told.fields.get('preference-applied'), 'handling=lenient')
      assert.deepEqual(statuses(told), [201, 400, 422, 409, 201])
      const parts = told.json()
      for (const [at, name] of [
        [0, first],
        [4, last],
      ] as const) {
        const item = await ask('GET', parts[at].location)
        assert.equal(item.json().name, name)
        assert.equal(item.fields.get('etag'), parts[at].etag)
        assert.equal(parts[at].problem, null)
      }
      assert.deepEqual(
        [1, 2, 3].map(at => [parts[at].location, parts[at].problem.code]),
        [
          [null, 'invalid-content'],
          [null, 'unlucky'],
          [null, 'already-exists'],
        ],
      )
    })

    test('PUT replaces and creates by id', async () => {
      const old = await add({ name: newName(), rank: 1 })
      const id = crypto.randomUUID()
      const told = await send('PUT', [
        { id: old.id, name: 'replaced', rank: 2 },
        { id, name: 'created', rank: 3 },
      ])
      assert.equal(told.status, 200, told.text)
      assert.deepEqual(
        told.json().map((item: Stored) => [item.id, item.name]),
        [
          [old.id, 'replaced'],
          [id, 'created'],
        ],
      )
      assert.equal((await read(id)).rank, 3)
    })

    test('PUT and PATCH with one that is refused change none', async () => {
      const [one, other] = [await add({ name: newName(), rank: 1 }), await add({ name: newName(), rank: 1 })]
      const changes = [
        { id: one.id, name: 'changed', rank: 2 },
        { id: other.id, name: 'changed', rank: 13 },
      ]
      for (const method of ['PUT', 'PATCH']) {
        assert.equal((await send(method, changes)).status, 422)
        assert.deepEqual([await read(one.id), await read(other.id)], [one, other])
      }
    })

    test('PUT, lenient', async () => {
      const old = await add({ name: newName(), rank: 1 })
      const id = crypto.randomUUID()
      const told = await send(
        'PUT',
        [
          { id: 'no uuid', name: 'x', rank: 1 },
          { id: old.id, name: 'replaced', rank: 2 },
          { id, name: 'created', rank: 3 },
        ],
        { prefer: 'handling=lenient' },
      )
      assert.equal(told.status, 207, told.text)
      assert.deepEqual(statuses(told), [400, 200, 201])
      assert.equal((await read(old.id)).name, 'replaced')
      assert.equal(told.json()[2].location, `/things/${id}`)
    })

    test('PATCH changes the members named', async () => {
      const [one, other] = [await add({ name: newName(), rank: 1 }), await add({ name: newName(), rank: 2 })]
      const told = await send('PATCH', [
        { id: one.id, rank: 5 },
        { id: other.id, rank: null },
      ])
      assert.equal(told.status, 200, told.text)
      const after = [await read(one.id), await read(other.id)]
      assert.deepEqual(told.json(), after)
      assert.deepEqual(
        after.map(({ name, rank }) => [name, rank]),
        [
          [one.name, 5],
          [other.name, null],
        ],
      )
    })

    test('PATCH, lenient', async () => {
      const one = await add({ name: newName(), rank: 1 })
      const told = await send(
        'PATCH',
        [
          { id: gone, rank: 1 },
          { id: one.id, rank: 2 },
        ],
        { prefer: 'handling=lenient' },
      )
      assert.equal(told.status, 207, told.text)
      assert.deepEqual(statuses(told), [422, 200])
      assert.equal((await read(one.id)).rank, 2)
    })

    for (const prefer of ['dry-run', 'tx=rollback'])
      test(`Prefer: ${prefer}`, async () => {
        const old = await add({ name: newName(), rank: 1 })
        const before = await count('/things')
        const told = await send('POST', [{ name: newName(), rank: 1 }], { prefer })
        assert.equal(told.status, 201, told.text)
        assert.match(told.fields.get('preference-applied') ?? '', /dry-run|tx=rollback/)
        const [{ id }] = told.json()
        assert.equal((await ask('GET', `/things/${id}`)).status, 404)
        assert.equal(await count('/things'), before)
        const changes = [{ id: old.id, name: 'changed', rank: 2 }]
        for (const method of ['PUT', 'PATCH']) {
          const rehearsed = await send(method, changes, { prefer })
          assert.equal(rehearsed.status, 200, rehearsed.text)
          assert.equal(rehearsed.json()[0].name, 'changed')
          assert.deepEqual(await read(old.id), old)
        }
        assert.equal((await send('POST', [{ name: 'x', rank: 13 }], { prefer })).status, 422)
      })
  })

test('one item in JSON or XML is no list', async () => {
  const xml = `<thing><name>${newName()}</name></thing>`
  for (const [type, body] of [
    ['application/json', JSON.stringify({ name: newName() })],
    ['application/xml', xml],
  ] as const) {
    const told = await ask('POST', '/things', { 'content-type': type }, body)
    assert.equal(told.status, 201)
    assert.equal(told.fields.get('location'), `/things/${told.json().id}`)
  }
})

test('return=minimal leaves the list out', async () => {
  for (const [type, list] of Object.entries(lists)) {
    const told = await ask('POST', '/things', { 'content-type': type, prefer: 'return=minimal' }, list([{ name: 'x' }]))
    assert.deepEqual([told.status, told.text], [201, ''])
    assert.equal(told.fields.get('preference-applied'), 'return=minimal')
  }
})

test('application/ndjson is read too, and both are offered', async () => {
  const told = await ask('POST', '/things', { 'content-type': 'application/ndjson' }, '{"name":"x"}\r\n\n{"name":"y"}')
  assert.deepEqual([told.status, told.json().length], [201, 2])
  const options = await ask('OPTIONS', '/things')
  assert.match(options.fields.get('accept-post') ?? '', /application\/x-ndjson/)
  assert.match((await ask('GET', '/things.ndjson?limit=2')).text, /^\{.*\}\n\{.*\}\n$/)
})
