// Property: whatever the policies, the rows and the requests, nothing of a row that a caller may not see is in any answer,
// and to ask for it is answered as to ask for one that never was.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import {
  type AccessRule,
  changes,
  collection,
  defineApi,
  files,
  integer,
  optional,
  reference,
  renamed,
  type Serving,
  serve,
  text,
  version,
} from '@comity/server'
import fc from 'fast-check'
import { type Answered, agent, call, type Fields } from '../support/call.ts'
import { as, said } from '../support/callers.ts'

after(() => agent.destroy())

type Row = {
  readonly about: string | null
  readonly id: string
  readonly ownerId: string
  readonly team: string
  readonly rank: number
  readonly title: string
}
type Who = { readonly id: string; readonly team: string | undefined }
type Term = { readonly text: string; readonly holds: (row: Row, who: Who) => boolean }

/** What a policy may say, and what that means. */
const terms: readonly Term[] = [
  { text: 'ownerId=caller.id', holds: (row, who) => row.ownerId === who.id },
  { text: 'ownerId.ne=caller.id', holds: (row, who) => row.ownerId !== who.id },
  { text: 'team=caller.team', holds: (row, who) => who.team !== undefined && row.team === who.team },
  { text: 'team.in=red,blue', holds: row => row.team === 'red' || row.team === 'blue' },
  { text: 'rank.gte=3', holds: row => row.rank >= 3 },
  { text: 'rank.lt=3', holds: row => row.rank < 3 },
]
type Policy = readonly (readonly Term[])[]
const textsOf = (policy: Policy) => policy.map(all => all.map(({ text }) => text).join('&'))
const sees = (policy: Policy, row: Row, who: Who) => policy.some(all => all.every(({ holds }) => holds(row, who)))

const people: readonly Who[] = [
  { id: 'ann', team: 'red' },
  { id: 'bob', team: 'blue' },
  { id: 'eve', team: undefined },
]
const fieldsOf = ({ id, team }: Who) => as(id, { role: 'person', ...(team !== undefined && { team }) })
const root = as('root', { role: 'root' })

/** What is nested has the rules of what it is below, or its own. */
type Below = 'inherited' | 'own'

function apiWith(read: Policy, write: Policy, below: Below) {
  const fields = { words: text({ max: 80 }) }
  const lines = collection(below === 'own' ? { fields, access: 'callers' } : { fields })
  const rules: readonly AccessRule[] = [
    { who: { role: 'root' }, reveals: ['references'] },
    { may: 'read', rows: textsOf(read), hidden: ['secret'] },
    { rows: textsOf(write), hidden: ['secret'], reveals: ['references'] },
  ]
  const notes = collection({
    fields: {
      ownerId: text({ max: 10, default: 'bob' }),
      team: text({ max: 10, default: 'red' }),
      rank: integer({ default: 1 }),
      title: text({ max: 200 }),
      secret: text({ max: 80, default: 'none' }),
      about: optional(reference('notes')),
    },
    history: 'kept',
    sort: '-secret',
    nested: { lines, papers: files() },
    access: rules,
  })
  const v1 = version({
    number: 1,
    resources: { notes: changes(renamed('heading', 'title'), renamed('hush', 'secret')) },
  })
  return defineApi({ title: 'Notes', version: '2.0.0', versions: [v1], resources: { notes }, authentication: [said] })
}

type Request = { readonly method: string; readonly path: string; readonly fields?: Fields; readonly body?: unknown }

