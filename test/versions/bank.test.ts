// The bank's version 1 beside version 2: every method in every format, over a socket.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openAccount, serving, startBank } from '../support/bank.ts'

const bank = serving(startBank)
const merge = { 'content-type': 'application/merge-patch+json' }
const jsonPatch = { 'content-type': 'application/json-patch+json' }
const newTitle = { type: 'current', title: 'Through v1', currency: 'EUR' }

const inV1 = (path: string) => `/v1${path}`

test('an item is read in the words of either version', async () => {
  const { path, item } = await openAccount(bank, { name: 'Two names' })
  const { name, balance, ...same } = item
  const old = { ...same, title: name, balance: { amount: balance, currency: item.currency } }
  assert.deepEqual((await bank.call('GET', inV1(path))).json(), old)
  assert.deepEqual((await bank.call('GET', path, { 'api-version': '1' })).json(), old)
  assert.deepEqual((await bank.call('GET', `${path}?v=1`)).json(), old)
  for (const newest of [path, `/v2${path}`, `${path}?v=2`])
    assert.deepEqual((await bank.call('GET', newest)).json(), item)
})

test('path, then field, then word: the first that is there is meant', async () => {
  const { path } = await openAccount(bank)
  const rows = [
    ['/v1', '', {}, '1'],
    ['/v1', '?v=2', { 'api-version': '2' }, '1'],
    ['/v2', '?v=1', { 'api-version': '1' }, '2'],
    ['', '?v=1', {}, '1'],
    ['', '?v=1', { 'api-version': '2' }, '2'],
    ['', '?v=2', { 'api-version': '1' }, '1'],
    ['', '', { 'api-version': '1' }, '1'],
    ['', '', {}, '2'],
  ] as const
  for (const [before, query, fields, version] of rows) {
    const { status, fields: told, text } = await bank.call('GET', `${before}${path}${query}`, fields)
    const about = `${before}${query} ${JSON.stringify(fields)}`
    assert.deepEqual([status, told['api-version'], text.includes('"title"')], [200, version, version === '1'], about)
    assert.equal(told.vary?.includes('api-version') ?? false, before === '', about)
  }
})

test('what is kept of one version is not sent for another', async () => {
  const { path } = await openAccount(bank)
  for (let round = 0; round < 3; round++)
    for (const version of ['1', '2']) {
      const { text, fields } = await bank.call('GET', path, { 'api-version': version })
      assert.deepEqual([text.includes('"title"'), fields['api-version']], [version === '1', version])
    }
})

test('every format shows the old members, in the old order', async () => {
  const { path } = await openAccount(bank, { name: 'In formats' })
  const [csv, xml, ndjson] = await Promise.all(
    ['csv', 'xml', 'ndjson'].map(format => bank.call('GET', `/v1${path}.${format}`)),
  )
  assert.match(csv?.text ?? '', /^id,type,title,currency,balance,createdAt,updatedAt\r?\n/)
  assert.match(
    xml?.text ?? '',
    /<title>In formats<\/title><currency>EUR<\/currency><balance><amount>0.00<\/amount><currency>EUR<\/currency><\/balance>/,
  )
  assert.deepEqual(JSON.parse(ndjson?.text ?? '').balance, { amount: '0.00', currency: 'EUR' })
})

test('fields, sort and filters are those of the version', async () => {
  const list = async (query: string) => (await bank.call('GET', `/v1/accounts?${query}`)).json()
  assert.deepEqual(Object.keys((await list('fields=balance,title&limit=1'))[0]), ['title', 'balance'])
  const titles = (await list('sort=-title&limit=all&fields=title')).map(({ title }: { title: string }) => title)
  assert.ok(titles.length > 10)
  assert.deepEqual(titles, titles.toSorted().toReversed())
  const rich = await list('balance.amount.gte=3000&sort=balance.amount&limit=all&title.like=H*')
  assert.ok(rich.length > 0)
  for (const { title, balance } of rich) assert.ok(title.startsWith('H') && Number(balance.amount) >= 3000)
  const plain = (await bank.call('GET', '/accounts?balance.gte=3000&sort=balance&limit=all&name.like=H*')).json()
  assert.deepEqual(
    rich.map(({ id }: { id: string }) => id),
    plain.map(({ id }: { id: string }) => id),
  )
})

