// Rules of access: what is wrong with them is told at load; what they let handlers see, what scopes allow, and whose uploads and
// jobs are whose.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  type AccessRule,
  collection,
  DefinitionError,
  defineApi,
  files,
  integer,
  reference,
  related,
  type Serving,
  serve,
  service,
  type Trace,
  text,
} from '@comity/server'
import { agent, call, type Fields } from '../support/call.ts'
import { as, said } from '../support/callers.ts'

const taken = /refused while links refer to it, also such as are not seen: say reveals: \['references'\]/

const faults: readonly (readonly [rule: AccessRule, place: string, problem: RegExp])[] = [
  [{ rows: 'ownerID=caller.id' }, 'rows', /“ownerID” is not a query word of notes/],
  [{ rows: 'rank=high' }, 'rows', /whole number/],
  [{ rows: 'rank.like=caller.id' }, 'rows', /“rank.like” does not suit/],
  [{ rows: 'ownerId.exists=caller.id' }, 'rows', /cannot be compared with the caller/],
  [{ rows: 'ownerId=caller.id,ann' }, 'rows', /mixes the caller with other values/],
  [{ rows: '' }, 'rows', /says nothing/],
  [{ who: 'teller' as never }, 'who', /a role is said as \{ role: 'teller' \}/],
  [{ who: { rol: 'x' } as never }, 'who.rol', /callers have role, kind, scope, claims/],
  [{ may: ['HEAD' as never] }, 'may', /“HEAD” is not one of GET/],
  [{ hide: ['rank'] } as never, 'hide', /is not known/],
  [{ hidden: ['rang'] }, 'hidden', /“rang” is not a member of notes/],
  [{ hidden: ['id'] }, 'hidden', /is where the item is found/],
  [{ hidden: ['ownerId'] }, '', /cannot set “ownerId”, which every new item needs/],
  [{ rows: 'ownerId=caller.id', reveals: ['code'] }, '', taken],
  [{ rows: 'ownerId=caller.id' }, '', /“code” is taken, also by a row that is not seen: say reveals: \['code'\]/],
]

for (const [rule, where, problem] of faults)
  test(`a rule that cannot be kept is told at load: ${JSON.stringify(rule)}`, () => {
    const notes = collection({
      fields: { ownerId: text({ max: 20 }), rank: integer({ default: 0 }), code: text({ unique: true, default: '' }) },
      access: [rule],
    })
    const links = collection({ fields: { to: reference('notes') }, access: [{ may: 'read', rows: 'id=caller.id' }] })
    assert.throws(
      () => defineApi({ title: 'Notes', resources: { notes, links }, authentication: [said] }),
      (error: unknown) => {
        assert.ok(error instanceof DefinitionError)
        const place = where === '' ? 'resources.notes.access.0' : `resources.notes.access.0.${where}`
        const told = error.message.split('\n').filter(line => line.includes(`${place}:`))
        assert.match(told.join('\n'), problem)
        return true
      },
    )
  })