/** Requests for one item, whichever it is. */
const forItem: readonly ((id: string, other: string, line: string) => Request)[] = [
  (id, _, line) => ({ method: 'GET', path: `/notes/${id}/lines/${line}` }),
  (_, other, line) => ({ method: 'GET', path: `/notes/${other}/lines/${line}` }),
  (id, _, line) => ({ method: 'PATCH', path: `/notes/${id}/lines/${line}`, body: { words: 'patched' } }),
  id => ({ method: 'GET', path: `/notes/${id}` }),
  id => ({ method: 'HEAD', path: `/notes/${id}.xml` }),
  id => ({ method: 'GET', path: `/v1/notes/${id}.csv` }),
  id => ({
    method: 'GET',
    path: `/notes/${id}`,
    fields: { 'a-im': 'json-patch', 'if-none-match': '"1-json", "2-json", "3-json", "4-json"' },
  }),
  id => ({ method: 'GET', path: `/notes/${id}`, fields: { 'if-match': '"nothing"' } }),
  id => ({ method: 'GET', path: `/notes/${id}`, fields: { range: 'bytes=0-20' } }),
  id => ({ method: 'GET', path: `/notes/${id}/lines` }),
  id => ({ method: 'GET', path: `/notes/${id}/papers/paper.txt` }),
  id => ({ method: 'GET', path: `/notes/${id}/papers?limit=all` }),
  id => ({ method: 'POST', path: `/notes/${id}/lines`, body: { words: 'more' } }),
  id => ({ method: 'PUT', path: `/notes/${id}/papers/new.txt`, fields: { 'content-type': 'text/plain' }, body: 'new' }),
  id => ({ method: 'PATCH', path: `/notes/${id}`, body: { rank: 2 } }),
  id => ({
    method: 'PATCH',
    path: `/notes/${id}`,
    body: [{ op: 'test', path: '/secret', value: 'x' }],
    fields: { 'content-type': 'application/json-patch+json' },
  }),
  id => ({ method: 'PUT', path: `/notes/${id}`, body: { title: 'put', rank: 3 } }),
  id => ({ method: 'PUT', path: `/notes/${id}`, body: { title: 'put' }, fields: { 'if-none-match': '*' } }),
  id => ({ method: 'PATCH', path: `/notes/${id}`, body: { rank: 2 }, fields: { prefer: 'respond-async, wait=5' } }),
  id => ({ method: 'DELETE', path: `/notes/${id}`, fields: { prefer: 'dry-run' } }),
  id => ({
    method: 'DELETE',
    path: `/notes/${id}`,
    fields: { 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
  }),
  (id, other) => ({
    method: 'PATCH',
    path: '/notes',
    body: [
      { id: other, rank: 4 },
      { id, rank: 4 },
    ],
  }),
  (id, other) => ({
    method: 'PATCH',
    path: '/notes',
    body: [
      { id: other, rank: 4 },
      { id, rank: 4 },
    ],
    fields: { prefer: 'handling=lenient' },
  }),
  id => ({ method: 'PUT', path: '/notes', body: [{ id, title: 'many' }], fields: { prefer: 'handling=lenient' } }),
  id => ({ method: 'POST', path: '/notes', body: { title: 'refers', about: id } }),
  id => ({ method: 'POST', path: '/v1/notes', body: [{ heading: 'refers', about: id }] }),
  (id, other) => ({ method: 'PATCH', path: `/notes/${other}`, body: { about: id } }),
  id => ({ method: 'DELETE', path: `/notes?id=${id}` }),
  id => ({ method: 'GET', path: `/notes?about=${id}`, fields: { prefer: 'count=exact' } }),
]

/** Requests for whatever there is. */
const forAll: readonly Request[] = [
  { method: 'GET', path: '/notes', fields: { prefer: 'count=exact' } },
  { method: 'GET', path: '/notes?limit=2&offset=1', fields: { prefer: 'count=exact' } },
  { method: 'GET', path: '/notes.html?sort=-title' },
  { method: 'GET', path: '/notes.csv?limit=all', fields: { prefer: 'count=exact' } },
  { method: 'GET', path: '/v1/notes.ndjson?limit=all' },
  { method: 'GET', path: '/v1/notes?sort=heading&heading.like=*m*' },
  { method: 'GET', path: '/notes.xml?fields=id,title&rank.gte=0', fields: { 'accept-encoding': 'gzip;q=0' } },
  { method: 'QUERY', path: '/notes', body: { 'title.like': '*', limit: 3 } },
  { method: 'GET', path: '/notes?sort=secret' },
  { method: 'GET', path: '/v1/notes?hush=none' },
  { method: 'DELETE', path: '/notes?rank=9' },
  { method: 'DELETE', path: '/notes' },
  { method: 'DELETE', path: '/notes?rank.gte=0', fields: { prefer: 'dry-run' } },
  { method: 'GET', path: '/jobs' },
  { method: 'GET', path: '/notes/' },
  { method: 'POST', path: '/notes', body: { title: 'new' } },
  { method: 'POST', path: '/notes', body: 'title,ownerId\nnew,ann\n', fields: { 'content-type': 'text/csv' } },
]

const wholeOf = ({ status, fields, text: body }: Answered): string => `${status}\n${JSON.stringify(fields)}\n${body}`

/** An answer without what differs by its moment, and with the id named alike. */
const told = (answer: Answered, id: string): string =>
  wholeOf({ ...answer, fields: { ...answer.fields, date: undefined } })
    .replaceAll(id, 'ID')
    .replaceAll(/"(content-length)":"\d+"/g, '')

const policy: fc.Arbitrary<Policy> = fc.array(fc.subarray([...terms], { minLength: 1, maxLength: 2 }), {
  minLength: 1,
  maxLength: 2,
})
const row = fc.record({
  ownerId: fc.constantFrom('ann', 'bob', 'cid'),
  team: fc.constantFrom('red', 'blue', 'green'),
  rank: fc.integer({ min: 0, max: 5 }),
})
const step = fc.record({
  who: fc.nat(people.length - 1),
  what: fc.nat(forItem.length + forAll.length - 1),
  which: fc.nat(20),
  other: fc.nat(20),
})

test('nothing of a row that one may not see is in any answer', async () => {
  await fc.assert(
    fc.asyncProperty(
      policy,
      policy,
      fc.array(row, { minLength: 4, maxLength: 8 }),
      fc.array(step, { minLength: 40, maxLength: 40 }),
      fc.constantFrom<Below>('inherited', 'own'),
      async (read, write, rows, steps, below) => {
        const serving = await serve(apiWith(read, write, below), {
          port: 0,
          onError: error => assert.fail(String(error)),
        })
        try {
          await tried(serving, read, rows, steps)
        } finally {
          await serving.close()
        }
      },
    ),
    {
      endOnFailure: true,
      numRuns: process.env.COMITY_LONG ? 150 : 6,
      ...(process.env.COMITY_SEED && { seed: Number(process.env.COMITY_SEED) }),
    },
  )
})

type Step = { readonly who: number; readonly what: number; readonly which: number; readonly other: number }

async function tried(serving: Serving, read: Policy, given: readonly object[], steps: readonly Step[]): Promise<void> {
  const ask = ({ method, path, fields, body }: Request, by: Fields) =>
    call(method, `${serving.url}${path}`, { ...fields, ...by }, body)
  const marks = new Map<string, string>()
  const lines = new Map<string, string>()
  for (const one of given) {
    const mark = `m${randomUUID().slice(0, 8)}m`
    const made = await ask(
      { method: 'POST', path: '/notes', body: { ...one, title: mark, secret: `${mark}-secret` } },
      root,
    )
    const { id } = made.json()
    marks.set(id, mark)
    const line = await ask({ method: 'POST', path: `/notes/${id}/lines`, body: { words: mark } }, root)
    lines.set(id, line.json().id)
    await ask(
      { method: 'PUT', path: `/notes/${id}/papers/paper.txt`, body: mark, fields: { 'content-type': 'text/plain' } },
      root,
    )
  }
  for (const { who, what, which, other } of steps) {
    const caller = people[who] as Who
    const by = fieldsOf(caller)
    const now: readonly Row[] = (await ask({ method: 'GET', path: '/notes?limit=all' }, root)).json()
    const unseen = now.filter(one => !sees(read, one, caller))
    const id = now.length > 0 ? (now[which % now.length]?.id ?? '') : randomUUID()
    const beside = now.filter(one => one.id !== id)[other % Math.max(now.length - 1, 1)]?.id ?? randomUUID()
    const item = forItem[what]
    const line = lines.get(id) ?? randomUUID()
    const request = item ? item(id, beside, line) : (forAll[what - forItem.length] as Request)
    const isUnseen = unseen.some(one => one.id === id)
    const none = '0149f2c1-5c00-7a3e-8f4d-2b6c9e1d7a50'
    // Only what is refused for both can be asked twice without a difference of its own.
    const likewise = item && isUnseen ? await ask(item(none, beside, none), by) : undefined
    const answer = await ask(request, by)
    const said = wholeOf(answer)
    const about = () =>
      `${caller.id}: ${request.method} ${request.path} ${JSON.stringify(request.body)} → ${said.slice(0, 600)}`
    assert.ok(answer.status < 500, about())
    const after: readonly Row[] = (await ask({ method: 'GET', path: '/notes?limit=all' }, root)).json()
    for (const one of unseen) {
      const mark = marks.get(one.id)
      if (mark !== undefined) assert.ok(!said.includes(mark), about())
      // A row that is seen is seen with what it refers to.
      const isReferredTo = [...now, ...after].some(each => each.about === one.id && sees(read, each, caller))
      if (one.id !== id && one.id !== beside && !isReferredTo) assert.ok(!said.includes(one.id), about())
      assert.deepEqual(
        after.find(each => each.id === one.id),
        one,
        about(),
      )
    }
    for (const mark of marks.values()) assert.ok(!said.includes(`${mark}-secret`), about())
    for (const one of after) if (!now.some(each => each.id === one.id)) assert.ok(sees(read, one, caller), about())
    if (likewise) assert.equal(told(answer, id).replaceAll(line, 'ID'), told(likewise, none), about())
    if (
      answer.fields['x-total-count'] !== undefined &&
      request.path.startsWith('/notes') &&
      !request.path.includes('about=')
    )
      assert.equal(Number(answer.fields['x-total-count']), now.length - unseen.length, about())
  }
}
