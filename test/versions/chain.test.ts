// Three versions of one API, one retired besides: every kind of step, over a socket.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { serving, startApi } from '../support/bank.ts'
import type { Answered } from '../support/call.ts'
import { library } from './library.ts'

const api = serving(() => startApi(library))
const merge = { 'content-type': 'application/merge-patch+json' }

let count = 0
const book = (more = {}) => ({
  title: `Book ${++count}`,
  author: { given: 'Anna', family: 'Karenina' },
  price: '12.50',
  kind: 'novel',
  pages: 100,
  ...more,
})

async function made(answer: Promise<Answered>): Promise<string> {
  const { status, text, fields } = await answer
  assert.equal(status, 201, text)
  return (fields.location ?? '').split('/').at(-1) ?? ''
}
const json = async (path: string) => (await api.call('GET', path)).json()

test('an item in each version', async () => {
  const id = await made(api.call('POST', '/books', {}, book({ shelf: 'A1', kind: 'poetry' })))
  const { createdAt, updatedAt } = await json(`/books/${id}`)
  const title = `Book ${count}`
  const times = { createdAt, updatedAt }
  const common = { id, pages: 100 }
  assert.deepEqual(await json(`/v2/books/${id}`), {
    ...common,
    title,
    author: { given: 'Anna', family: 'Karenina' },
    cents: 1250,
    kind: 'poetry',
    shelf: 'A1',
    seller: null,
    stock: { copies: 1 },
    ...times,
  })
  assert.deepEqual(await json(`/v1/titles/${id}`), {
    ...common,
    heading: title,
    authorGiven: 'Anna',
    authorFamily: 'Karenina',
    cents: 1250,
    kind: 3,
    place: { shelf: 'A1' },
    stock: { copies: 1 },
    binding: null,
    ...times,
  })
})

test('what version 1 writes, and what it leaves alone', async () => {
  const old = {
    heading: `Old ${++count}`,
    authorGiven: 'Leo',
    authorFamily: 'T',
    cents: 999,
    kind: 2,
    pages: 7,
    place: { shelf: null },
    binding: 'linen',
  }
  const id = await made(api.call('POST', '/v1/titles', {}, old))
  const { title, author, price, kind, shelf, language, copies } = await json(`/books/${id}`)
  assert.deepEqual(
    { title, author, price, kind, shelf, language, copies },
    {
      title: old.heading,
      author: { given: 'Leo', family: 'T' },
      price: '9.99',
      kind: 'essay',
      shelf: null,
      language: 'en',
      copies: 1,
    },
  )
  assert.equal((await api.call('PATCH', `/books/${id}`, merge, { language: 'vi' })).status, 200)
  const put = await api.call('PUT', `/v1/titles/${id}`, {}, { ...(await json(`/v1/titles/${id}`)), authorGiven: 'Lev' })
  assert.equal(put.status, 200, put.text)
  const after = await json(`/books/${id}`)
  assert.deepEqual([after.language, after.author], ['vi', { given: 'Lev', family: 'T' }])
  const same = await api.call('PUT', `/v1/titles/${id}`, {}, put.json())
  assert.deepEqual([same.status, same.fields.etag], [200, put.fields.etag])
  const patch = [
    { op: 'test', path: '/authorGiven', value: 'Lev' },
    { op: 'replace', path: '/place/shelf', value: 'B2' },
  ]
  const patched = await api.call('PATCH', `/v1/titles/${id}`, { 'content-type': 'application/json-patch+json' }, patch)
  assert.deepEqual([patched.status, (await json(`/books/${id}`)).shelf], [200, 'B2'])
})

test('names of resources and parents are those of the version', async () => {
  const id = await made(api.call('POST', '/books', {}, book()))
  const loan = await api.call('POST', `/v1/titles/${id}/loans`, {}, { start: '2014-05-01', days: 3 })
  assert.equal(loan.status, 201, loan.text)
  assert.match(loan.fields.location ?? '', new RegExp(`^/v1/titles/${id}/loans/`))
  assert.deepEqual(Object.keys(loan.json()), ['id', 'titleId', 'start', 'days', 'fee', 'createdAt', 'updatedAt'])
  assert.equal(loan.json().titleId, id)
  assert.match(loan.fields.link ?? '', /<https:\/\/library\.example\/moving>; rel="successor-version"/)
  assert.equal((await json(`/v1/titles/${id}/loans?startFrom=2014-05-01`)).length, 1)
  assert.equal((await json(`/v2/books/${id}/loans?start=2014-05-01&sort=-start`)).length, 1)
  for (const nowhere of ['/v1/books', '/titles', '/v2/titles', '/v1/quote', '/v1/order'])
    assert.equal((await api.call('GET', nowhere)).status, 404, nowhere)
  const xml = await api.call('GET', `/v1/titles/${id}.xml`)
  assert.match(xml.text, /<title xmlns[^>]*><id>[^<]*<\/id><heading>Book/)
})

