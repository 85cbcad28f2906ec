// Collections seen below what they refer to, and ids that are counted: what a definition may say, and what callers see.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Serving, serve } from '../host/serve.ts'
import { type ApiDefinition, defineApi } from './api.ts'
import { collection } from './collection.ts'
import { integer, optional, reference, text } from './fields.ts'
import { related } from './related.ts'
import { version } from './version.ts'

const whole = { ids: 'integer' } as const
const users = collection({ id: 'integer', fields: { name: text() }, nested: { posts: related('posts', 'userId') } })
const posts = collection({
  id: 'integer',
  fields: { userId: optional(reference('users', whole)), title: text() },
  nested: { comments: related('comments', 'postId'), notes: collection({ fields: { text: text() } }) },
})
const comments = collection({ fields: { postId: reference('posts', whole), body: text() } })

describe('a definition is at fault', () => {
  const rows: readonly (readonly [string, Partial<ApiDefinition>, RegExp])[] = [
    [
      'where what is related is not there',
      { resources: { users: collection({ fields: {}, nested: { posts: related('posts', 'userId') } }) } },
      /users\.nested\.posts: relates to “posts”, which is not a collection/,
    ],
    [
      'where it does not refer to what it is below',
      { resources: { users, posts: collection({ fields: { userId: integer() } }) } },
      /“userId” of posts is not a reference to users/,
    ],
    [
      'where a reference holds ids of another kind',
      {
        resources: {
          users: collection({ id: 'integer', fields: {} }),
          posts: collection({ fields: { userId: reference('users') } }),
        },
      },
      /refers to “users”, whose ids are whole numbers: reference\('users', \{ ids: 'integer' \}\)/,
    ],
    [
      'with older versions',
      { version: '2.0.0', versions: [version({ number: 1 })], resources: { users, posts, comments } },
      /cannot be seen by older versions/,
    ],
    [
      'by names of no style',
      { resources: { user_data: collection({ fields: { first_name: text() } }) } },
      /lower-case words/,
    ],
    [
      'by names that nothing can hold',
      { names: 'found', resources: { 'a b': collection({ fields: { 'c d': text() } }) } },
      /letters, digits/,
    ],
    [
      'by times that come by themselves',
      { resources: { users: collection({ fields: { createdAt: text() } }) } },
      /comes by itself/,
    ],
  ]
  for (const [title, definition, message] of rows)
    it(title, () =>
      assert.throws(() => defineApi({ title: 'T', resources: {}, ...definition }), {
        name: 'DefinitionError',
        message,
      }),
    )

  it('and not by names that were found', () => {
    const { model } = defineApi({
      title: 'T',
      names: 'found',
      resources: {
        user_data: collection({
          timestamps: 'hidden',
          fields: { user_id: text(), userId: text(), URL: text(), url: text(), createdAt: text(), x: text() },
        }),
      },
    })
    // SQL tells no case.
    const columns = model.collections[0]?.fields.map(({ column }) => column.toLowerCase()) ?? []
    assert.equal(new Set(columns).size, 7)
    assert.ok(!columns.includes('created_at'))
  })
})

