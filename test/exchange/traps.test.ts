// Faults that respected servers really had: one test for each, named after it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { collection, defineApi, text } from '@comity/server'
import { openAccount, serving, startApi, startBank } from '../support/bank.ts'
import library from '../support/library.ts'

const bank = serving(startBank)
const shelf = serving(() => startApi(library))

const asked: string[] = []
const watched = collection({
  fields: { name: text() },
  check: ({ name }) => void asked.push(`check ${name}`),
  created: ({ name }) => void asked.push(`created ${name}`),
  changed: ({ name }) => void asked.push(`changed ${name}`),
  removed: ({ name }) => void asked.push(`removed ${name}`),
})
const watch = serving(() => startApi(defineApi({ title: 'Watched', resources: { things: watched } })))

const accepts: readonly (readonly [trap: string, accept: string, status: number, type?: string])[] = [
  ['q=0 read as 1', 'application/json;q=0, application/xml;q=0.1', 200, 'application/xml; charset=utf-8'],
  ['q=0 read as 1, behind a wildcard', '*/*, application/json;q=0', 200, 'application/xml; charset=utf-8'],
  ['q=0.0 read as 1', 'application/json;q=0.000, text/csv', 200, 'text/csv; charset=utf-8; header=present'],
  ['q=0 of a wildcard read as 1', '*/*;q=0', 406],
  ['*/* ignored', 'image/webp, */*;q=0.1', 200, 'application/json'],
  ['type/* ignored', 'text/*', 200, 'text/csv; charset=utf-8; header=present'],
  ['the general range over the special one', 'application/*;q=0.9, application/json;q=0.1, text/csv;q=0.5', 200],
  [
    'the first named instead of the best',
    'application/json;q=0.1, application/xml',
    200,
    'application/xml; charset=utf-8',
  ],
  ['406 never answered', 'image/png', 406],
  ['406 never answered, to what is almost a format', 'application/jsonp', 406],
  ['a comma in a quoted parameter splits the list', 'image/png;a="x,application/json", text/csv;q=0.1', 200],
]

for (const [trap, accept, status, type] of accepts)
  test(`${trap}: Accept: ${accept}`, async () => {
    const { fields, status: got } = await bank.call('GET', '/accounts?limit=1', { accept })
    assert.equal(got, status)
    if (type) assert.equal(fields['content-type'], type)
    if (trap.startsWith('a comma')) assert.match(fields['content-type'] ?? '', /^text\/csv/)
    if (trap.startsWith('the general')) assert.match(fields['content-type'] ?? '', /^application\/xml/)
  })

test('406 lists alternatives, and each of them is there', async () => {
  const { path } = await openAccount(bank)
  const refused = await bank.call('GET', path, { accept: 'image/png' })
  assert.equal(refused.status, 406)
  const { available } = refused.json()
  assert.ok(available.length >= 3)
  for (const { type, href } of available) {
    const { status, fields } = await bank.call('GET', href)
    assert.deepEqual([status, fields['content-type']?.split(';')[0]], [200, type])
  }
})

test('If-None-Match compared as one string', async () => {
  const { path, etag } = await openAccount(bank)
  for (const list of [`"x", ${etag}`, `${etag}, "x"`, `"x",${etag},"y"`, `W/"x"\t,\t${etag}`, `,,${etag},`])
    assert.equal((await bank.call('GET', path, { 'if-none-match': list })).status, 304, list)
})

test('lists split on commas inside quotes', async () => {
  const { path, etag } = await openAccount(bank)
  const opaque = etag.slice(1, -1)
  for (const list of [`"x,${opaque},y"`, `"${opaque},"`, `",${opaque}"`]) {
    assert.equal((await bank.call('GET', path, { 'if-none-match': list })).status, 200, list)
    assert.equal((await bank.call('DELETE', path, { 'if-match': list })).status, 412, list)
  }
  assert.equal((await bank.call('GET', path, { 'if-none-match': `"a,b", ${etag}` })).status, 304)
})

test('* not matched', async () => {
  const { path, item } = await openAccount(bank)
  const body = { type: item.type, name: 'New', currency: item.currency }
  assert.equal((await bank.call('GET', path, { 'if-none-match': '*' })).status, 304)
  assert.equal((await bank.call('PUT', path, { 'if-none-match': '*' }, body)).status, 412)
  assert.equal((await bank.call('PUT', path, { 'if-match': '*' }, body)).status, 200)
})

test('304 for a method other than GET and HEAD', async () => {
  const { path, etag } = await openAccount(bank)
  for (const [method, body] of [['PUT', {}], ['PATCH', { name: 'New' }], ['DELETE']] as const) {
    const { status } = await bank.call(method, path, { 'if-none-match': etag }, body)
    assert.notEqual(status, 304, method)
    assert.ok(status === 412 || (method === 'PUT' && status === 400), `${method}: ${status}`)
  }
  const changed = await bank.call('PATCH', path, { 'if-modified-since': new Date().toUTCString() }, { name: 'New' })
  assert.equal(changed.status, 200)
})

test('304 for a failed If-Match', async () => {
  const { path } = await openAccount(bank)
  for (const method of ['GET', 'HEAD'])
    assert.equal((await bank.call(method, path, { 'if-match': '"x"' })).status, 412, method)
})

test('the ETag of a filtered representation refused in If-Match', async () => {
  const { path } = await openAccount(bank)
  for (const view of ['?fields=id,name', '?fields=balance', '.csv', '.xml?fields=name', '']) {
    const { etag } = (await bank.call('GET', path + view)).fields
    const { status } = await bank.call('PATCH', path, { 'if-match': etag }, { name: `Seen as ${view}` })
    assert.equal(status, 200, view)
    const again = await bank.call('PATCH', path, { 'if-match': etag }, { name: 'Too late' })
    assert.equal(again.status, 412, `${view}, after the change`)
  }
})