const asked = [
  ['/v1/titles?kind=3', 200],
  ['/v1/titles?kind.gt=1', 400, 'kind.gt'],
  ['/v1/titles?sort=kind', 400, 'sort'],
  ['/v1/titles?cents.gte=1000&sort=-cents', 200],
  ['/v1/titles?cents.like=1*', 400, 'cents.like'],
  ['/v1/titles?place.shelf=A1&sort=place.shelf', 200],
  ['/v1/titles?binding=linen', 400, 'binding'],
  ['/v1/titles?authorGiven=Anna', 400, 'authorGiven'],
  ['/v1/titles?author.exists=true', 400, 'author.exists'],
  ['/v1/titles?stock.copies=1', 200],
  ['/v1/titles?heading.like=Book*&limit=2&sort=heading', 200],
  ['/v1/readers?firstName=A', 400, 'firstName'],
  ['/v2/readers?address.city=Hue', 200],
  ['/v1/titles?cents=x', 400, 'cents'],
] as const

for (const [path, status, parameter] of asked)
  test(`GET ${path}: ${status}`, async () => {
    await made(api.call('POST', '/books', {}, book({ shelf: 'A1', kind: 'poetry' })))
    const answer = await api.call('GET', path)
    assert.equal(answer.status, status, answer.text)
    if (parameter === undefined) return assert.ok(path.includes('readers') || JSON.parse(answer.text).length > 0)
    assert.equal(JSON.parse(answer.text).errors[0].parameter, parameter)
  })

test('a filter with another type asks for the same items', async () => {
  await made(api.call('POST', '/books', {}, book({ price: '77.00', kind: 'essay' })))
  const ids = async (path: string) => (await json(path)).map(({ id }: { id: string }) => id).sort()
  assert.deepEqual(await ids('/v1/titles?cents=7700&kind=2'), await ids('/books?price=77&kind=essay'))
  assert.deepEqual(await ids('/v1/titles?cents.lt=7700&limit=all'), await ids('/books?price.lt=77&limit=all'))
})

test('problems of hooks and of the database name members of the version', async () => {
  const pointers = (answer: Answered) =>
    JSON.parse(answer.text).errors.map(({ pointer }: { pointer: string }) => pointer)
  const old = {
    heading: 'Forbidden',
    authorGiven: 'L',
    authorFamily: 'T',
    cents: 1,
    kind: 1,
    pages: 7,
    place: { shelf: null },
  }
  const refused = await api.call('POST', '/v1/titles', {}, old)
  assert.deepEqual([refused.status, pointers(refused)], [422, ['/heading', '/authorFamily', '/cents']])
  const id = await made(api.call('POST', '/v1/titles', {}, { ...old, heading: 'Only once' }))
  const twice = await api.call('POST', '/v1/titles', {}, { ...old, heading: 'Only once' })
  assert.deepEqual([twice.status, pointers(twice)], [409, ['/heading']])
  assert.match(JSON.parse(twice.text).detail, /“heading”/)
  const patched = await api.call('PATCH', `/v1/titles/${id}`, merge, { heading: 'Forbidden' })
  assert.deepEqual(pointers(patched), ['/heading', '/authorFamily', '/cents'])
  const many = await api.call('PATCH', '/v1/titles', {}, [{ id, authorGiven: '' }])
  assert.deepEqual([many.status, pointers(many)], [400, ['/0/authorGiven']])
})

test('what the newest does not take is refused at the old member', async () => {
  const reader = await made(
    api.call('POST', '/v1/readers', {}, { firstName: 'Anna', lastName: 'K', address: { city: 'Hue' } }),
  )
  assert.deepEqual((({ name, city }) => ({ name, city }))(await json(`/readers/${reader}`)), {
    name: 'Anna K',
    city: 'Hue',
  })
  const { status, text } = await api.call('PATCH', `/v1/readers/${reader}`, merge, { firstName: 'x'.repeat(30) })
  assert.deepEqual([status, JSON.parse(text).errors[0].pointer], [400, '/firstName'])
})

