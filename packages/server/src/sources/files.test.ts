// Files served as an API, over real sockets, and what is in them afterwards.
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Serving, serve } from '../host/serve.ts'
import type { Source, SourceOptions } from './source.ts'
import { openSource } from './sources.ts'

const placeholder = fileURLToPath(new URL('../../../../examples/placeholder/db.json', import.meta.url))

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'comity-sources-'))
})
after(() => rmSync(folder, { recursive: true }))

type Call = (
  method: string,
  path: string,
  body?: unknown,
  fields?: Readonly<Record<string, string>>,
) => Promise<{ readonly status: number; readonly fields: Headers; readonly body: unknown }>

type Open = { readonly source: Source; readonly serving: Serving; readonly call: Call }

async function open(word: string, options?: SourceOptions): Promise<Open> {
  const source = await openSource(word, options)
  const serving = await serve(source.api, { port: 0, ...(source.open && { store: source.open }) })
  return {
    source,
    serving,
    async call(method, path, body, fields = {}) {
      const text = typeof body === 'string'
      const answer = await fetch(serving.url + path, {
        method,
        headers: {
          accept: 'application/json',
          ...(body && !text ? { 'content-type': 'application/json' } : {}),
          ...fields,
        },
        ...(body === undefined ? {} : { body: text ? body : JSON.stringify(body) }),
      })
      const content = await answer.text()
      const isJson = answer.headers.get('content-type')?.includes('json')
      return { status: answer.status, fields: answer.headers, body: content && isJson ? JSON.parse(content) : content }
    },
  }
}

const json = (path: string): Record<string, Record<string, unknown>[]> => JSON.parse(readFileSync(path, 'utf8'))