test('the ETag of a page of a list refused in If-Match', async () => {
  const { etag } = (await bank.call('GET', '/rates?fields=id&sort=-rate&limit=2&offset=1')).fields
  const { status } = await bank.call('PATCH', '/rates', { 'if-match': etag }, [{ id: 'EUR-CNY', rate: '8.2' }])
  assert.equal(status, 200)
})

test('one ETag for two different bodies', async () => {
  const { path } = await openAccount(bank)
  const bodies = new Map<string, string>()
  for (const view of ['', '.xml', '.csv', '?fields=id', '?fields=name', '?fields=id,name', '.csv?fields=id'])
    for (const coding of ['identity', 'gzip', 'br', 'zstd', 'gzip;q=0, *'])
      for (const accept of ['application/json', 'application/xml']) {
        const answer = await bank.call('GET', path + view, { 'accept-encoding': coding, accept })
        const { etag = '', 'content-encoding': encoded = 'identity' } = answer.fields
        const sent = `${encoded}: ${answer.text}`
        assert.equal(bodies.get(etag) ?? sent, sent, etag)
        bodies.set(etag, sent)
      }
  assert.equal(new Set(bodies.values()).size, bodies.size)
})

test('If-None-Match and If-Match evaluated after the handler did its work', async () => {
  const made = await watch.call('POST', '/things', {}, { name: 'one' })
  const path = made.fields.location ?? ''
  const { etag = '' } = made.fields
  asked.length = 0
  const rows = [
    ['PUT', path, { 'if-none-match': '*' }, { name: 'two' }],
    ['PUT', path, { 'if-none-match': etag }, { name: 'two' }],
    ['PUT', path, { 'if-match': '"x"' }, { name: 'two' }],
    ['PATCH', path, { 'if-match': '"x"' }, { name: 'two' }],
    ['DELETE', path, { 'if-match': '"x"' }, undefined],
    ['DELETE', '/things', { 'if-match': '"x"' }, undefined],
    ['DELETE', '/things?name=one', { 'if-none-match': '*' }, undefined],
    ['POST', '/things', { 'if-match': '"x"' }, { name: 'two' }],
    ['PATCH', '/things', { 'if-match': '"x"' }, [{ id: made.json().id, name: 'two' }]],
  ] as const
  for (const [method, target, fields, body] of rows)
    assert.equal((await watch.call(method, target, fields, body)).status, 412, `${method} ${JSON.stringify(fields)}`)
  assert.deepEqual(asked, [])
  assert.equal((await watch.call('PATCH', path, { 'if-match': etag }, { name: 'two' })).status, 200)
  assert.deepEqual(asked, ['check two', 'changed two'])
})

test('merge-patch unable to set null or to remove a member', async () => {
  const author = await shelf.call('POST', '/authors', {}, { name: 'Le Guin' })
  const book = { title: 'A', year: 1974, notes: { keep: 1, drop: 2, deep: { drop: 3, list: [null, 1] } } }
  const made = await shelf.call('POST', `${author.fields.location}/books`, {}, book)
  const path = made.fields.location ?? ''
  const patch = { year: null, notes: { drop: null, deep: { drop: null, list: [null] }, 'not there': null } }
  const type = { 'content-type': 'application/merge-patch+json' }
  const patched = await shelf.call('PATCH', path, type, patch)
  assert.equal(patched.status, 200)
  const { title, year, notes } = (await shelf.call('GET', path)).json()
  assert.deepEqual({ title, year, notes }, { title: 'A', year: null, notes: { keep: 1, deep: { list: [null] } } })
  const emptied = await shelf.call('PATCH', path, type, { notes: null })
  assert.equal(emptied.json().notes, null)
  const refused = await shelf.call('PATCH', path, type, { title: null })
  assert.equal(refused.status, 400)
  assert.equal(refused.json().errors[0].pointer, '/title')
})

test('a Range answered with a part that is not what was asked for', async () => {
  const { path, etag, item } = await openAccount(bank)
  const whole = JSON.stringify(item)
  const tiny = Array.from({ length: 1000 }, (_, index) => `${index * 2}-${index * 2}`)
  const rows: readonly (readonly [range: string, ifRange: string, status: number, contentRange?: string])[] = [
    ['bytes=0-4', etag, 206, `bytes 0-4/${whole.length}`],
    ['bytes=999999-', etag, 416, `bytes */${whole.length}`],
    ['bytes=0-4', `W/${etag}`, 200],
    ['bytes=0-4', '"x"', 200],
    ['bytes=999999-', '"x"', 200],
    ['items=0-1', etag, 200],
    ['bytes=0-9,5-14,8-20', etag, 200],
    [`bytes=${tiny.join()}`, etag, 200],
  ]
  for (const [range, ifRange, status, contentRange] of rows) {
    const answer = await bank.call('GET', path, { range, 'if-range': ifRange })
    assert.deepEqual([answer.status, answer.fields['content-range']], [status, contentRange], range)
    if (status < 300) assert.equal(answer.text, status === 200 ? whole : whole.slice(0, 5))
  }
  const several = await bank.call('GET', path, { range: 'bytes=0-0,5-6' })
  assert.match(several.fields['content-type'] ?? '', /^multipart\/byteranges; boundary=[0-9a-f]{48}$/)
  assert.equal(several.fields['content-range'], undefined)
})