test('words of another version are not known', async () => {
  for (const [path, word] of [
    ['/v1/accounts?name=x', 'name'],
    ['/v1/accounts?sort=name', 'sort'],
    ['/v1/accounts?fields=name', 'fields'],
    ['/v1/accounts?balance.gte=1', 'balance.gte'],
    ['/accounts?title=x', 'title'],
    ['/accounts?balance.amount=1', 'balance.amount'],
  ] as const) {
    const { status, text } = await bank.call('GET', path)
    assert.deepEqual([status, JSON.parse(text).errors[0].parameter], [400, word], path)
  }
})

test('pages and their links stay in the version', async () => {
  const seen = new Set<string>()
  let next = '/v1/accounts?limit=7&sort=title&fields=id,title&type=savings'
  while (next !== '') {
    const { fields, text, status } = await bank.call('GET', next)
    assert.equal(status, 200, next)
    for (const { id } of JSON.parse(text)) seen.add(id)
    next = /<([^>]*)>; rel="next"/.exec(fields.link ?? '')?.[1] ?? ''
    assert.ok(next === '' || next.startsWith('/v1/accounts?'), next)
  }
  assert.equal(seen.size, (await bank.call('GET', '/accounts?type=savings&limit=all')).json().length)
})

test('a QUERY asks in the words of the version', async () => {
  const question = { 'balance.amount.gte': 100, fields: ['id', 'title'], sort: ['-title'], limit: 3 }
  const { status, text } = await bank.call('QUERY', '/v1/accounts', {}, question)
  assert.equal(status, 200)
  assert.deepEqual(Object.keys(JSON.parse(text)[0]), ['id', 'title'])
  const refused = await bank.call('QUERY', '/v1/accounts', {}, { name: 'x' })
  assert.deepEqual([refused.status, JSON.parse(refused.text).errors[0].pointer], [400, '/name'])
})