describe('examples/placeholder/db.json', () => {
  let path: string
  let text: string
  let api: Open
  before(async () => {
    path = join(folder, 'db.json')
    cpSync(placeholder, path)
    text = readFileSync(path, 'utf8')
    api = await open(path)
  })
  after(() => api.serving.close())

  it('has as many of each as tutorials expect', () => {
    const counts = Object.entries(json(placeholder)).map(([name, rows]) => [name, rows.length])
    assert.deepEqual(Object.fromEntries(counts), {
      users: 10,
      posts: 100,
      comments: 500,
      albums: 100,
      photos: 500,
      todos: 200,
    })
  })

  it('answers what tutorials ask for', async () => {
    const { body } = await api.call('GET', '/todos/1')
    const [todo] = json(placeholder).todos as [Record<string, unknown>]
    assert.deepEqual(body, todo)
    assert.deepEqual(Object.keys(body as object).sort(), ['completed', 'id', 'title', 'userId'])
    const list = await api.call('GET', '/todos?userId=1&limit=all')
    assert.deepEqual(
      list.body,
      json(placeholder).todos?.filter(({ userId }) => userId === 1),
    )
    const below = await api.call('GET', '/users/1/todos?limit=all')
    assert.deepEqual(below.body, list.body)
    assert.equal((await api.call('GET', '/users/1/todos/1')).status, 200)
    assert.equal((await api.call('GET', '/users/2/todos/1')).status, 404)
    assert.deepEqual((await api.call('GET', '/posts/1/comments?fields=id&limit=2')).body, [{ id: 1 }, { id: 2 }])
    assert.equal((await api.call('GET', '/users/11/todos')).status, 404)
    for (const id of ['0', '01', '1.0', 'one', '201'])
      assert.equal((await api.call('GET', `/todos/${id}`)).status, 404, id)
  })

  it('leaves the file as it is until something is written', () => assert.equal(readFileSync(path, 'utf8'), text))

  it('creates 201, and has written it when it says so', async () => {
    const created = await api.call('POST', '/todos', { userId: 1, title: 'tea', completed: false })
    assert.deepEqual([created.status, created.fields.get('location')], [201, '/todos/201'])
    assert.deepEqual(created.body, { id: 201, userId: 1, title: 'tea', completed: false })
    const { todos = [], ...others } = json(path)
    assert.deepEqual(todos, [
      ...(json(placeholder).todos ?? []),
      { userId: 1, id: 201, title: 'tea', completed: false },
    ])
    assert.deepEqual(Object.keys(others), ['users', 'posts', 'comments', 'albums', 'photos'])
    assert.deepEqual(readFileSync(path, 'utf8').split('\n').slice(0, 40), text.split('\n').slice(0, 40))
    assert.deepEqual(readdirSync(folder), ['db.json'])
  })

  it('replaces, patches and deletes, each under its conditions', async () => {
    const { fields, body } = await api.call('GET', '/todos/2')
    const tag = fields.get('etag') ?? ''
    const patched = await api.call('PATCH', '/todos/2', { title: 'two' }, { 'if-match': tag })
    assert.deepEqual([patched.status, patched.body], [200, { ...(body as object), title: 'two' }])
    assert.equal((await api.call('PUT', '/todos/2', body, { 'if-match': tag })).status, 412)
    assert.equal((await api.call('PUT', '/todos/2', { id: 2, title: 'put' })).status, 200)
    // What the list has no null for is left out where there is none.
    assert.deepEqual(json(path).todos?.[1], { id: 2, title: 'put' })
    assert.equal((await api.call('DELETE', '/todos/3')).status, 204)
    assert.equal((await api.call('GET', '/todos/3')).status, 410)
    assert.deepEqual(
      json(path)
        .todos?.slice(0, 3)
        .map(({ id }) => id),
      [1, 2, 4],
    )
  })

  it('does a repeated request once', async () => {
    const keyed = () => api.call('POST', '/users/1/posts', { title: 'once' }, { 'idempotency-key': '"sources-1"' })
    const [first, second] = [await keyed(), await keyed()]
    assert.deepEqual([first.status, first.fields.get('location')], [201, '/users/1/posts/101'])
    assert.deepEqual([second.status, second.body], [201, first.body])
    assert.equal(json(path).posts?.length, 101)
  })

  it('takes an id that a new item says, and goes on from it', async () => {
    assert.equal((await api.call('POST', '/albums', { id: 300, userId: 1 })).fields.get('location'), '/albums/300')
    assert.equal((await api.call('POST', '/albums', { id: 300, userId: 1 })).status, 409)
    assert.equal((await api.call('DELETE', '/albums/300')).status, 204)
    assert.equal((await api.call('POST', '/albums', { userId: 1 })).fields.get('location'), '/albums/301')
  })

  it('refuses what cannot be: links to nothing, other kinds of values, unknown members', async () => {
    assert.equal((await api.call('POST', '/posts', { userId: 99, title: 'x' })).status, 422)
    assert.equal((await api.call('POST', '/posts', { title: 7 })).status, 400)
    assert.equal((await api.call('POST', '/posts', { titel: 'x' })).status, 400)
  })

  it('takes along what is below, and tells every list that it has changed', async () => {
    const tagOf = async (at: string) => (await api.call('GET', at)).fields.get('etag')
    const lists = ['/posts?limit=1', '/comments?limit=1', '/posts/91/comments?limit=1', '/users/10/posts']
    const before = await Promise.all(lists.slice(0, 2).map(tagOf))
    assert.equal((await api.call('DELETE', '/users/10')).status, 204)
    const now = await Promise.all(lists.slice(0, 2).map(tagOf))
    for (const [at, tag] of now.entries()) assert.notEqual(tag, before[at])
    assert.equal((await api.call('GET', '/posts/91/comments')).status, 410)
    assert.equal(
      json(path).comments?.some(({ postId }) => postId === 91),
      false,
    )
    assert.equal(
      json(path).todos?.some(({ userId }) => userId === 10),
      false,
    )
  })

  it('answers in every format, describes itself, and links its pages', async () => {
    const csv = await api.call('GET', '/todos.csv?limit=1')
    assert.match(String(csv.body), /^id,userId,title,completed\r\n1,1,[^\r]+,(true|false)\r\n$/)
    const page = await api.call('GET', '/todos?limit=2')
    assert.match(page.fields.get('link') ?? '', /rel="next"/)
    const described = (await api.call('GET', '/openapi.json')).body as { paths: object }
    assert.ok('/users/{userId}/posts' in described.paths)
    const html = await api.call('GET', '/todos/1', undefined, { accept: 'text/html' })
    assert.match(String(html.body), /<a class="id" href="[^"]*\/users\/1">1<\/a>/)
  })

  it('refuses a write, and has done nothing, where the file cannot be written', async () => {
    // Where the file is made ready before it takes its place.
    const inTheWay = `${path}.${process.pid}.new`
    mkdirSync(inTheWay)
    const refused = await api.call('POST', '/todos', { title: 'lost' })
    rmSync(inTheWay, { recursive: true })
    assert.deepEqual([refused.status, refused.fields.get('retry-after')], [503, '5'])
    assert.deepEqual((await api.call('GET', '/todos?title=lost')).body, [])
    assert.equal((await api.call('POST', '/todos', { title: 'found' })).status, 201)
  })

  it('does not write over what another program has written, but reads it', async () => {
    const there = json(path)
    const [first, ...rest] = there.todos ?? []
    writeFileSync(path, JSON.stringify({ ...there, todos: [{ ...first, title: 'by hand' }, ...rest] }))
    const refused = await api.call('POST', '/todos', { title: 'late' })
    assert.deepEqual([refused.status, refused.fields.get('retry-after')], [503, '1'])
    await api.source.refresh?.()
    assert.equal(((await api.call('GET', '/todos/1')).body as { title: string }).title, 'by hand')
    assert.equal((await api.call('POST', '/todos', { title: 'late' })).status, 201)
    assert.deepEqual([json(path).todos?.at(0)?.title, json(path).todos?.at(-1)?.title], ['by hand', 'late'])
  })

  it('keeps the validators of what a refresh leaves as it is', async () => {
    const tagOf = async (id: number) => (await api.call('GET', `/todos/${id}`)).fields.get('etag')
    const before = [await tagOf(1), await tagOf(4)]
    const there = json(path)
    writeFileSync(
      path,
      JSON.stringify({ ...there, todos: there.todos?.map(row => (row.id === 4 ? { ...row, title: 'four' } : row)) }),
    )
    assert.equal(await api.source.refresh?.(), 'refreshed')
    assert.equal(await api.source.refresh?.(), 'unchanged')
    assert.equal(await tagOf(1), before[0])
    assert.notEqual(await tagOf(4), before[1])
    writeFileSync(path, JSON.stringify({ ...json(path), notes: [{ id: 1 }] }))
    assert.equal(await api.source.refresh?.(), 'outdated')
  })
})