let serving: Serving
before(async () => {
  const notes = collection({
    fields: {
      ownerId: text({ max: 20 }),
      text: text({ max: 100 }),
      rank: integer({ default: 0 }),
      by: text({ default: '' }),
    },
    access: [
      { who: { role: 'keeper' }, may: 'read' },
      { who: { kind: 'client' }, may: 'read', rows: 'ownerId.in=ann', members: ['text'] },
      { rows: 'ownerId=caller.id', hidden: ['rank'] },
    ],
    nested: { papers: files({}) },
    async created(entry, { tx, caller }) {
      await tx.notes.set(entry.id, { by: caller?.id ?? 'nobody' })
    },
  })
  const marks = collection({
    fields: { note: reference('notes'), name: text({ max: 20, unique: true }) },
    access: [{ who: 'callers', reveals: ['name'] }],
  })
  const count = service({
    method: 'POST',
    effect: 'writes',
    input: { text: text({ default: '' }) },
    output: { mine: integer(), all: integer(), members: text(), id: text() },
    access: 'callers',
    async handle({ text: words }, { tx, all, caller, token }) {
      const mine = await tx.notes.find()
      assert.equal((await tx.notes.changes()).created.length, mine.length)
      // Who sees all of them is told what happened since.
      const since = async () => tx.notes.changes(await token())
      if (caller?.claims.role === 'keeper') assert.deepEqual((await since()).created, [])
      else await assert.rejects(since, { code: 'change-token-expired' })
      const others = (await all.notes.find()).filter(
        (one: { id: string }) => !mine.some((own: { id: string }) => own.id === one.id),
      )
      for (const other of others) assert.equal(await tx.notes.get(other.id), undefined)
      const made = words === '' ? undefined : await tx.notes.create({ ownerId: words, text: words })
      return {
        mine: mine.length,
        all: (await all.notes.find()).length,
        members: Object.keys(mine[0] ?? {}).join(),
        id: made?.id ?? '',
      }
    },
  })
  const api = defineApi({
    title: 'Notes',
    resources: { notes, marks, count },
    authentication: [said],
    async seed(tx) {
      for (const ownerId of ['ann', 'ann', 'bob']) await tx.notes.add({ ownerId, text: `of ${ownerId}` })
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

test('a handler sees and writes what its caller may, and everything where it says so; hooks know who writes', async () => {
  const { json } = await ask('POST', '/count', as('ann'), {})
  assert.deepEqual(json(), { mine: 2, all: 3, members: 'id,ownerId,text,by,createdAt,updatedAt', id: '' })
  const own = await ask('POST', '/count', as('eve'), { text: 'eve' })
  const made = await ask('GET', `/notes/${own.json().id}`, as('eve'))
  assert.deepEqual([own.status, made.json().by], [200, 'eve'])
  assert.equal((await ask('POST', '/count', as('eve'), { text: 'ann' })).status, 403)
  assert.equal((await ask('POST', '/count', as('kim', { role: 'keeper' }), { text: 'ann' })).status, 403)
})

test('what one may read and not write is 403 to write, and stays as it is', async () => {
  const kim = as('kim', { role: 'keeper' })
  const [note] = (await ask('GET', '/notes', as('bob'))).json()
  const row = async (method: string, path: string, body?: unknown) => (await ask(method, path, kim, body)).status
  assert.deepEqual(
    [
      await row('GET', `/notes/${note.id}`),
      await row('PATCH', `/notes/${note.id}`, { text: 'x' }),
      await row('PUT', `/notes/${note.id}`, { text: 'x' }),
      await row('DELETE', `/notes/${note.id}`),
      await row('DELETE', `/notes?id=${note.id}`),
      await row('PATCH', '/notes', [{ id: note.id, text: 'x' }]),
    ],
    [200, 403, 403, 403, 403, 403],
  )
  assert.deepEqual((await ask('GET', `/notes/${note.id}`, as('bob'))).json(), note)
})

test('scopes allow what they name, and what they lack is named in the challenge', async () => {
  const scoped = (...scopes: string[]) => as('ann', {}, { scopes })
  const row = async (method: string, path: string, fields: Fields, body?: unknown) =>
    (await ask(method, path, fields, body)).status
  assert.equal(await row('GET', '/notes', scoped('notes:read')), 200)
  assert.equal(await row('GET', '/notes', scoped('read')), 200)
  assert.equal(await row('POST', '/notes', scoped('notes:create'), { text: 'a' }), 201)
  assert.equal(await row('DELETE', '/notes?text=a', scoped('notes:create')), 403)
  assert.equal(await row('DELETE', '/notes?text=a', scoped('notes:write')), 204)
  assert.equal(await row('POST', '/count', scoped('count:call'), {}), 200)
  const { status, fields, json } = await ask('GET', '/notes', scoped('marks:read'))
  assert.deepEqual([status, json().code, json().scope], [403, 'insufficient-scope', 'notes:read'])
  assert.equal(fields['www-authenticate'], 'Said error="insufficient_scope", scope="notes:read"')
})

test('what one may see of members is what one may see of differences, and of a list of some', async () => {
  const app = as('app', {}, { kind: 'client' })
  const { json, fields } = await ask('GET', '/notes', app)
  assert.deepEqual([json().length, Object.keys(json()[0])], [2, ['id', 'text']])
  // Another’s tag of the same URL is of another representation.
  assert.equal((await ask('GET', '/notes', { ...as('ann'), 'if-none-match': fields.etag })).status, 200)
})

test('a value that is taken is told only where the rules reveal it', async () => {
  const note = (await ask('GET', '/notes', as('ann'))).json()[0].id
  const mark = (fields: Fields, of: string) => ask('POST', '/marks', fields, { note: of, name: 'one' })
  assert.equal((await mark(as('ann'), note)).status, 201)
  assert.equal((await mark(as('ann'), note)).status, 409)
  assert.equal((await mark(as('bob'), note)).status, 422)
})

test('an upload, a job and its result are their caller’s, as far as the credentials at hand go', async () => {
  const note = (await ask('GET', '/notes', as('ann'))).json()[0].id
  const begun = await ask(
    'PUT',
    `/notes/${note}/papers/a.txt`,
    { ...as('ann'), 'content-type': 'text/plain', 'upload-complete': '?0' },
    'half',
  )
  assert.equal(begun.status, 201)
  const upload = begun.fields.location ?? ''
  const seen = async (path: string, fields: Fields) => (await ask('HEAD', path, fields)).status
  assert.deepEqual(
    [
      await seen(upload, as('ann')),
      await seen(upload, as('bob')),
      await seen(upload, as('ann', {}, { scopes: ['marks:read'] })),
    ],
    [204, 404, 404],
  )
  const job = await ask('POST', '/notes', { ...as('ann'), prefer: 'respond-async' }, { text: 'later' })
  const at = job.fields.location ?? ''
  assert.equal(await seen(at, as('bob')), 404)
  assert.equal(await seen(at, as('ann', {}, { scopes: ['marks:read'] })), 404)
  assert.ok((await seen(at, as('ann'))) < 400)
})

test('what is seen in two places has its own rules in both, and those of what it is below', async () => {
  const api = defineApi({
    title: 'Blog',
    authentication: [said],
    resources: {
      users: collection({
        id: 'integer',
        fields: { name: text() },
        nested: { posts: related('posts', 'userId') },
        access: [{ rows: 'name=caller.id', reveals: ['id', 'references'] }],
      }),
      posts: collection({
        id: 'integer',
        fields: { userId: reference('users', { ids: 'integer' }), title: text() },
        access: [{ rows: 'title.ne=hidden' }],
      }),
    },
    async seed(tx) {
      for (const name of ['ann', 'bob']) {
        const user = await tx.users.add({ name })
        for (const title of ['shown', 'hidden']) await tx.posts.add({ userId: user.id, title })
      }
    },
  })
  const other = await serve(api, { port: 0 })
  try {
    const titles = async (path: string) => {
      const { status, json } = await call('GET', other.url + path, as('ann'))
      return status === 200 ? json().map(({ title }: { title: string }) => title) : status
    }
    assert.deepEqual(
      [await titles('/users/1/posts'), await titles('/users/2/posts'), await titles('/posts')],
      [['shown'], 404, ['shown', 'shown']],
    )
    const post = async (path: string, body: object) => (await call('POST', other.url + path, as('ann'), body)).status
    assert.deepEqual(
      [
        await post('/users/1/posts', { title: 'more' }),
        await post('/users/2/posts', { title: 'more' }),
        await post('/users/1/posts', { title: 'hidden' }),
        await post('/posts', { title: 'more', userId: 2 }),
      ],
      [201, 404, 403, 422],
    )
    assert.equal((await call('GET', `${other.url}/users/01`, as('ann'))).status, 404)
  } finally {
    await other.close()
  }
})

test('where nobody may, nobody does: no rule is no permission', async () => {
  const api = defineApi({
    title: 'Two',
    authentication: [said],
    resources: {
      open: service({ input: {}, output: {}, access: 'anyone', handle: () => ({}) }),
      notes: collection({ fields: { text: text() } }),
    },
  })
  const traces: Trace[] = []
  const other = await serve(api, { port: 0, trace: trace => traces.push(trace) })
  try {
    const row = async (path: string, fields: Fields) => (await call('GET', other.url + path, fields)).status
    assert.deepEqual([await row('/open', {}), await row('/notes', {}), await row('/notes', as('ann'))], [200, 401, 403])
  } finally {
    await other.close()
  }
})