test('each write answers, and is seen by both', async () => {
  const made = await bank.call('POST', '/v1/accounts', {}, newTitle)
  assert.equal(made.status, 201)
  const path = made.fields.location ?? ''
  assert.match(path, /^\/v1\/accounts\//)
  assert.equal(made.fields['content-location'], path)
  const newest = path.replace('/v1', '')
  const name = async () => (await bank.call('GET', newest)).json().name
  assert.equal(await name(), 'Through v1')
  const put = await bank.call('PUT', path, {}, { ...made.json(), title: 'Put' })
  assert.deepEqual([put.status, put.json().title, await name()], [200, 'Put', 'Put'])
  const merged = await bank.call('PATCH', path, merge, { title: 'Merged' })
  assert.deepEqual([merged.status, merged.json().title, await name()], [200, 'Merged', 'Merged'])
  const steps = [
    { op: 'test', path: '/balance/amount', value: '0.00' },
    { op: 'replace', path: '/title', value: 'Patched' },
  ]
  const patched = await bank.call('PATCH', path, jsonPatch, steps)
  assert.deepEqual([patched.status, patched.json().title, await name()], [200, 'Patched', 'Patched'])
  assert.equal((await bank.call('DELETE', path)).status, 204)
  assert.equal((await bank.call('GET', newest)).status, 410)
})

test('what a version shows and callers do not write may be sent back as it was, in its own form', async () => {
  const made = await bank.call('POST', '/v1/accounts', {}, newTitle)
  const path = made.fields.location ?? ''
  const same = await bank.call('PATCH', path, merge, { balance: { currency: 'EUR', amount: '0' } })
  assert.deepEqual([same.status, same.fields.etag], [200, made.fields.etag])
  const other = await bank.call('PATCH', path, merge, { balance: { amount: '5.00' } })
  assert.deepEqual([other.status, JSON.parse(other.text).errors[0].pointer], [400, '/balance'])
  const created = await bank.call(
    'POST',
    '/v1/accounts',
    {},
    { ...newTitle, balance: { amount: '0.00', currency: 'EUR' } },
  )
  assert.deepEqual([created.status, JSON.parse(created.text).errors[0].pointer], [400, '/balance'])
})

test('problems name what the caller sent', async () => {
  const made = await bank.call('POST', '/v1/accounts', {}, newTitle)
  const path = made.fields.location ?? ''
  const rows = [
    ['POST', '/v1/accounts', {}, { ...newTitle, title: '' }, '/title'],
    ['POST', '/v1/accounts', {}, { type: 'current', name: 'x', currency: 'EUR' }, '/name'],
    ['POST', '/v1/accounts', {}, [newTitle, { ...newTitle, title: '' }], '/1/title'],
    ['PUT', path, {}, { ...newTitle, title: 'x'.repeat(81) }, '/title'],
    ['PATCH', path, merge, { title: '' }, '/title'],
    ['PATCH', path, merge, { name: 'x' }, '/name'],
    ['PATCH', '/v1/accounts', {}, [{ id: made.json().id, title: '' }], '/0/title'],
    ['POST', '/v1/accounts', { 'content-type': 'text/csv' }, 'type,title,currency\ncurrent,,EUR\n', '/title'],
  ] as const
  for (const [method, target, fields, body, pointer] of rows) {
    const { status, text, fields: told } = await bank.call(method, target, fields, body)
    assert.deepEqual([status, JSON.parse(text).errors?.[0].pointer], [400, pointer], `${method} ${target} ${text}`)
    assert.ok(told['api-version'] === '1' && told.deprecation && told.sunset && told.link, `${method} ${target}`)
  }
})

test('many at once: bulk, parts, imports in every format', async () => {
  const csv = 'type,title,currency\r\ncurrent,Row 1,EUR\r\nsavings,Row 2,USD\r\n'
  const xml = '<accounts><account><type>current</type><title>X</title><currency>EUR</currency></account></accounts>'
  const imports = [
    ['text/csv', csv],
    ['application/x-ndjson', `${JSON.stringify(newTitle)}\n`],
    ['application/xml', xml],
    ['application/json', JSON.stringify([newTitle])],
  ] as const
  for (const [type, content] of imports) {
    const { status, text } = await bank.call('POST', '/v1/accounts', { 'content-type': type }, content)
    assert.deepEqual([status, typeof JSON.parse(text)[0].title], [201, 'string'], type)
  }
  const lenient = { prefer: 'handling=lenient' }
  const { status, text } = await bank.call('POST', '/v1/accounts', lenient, [newTitle, { ...newTitle, title: '' }])
  const [done, refused] = JSON.parse(text)
  assert.deepEqual([status, done.status, refused.status], [207, 201, 400])
  assert.match(done.location, /^\/v1\/accounts\//)
  assert.match(done.etag, /-json\.v1"$/)
  assert.equal(refused.problem.errors[0].pointer, '/1/title')
})

test('ETags differ by version, and are good for preconditions across them', async () => {
  const { path } = await openAccount(bank)
  const tag = async (at: string) => (await bank.call('GET', at)).fields.etag ?? ''
  const [one, two] = [await tag(`/v1${path}`), await tag(path)]
  assert.match(one, /^"[0-9a-z]+-json\.v1"$/)
  assert.match(two, /^"[0-9a-z]+-json"$/)
  assert.equal((await bank.call('GET', `/v1${path}`, { 'if-none-match': one })).status, 304)
  assert.equal((await bank.call('GET', `/v1${path}`, { 'if-none-match': two })).status, 200)
  assert.equal((await bank.call('GET', path, { 'if-none-match': one })).status, 200)
  assert.equal((await bank.call('PATCH', path, { ...merge, 'if-match': one }, { name: 'A' })).status, 200)
  assert.equal((await bank.call('PATCH', path, { ...merge, 'if-match': one }, { name: 'B' })).status, 412)
  const next = await tag(path)
  assert.equal((await bank.call('PATCH', `/v1${path}`, { ...merge, 'if-match': next }, { title: 'C' })).status, 200)
  assert.equal((await bank.call('PATCH', `/v1${path}`, { ...merge, 'if-match': next }, { title: 'D' })).status, 412)
})

test('one key, two versions: two requests', async () => {
  const key = { 'idempotency-key': '"across"' }
  const first = await bank.call('POST', '/accounts', key, { type: 'current', name: 'K', currency: 'EUR' })
  const again = await bank.call(
    'POST',
    '/accounts',
    { ...key, 'api-version': '2' },
    { type: 'current', name: 'K', currency: 'EUR' },
  )
  assert.deepEqual([first.status, again.status, again.fields['idempotency-replayed']], [201, 201, 'true'])
  const other = await bank.call(
    'POST',
    '/accounts',
    { ...key, 'api-version': '1' },
    { type: 'current', name: 'K', currency: 'EUR' },
  )
  assert.notEqual(other.status, 201)
})

test('a job speaks the version it was asked in', async () => {
  const asked = { prefer: 'respond-async, wait=10', 'api-version': '1' }
  const { status, fields, text } = await bank.call('POST', '/accounts', asked, newTitle)
  assert.deepEqual([status, fields['api-version'], JSON.parse(text).title], [201, '1', 'Through v1'])
})

test('every answer says its version; those of a deprecated one say that it goes', async () => {
  const { path } = await openAccount(bank)
  const rows = [
    ['GET', '/accounts', {}],
    ['HEAD', path, {}],
    ['GET', path, { 'if-none-match': '*' }],
    ['OPTIONS', '/accounts', {}],
    ['GET', '/nothing', {}],
    ['GET', '/accounts/none', {}],
    ['TRACE', '/accounts', {}],
    ['GET', '/accounts/', {}],
    ['GET', '/accounts?limit=all', {}],
    ['GET', '/openapi.json', {}],
    ['GET', '/docs', {}],
    ['GET', '/problems/gone', {}],
    ['GET', '/livez', {}],
    ['GET', '/jobs', {}],
    ['GET', '/convert?from=EUR&to=CNY&amount=1', {}],
  ] as const
  for (const [method, target, fields] of rows)
    for (const [root, version] of [
      ['', '2'],
      ['/v1', '1'],
      ['/v2', '2'],
    ] as const) {
      const answer = await bank.call(method, root + target, fields)
      const about = `${method} ${root}${target}: ${answer.status}`
      assert.equal(answer.fields['api-version'], version, about)
      assert.equal(answer.fields.deprecation, version === '1' ? '@1782864000' : undefined, about)
      assert.equal(answer.fields.sunset, version === '1' ? 'Sat, 01 Jul 2028 00:00:00 GMT' : undefined, about)
      assert.equal(answer.fields.link?.includes('rel="successor-version"') ?? false, version === '1', about)
    }
  const { fields } = await bank.call('GET', `/v1${path}`)
  const end = `, </v2${path}>; rel="successor-version", </changelog#v1>; rel="deprecation", </changelog#v1>; rel="sunset"`
  assert.equal(fields.link?.slice(-end.length), end)
})

test('a version that never was is 404 and tells which are', async () => {
  const { status, text } = await bank.call('GET', '/accounts', { 'api-version': '7' })
  const { code, versions } = JSON.parse(text)
  assert.deepEqual([status, code, versions], [404, 'version-unknown', ['2', '1']])
})

test('the changelog tells what changed, for people and for programs', async () => {
  const { versions } = (await bank.call('GET', '/changelog')).json()
  assert.deepEqual(
    versions.map(({ version, status }: Record<string, string>) => [version, status]),
    [
      ['2', 'current'],
      ['1', 'deprecated'],
    ],
  )
  assert.deepEqual(versions[1].changes[0].changes[0], '`title` is now `name`.')
  const page = await bank.call('GET', '/changelog', { accept: 'text/html' })
  assert.match(page.text, /id="v1"[\s\S]*<code>title<\/code> is now <code>name<\/code>/)
})