describe('a file', () => {
  it('opened again has validators of its own', async () => {
    const path = join(folder, 'again.json')
    writeFileSync(path, '{"todos":[{"id":1,"title":"a"}]}')
    const tags = new Set<string | null>()
    for (let time = 0; time < 2; time++) {
      const { serving, call } = await open(path)
      tags.add((await call('GET', '/todos/1')).fields.get('etag'))
      await serving.close()
    }
    assert.equal(tags.size, 2)
  })

  it('is left alone in memory', async () => {
    const path = join(folder, 'memory.json')
    writeFileSync(path, '[{"id":1,"title":"a"}]')
    const { serving, call } = await open(path, { keep: 'memory' })
    assert.equal((await call('POST', '/memory', { title: 'b' })).status, 201)
    assert.equal(readFileSync(path, 'utf8'), '[{"id":1,"title":"a"}]')
    await serving.close()
  })

  it('of other things than lists shows them', async () => {
    const path = join(folder, 'things.json')
    writeFileSync(path, '{"profile":{"name":"me","age":3},"tags":["a"],"todos":[{"id":1}]}')
    const { serving, call } = await open(path)
    assert.deepEqual((await call('GET', '/profile')).body, { name: 'me', age: 3 })
    assert.deepEqual((await call('GET', '/tags')).body, { value: ['a'] })
    assert.equal((await call('PUT', '/profile', { name: 'you' })).status, 405)
    await call('POST', '/todos', {})
    assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), {
      profile: { name: 'me', age: 3 },
      tags: ['a'],
      todos: [{ id: 1 }, { id: 2 }],
    })
    await serving.close()
  })

  const faults = [
    ['broken.json', '{"a": [', /^broken\.json is not JSON: /],
    ['exact.json', '{"a": [{"n": 12345678901234567890}]}', /12345678901234567890, which has more digits/],
    ['text.json', '"a"', /^text\.json is a string/],
    ['none.json', '{}', /^none\.json is empty/],
    [
      'wide.json',
      JSON.stringify([Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`m${at}`, at]))]),
      /1001 members/,
    ],
    ['twice.csv', 'a,a\n1,2\n', /two columns called “a”/],
    ['quote.csv', 'a,b\n1,"2\n', /cannot be read at line \d/],
    ['line.ndjson', '{"a":1}\n[]\n', /line 2, is no object/],
    ['latin.csv', Buffer.from('name\ncaf\xe9\n', 'latin1'), /is not UTF-8/],
    ['other.xyz', '', /is nothing that can be served/],
  ] as const
  for (const [name, content, message] of faults)
    it(`that is at fault is refused in words: ${name}`, async () => {
      writeFileSync(join(folder, name), content)
      await assert.rejects(openSource(join(folder, name)), { name: 'SourceError', message })
    })
})