describe('what is related', () => {
  const folder = mkdtempSync(join(tmpdir(), 'comity-related-'))
  const api = defineApi({ title: 'T', resources: { users, posts, comments } })
  const open = () => serve(api, { port: 0, database: `sqlite:${join(folder, 'a.sqlite')}` })
  let serving: Serving
  before(async () => {
    serving = await open()
  })
  after(async () => {
    await serving.close()
    rmSync(folder, { recursive: true })
  })

  const call = async (method: string, path: string, body?: unknown, fields: Record<string, string> = {}) => {
    const answer = await fetch(serving.url + path, {
      method,
      headers: { accept: 'application/json', 'content-type': 'application/json', ...fields },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const content = await answer.text()
    return {
      status: answer.status,
      location: answer.headers.get('location'),
      etag: answer.headers.get('etag'),
      body: content && JSON.parse(content),
    }
  }
  const titles = async (path: string) => (await call('GET', path)).body.map(({ title }: { title: string }) => title)

  it('is created, found and changed in both places', async () => {
    for (const name of ['Ann', 'Ben']) assert.equal((await call('POST', '/users', { name })).status, 201)
    assert.equal((await call('POST', '/users/1/posts', { title: 'one' })).location, '/users/1/posts/1')
    assert.equal((await call('POST', '/posts', { title: 'two', userId: 1 })).location, '/posts/2')
    assert.equal((await call('POST', '/posts', { title: 'nobody’s' })).location, '/posts/3')
    assert.deepEqual(await titles('/users/1/posts'), ['one', 'two'])
    assert.deepEqual(await titles('/posts'), ['one', 'two', 'nobody’s'])
    assert.deepEqual((await call('GET', '/users/1/posts/2')).body.userId, 1)
    assert.equal((await call('GET', '/users/2/posts/2')).status, 404)
    assert.equal((await call('PATCH', '/users/1/posts/1', { title: 'first' })).status, 200)
    assert.equal((await call('GET', '/posts/1')).body.title, 'first')
    assert.equal((await call('PATCH', '/users/1/posts/1', { userId: 2 })).status, 400)
    assert.equal((await call('POST', '/users/9/posts', { title: 'x' })).status, 404)
  })

  it('is counted in order, page by page', async () => {
    for (let number = 4; number <= 12; number++) await call('POST', '/users/2/posts', { title: String(number) })
    const ids: number[] = []
    for (let path: string | undefined = '/users/2/posts?limit=2'; path !== undefined; ) {
      const answer: Response = await fetch(serving.url + path, { headers: { accept: 'application/json' } })
      ids.push(...((await answer.json()) as { id: number }[]).map(({ id }) => id))
      path = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
    }
    assert.deepEqual(ids, [4, 5, 6, 7, 8, 9, 10, 11, 12])
  })

  it('changes the validators of every list that it is in, and comes to, and of no other', async () => {
    const tags = async () =>
      Promise.all(['/posts', '/users/1/posts', '/users/2/posts'].map(async path => (await call('GET', path)).etag))
    const changed = async (act: () => Promise<unknown>) => {
      const before = await tags()
      await act()
      const now = await tags()
      return now.map((tag, at) => tag !== before[at])
    }
    assert.deepEqual(await changed(() => call('PATCH', '/posts/2', { title: 'deux' })), [true, true, false])
    assert.deepEqual(await changed(() => call('PATCH', '/posts/2', { userId: 2 })), [true, true, true])
    assert.deepEqual(await changed(() => call('PATCH', '/posts/2', { userId: null })), [true, false, true])
    assert.deepEqual(await changed(() => call('DELETE', '/users/2/posts/12')), [true, false, true])
    assert.deepEqual(await changed(() => call('DELETE', '/posts?title=11')), [true, true, true])
  })

  it('goes with what it is below, and takes along what is below itself', async () => {
    await call('POST', '/posts/1/comments', { body: 'c' })
    await call('POST', '/posts/3/comments', { body: 'stays' })
    await call('POST', '/posts/1/notes', { text: 'n' })
    const before = await Promise.all(
      ['/comments', '/posts/3/comments', '/posts'].map(async path => (await call('GET', path)).etag),
    )
    assert.equal((await call('DELETE', '/users/1')).status, 204)
    assert.equal((await call('GET', '/posts/1')).status, 410)
    assert.equal((await call('GET', '/posts/1/notes')).status, 410)
    const left = (await call('GET', '/comments')).body
    assert.deepEqual(
      left.map(({ body }: { body: string }) => body),
      ['stays'],
    )
    assert.notEqual((await call('GET', '/comments')).etag, before[0])
    assert.notEqual((await call('GET', '/posts')).etag, before[2])
  })

  it('never gives out the id of what is no more, after a restart either', async () => {
    assert.equal((await call('PUT', '/posts/40', { title: 'chosen' }, { 'if-none-match': '*' })).status, 201)
    assert.equal((await call('DELETE', '/posts/40')).status, 204)
    assert.equal((await call('POST', '/posts', { title: 'next' })).location, '/posts/41')
    assert.equal((await call('POST', '/posts', { title: 'dry' }, { prefer: 'dry-run' })).status, 201)
    assert.equal((await call('POST', '/posts', { title: 'x', userId: 99 })).status, 422)
    assert.equal((await call('POST', '/posts', { title: 'no gap' })).location, '/posts/42')
    for (const id of [41, 42]) assert.equal((await call('DELETE', `/posts/${id}`)).status, 204)
    await serving.close()
    serving = await open()
    assert.equal((await call('POST', '/posts', { title: 'again' })).location, '/posts/43')
    for (const id of ['043', '43.0', '+43', '4e1', ' 43'])
      assert.equal((await call('GET', `/posts/${encodeURIComponent(id)}`)).status, 404, id)
    const refused = await call('PUT', '/posts/043', { title: 'x' }, { 'if-none-match': '*' })
    assert.equal(refused.status, 400)
  })

  it('says in its description what ids are', async () => {
    const { components } = (await call('GET', '/openapi.json')).body
    assert.equal(components.schemas.Post.properties.id.type, 'integer')
    assert.equal(components.schemas.Post.properties.userId.type[0], 'integer')
    assert.equal(components.schemas.PostCreate.required.includes('id'), false)
  })
})