test('services: input, output, query and name', async () => {
  const { status, text } = await api.call('GET', '/v1/estimate?leaves=12&discount=2.00')
  assert.deepEqual([status, JSON.parse(text)], [200, { total: '10.00', currency: 'EUR' }])
  const refused = await api.call('GET', '/v1/estimate?leaves=0')
  assert.deepEqual([refused.status, JSON.parse(refused.text).errors[0].parameter], [400, 'leaves'])
  const unknown = await api.call('GET', '/v1/estimate?pages=1')
  assert.equal(JSON.parse(unknown.text).errors[0].parameter, 'pages')
  for (const root of ['/v1', '/v2']) {
    const bought = await api.call('POST', `${root}/purchase?remark=soon`, {}, { title: 'T', copies: 2 })
    assert.deepEqual([bought.status, bought.json()], [200, { book: 'T', copies: 2, note: 'soon' }])
  }
  const wrong = await api.call('POST', '/v1/purchase', {}, { title: 'T', copies: 10 })
  assert.deepEqual([wrong.status, JSON.parse(wrong.text).errors[0].pointer], [400, '/copies'])
})

describe('a retired version', () => {
  for (const [path, fields] of [
    ['/v0/books', {}],
    ['/v0/whatever/it/was', {}],
    ['/v0', {}],
    ['/books', { 'api-version': '0' }],
    ['/books?v=0', {}],
  ] as const)
    test(`GET ${path} ${JSON.stringify(fields)}`, async () => {
      const answer = await api.call('GET', path, fields)
      const { code, successor, changelog } = JSON.parse(answer.text)
      assert.deepEqual([answer.status, code, answer.fields['api-version']], [410, 'version-retired', '0'])
      assert.match(successor, /^http:\/\/127\.0\.0\.1:\d+\/v3/)
      assert.match(changelog, /\/changelog#v0$/)
      assert.match(answer.fields.link ?? '', /rel="successor-version"/)
    })

  test('the page of the problem leads to the changelog and to the successor', async () => {
    const { text } = await api.call('GET', '/problems/version-retired', { accept: 'text/html' })
    assert.match(text, /href="\/changelog#v0"/)
    assert.match(text, /href="http:\/\/127\.0\.0\.1:\d+\/v3"/)
  })

  test('the entry point lists what is served', async () => {
    const { versions } = await json('/')
    assert.deepEqual(
      versions.map(({ version, status }: Record<string, string>) => `${version} ${status}`),
      ['3 current', '2 deprecated', '1 deprecated'],
    )
  })

  test('404 names what is served', async () => {
    assert.deepEqual((await json('/v9/books')).versions, ['3', '2', '1'])
  })
})

test('random writes through one version are read alike in all', async () => {
  const word = (max: number) => fc.string({ unit: fc.constantFrom(...'abc XYZ,"=é'), minLength: 1, maxLength: max })
  const oldBook = fc.record(
    {
      authorGiven: word(30),
      authorFamily: word(30),
      cents: fc.integer({ min: 0, max: 999_900 }),
      kind: fc.integer({ min: 1, max: 3 }),
      pages: fc.integer({ min: 1, max: 10_000 }),
      place: fc.record({ shelf: fc.option(word(10)) }, { noNullPrototype: true }),
    },
    { noNullPrototype: true },
  )
  const runs = process.env.COMITY_LONG ? 1000 : 25
  await fc.assert(
    fc.asyncProperty(oldBook, oldBook, async (first, second) => {
      const id = await made(api.call('POST', '/v1/titles', {}, { heading: `Random ${++count}`, ...first }))
      const pick = (whole: Record<string, unknown>, like: object) =>
        Object.fromEntries(Object.keys(like).map(name => [name, whole[name]]))
      assert.deepEqual(pick(await json(`/v1/titles/${id}`), first), first)
      const newest = await json(`/books/${id}`)
      assert.deepEqual(newest.author, { given: first.authorGiven, family: first.authorFamily })
      assert.equal(newest.price, (first.cents / 100).toFixed(2))
      assert.equal((await api.call('PUT', `/books/${id}`, {}, newest)).status, 200)
      const middle = await json(`/v2/books/${id}`)
      assert.equal((await api.call('PUT', `/v2/books/${id}`, {}, middle)).status, 200)
      assert.deepEqual(await json(`/books/${id}`), newest)
      assert.equal((await api.call('PATCH', `/v1/titles/${id}`, merge, second)).status, 200)
      assert.deepEqual(pick(await json(`/v1/titles/${id}`), second), second)
    }),
    { numRuns: runs, ...(process.env.COMITY_SEED && { seed: Number(process.env.COMITY_SEED) }) },
  )
})