describe('a folder', () => {
  let path: string
  let api: Open
  before(async () => {
    path = join(folder, 'tables')
    mkdirSync(path)
    const people = '\uFEFFid;Full Name;zip;amount;active\r\n1;"Ann; B";007;12.50;true\r\n2;"";010;3.00;false\r\n'
    writeFileSync(join(path, 'people.csv'), people)
    writeFileSync(join(path, 'events.ndjson'), '{"personId":1,"at":"x"}\n{"personId":2,"at":"y"}\n')
    writeFileSync(join(path, 'plain.tsv'), 'a\tb\n1\t\n')
    api = await open(path)
  })
  after(() => api.serving.close())

  it('is a collection for each file, typed by what is in its columns', async () => {
    const { body } = await api.call('GET', '/people')
    assert.deepEqual(body, [
      { id: 1, fullName: 'Ann; B', zip: '007', amount: '12.50', active: true },
      { id: 2, fullName: '', zip: '010', amount: '3.00', active: false },
    ])
    assert.deepEqual((await api.call('GET', '/people?amount.gte=10&fields=id')).body, [{ id: 1 }])
    assert.deepEqual((await api.call('GET', '/people/2/events')).body, [{ id: 2, personId: 2, at: 'y' }])
    assert.deepEqual((await api.call('GET', '/plain')).body, [{ id: 1, a: 1, b: null }])
  })

  it('is written as it was: its columns, its marks, the files that were touched', async () => {
    const untouched = readFileSync(join(path, 'plain.tsv'), 'utf8')
    const created = await api.call('POST', '/people', { fullName: '=1+1', amount: '0.10', zip: null, active: true })
    assert.deepEqual([created.status, created.fields.get('location')], [201, '/people/3'])
    assert.equal(
      readFileSync(join(path, 'people.csv'), 'utf8'),
      '\uFEFFid;Full Name;zip;amount;active\r\n1;"Ann; B";007;12.50;true\r\n2;"";010;3.00;false\r\n3;=1+1;;0.10;true\r\n',
    )
    await api.call('PATCH', '/events/1', { at: 'z' })
    assert.equal(
      readFileSync(join(path, 'events.ndjson'), 'utf8'),
      '{"id":1,"personId":1,"at":"z"}\n{"id":2,"personId":2,"at":"y"}\n',
    )
    assert.equal(readFileSync(join(path, 'plain.tsv'), 'utf8'), untouched)
  })

  it('is another source once a file is there that was not', async () => {
    assert.equal(await api.source.refresh?.(), 'unchanged')
    writeFileSync(join(path, 'more.csv'), 'a\n1\n')
    assert.equal(await api.source.refresh?.(), 'outdated')
    rmSync(join(path, 'more.csv'))
  })

  it('deletes across files', async () => {
    assert.equal((await api.call('DELETE', '/people/1')).status, 204)
    assert.equal(readFileSync(join(path, 'events.ndjson'), 'utf8'), '{"id":2,"personId":2,"at":"y"}\n')
  })
})
