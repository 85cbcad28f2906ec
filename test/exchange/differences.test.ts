// RFC 3229 over a socket: what changed, to who says what they have.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { collection, defineApi, integer, optional, text } from '@comity/server'
import fc from 'fast-check'
import Type from 'typebox'
import { applyJsonPatch } from '../../packages/server/src/content/json-patch.ts'
import { serving, startApi } from '../support/bank.ts'
import type { Fields } from '../support/call.ts'

const fields = {
  title: text({ max: 200 }),
  stock: optional(integer()),
  about: optional(Type.Record(Type.String(), Type.Unknown())),
  tags: optional(Type.Array(Type.String())),
}
const shop = serving(() =>
  startApi(
    defineApi({
      title: 'Shop',
      limits: { history: 200_000 },
      resources: {
        products: collection({ fields, history: 'kept', cacheControl: { visibility: 'public', maxAge: 60 } }),
        plains: collection({ fields }),
      },
    }),
  ),
)

const about = 'a text that is long enough for a patch to be shorter than all of it '.repeat(2)

async function opened(path = '/products', members: Readonly<Record<string, unknown>> = {}) {
  const made = await shop.call('POST', path, {}, { title: about, stock: 1, ...members })
  assert.equal(made.status, 201, made.text)
  return { path: made.fields.location ?? '', etag: made.fields.etag ?? '', item: made.json() }
}

const ask = (path: string, etag: string | undefined, more: Fields = {}) =>
  shop.call('GET', path, { 'a-im': 'json-patch', 'if-none-match': etag, ...more })

test('the patch from what one has to what there is', async () => {
  const { path, etag, item } = await opened()
  const changed = await shop.call('PATCH', path, {}, { stock: 2, tags: ['new'] })
  const answer = await ask(path, etag)
  assert.equal(answer.status, 226)
  const { im, 'delta-base': base, 'content-type': type, 'cache-control': control, vary } = answer.fields
  assert.deepEqual([im, base, type, control], ['json-patch', etag, 'application/json-patch+json', 'no-store'])
  assert.equal(answer.fields.etag, changed.fields.etag)
  assert.ok(vary?.split(', ').includes('a-im'))
  assert.equal(answer.fields['content-length'], String(Buffer.byteLength(answer.text)))
  const whole = await shop.call('GET', path)
  assert.ok(answer.text.length < whole.text.length)
  assert.deepEqual(applyJsonPatch(item, answer.json()), { kind: 'ok', value: whole.json() })
  assert.equal(whole.fields['cache-control'], 'public, max-age=60')
  assert.ok(whole.fields.vary?.split(', ').includes('a-im'), 'what was answered depended on A-IM')
  assert.equal((await ask(path, answer.fields.etag)).status, 304)
})

test('of several states that one has, one that is known will do; each was read or written', async () => {
  const { path, etag } = await opened()
  await shop.call('PATCH', path, {}, { stock: 2 })
  const second = await shop.call('GET', path)
  await shop.call('PUT', path, {}, { title: about, stock: 3 })
  const answer = await ask(path, `"gone", ${second.fields.etag}, ${etag}`)
  assert.deepEqual([answer.status, answer.fields['delta-base']], [226, second.fields.etag])
  const first = await ask(path, etag)
  assert.deepEqual([first.status, first.fields['delta-base']], [226, etag])
})

const whole: readonly (readonly [name: string, fields: Fields])[] = [
  ['without A-IM', { 'a-im': undefined }],
  ['another manipulation', { 'a-im': 'vcdiff, gzip' }],
  ['one that is refused', { 'a-im': 'json-patch;q=0' }],
  ['without If-None-Match', { 'if-none-match': undefined }],
  ['a state that never was', { 'if-none-match': '"x-json"' }],
  ['a weak tag', { 'if-none-match': 'W/"1-json"' }],
  ['another format', { accept: 'application/xml' }],
]

for (const [name, more] of whole)
  test(`the whole: ${name}`, async () => {
    const { path, etag } = await opened()
    await shop.call('PATCH', path, {}, { stock: 2 })
    const answer = await ask(path, etag, more)
    assert.deepEqual([answer.status, answer.fields.im], [200, undefined])
  })

test('the whole: of HEAD, of another view, of a collection that keeps no history, where a patch is no shorter', async () => {
  const { path, etag } = await opened()
  await shop.call('PATCH', path, {}, { stock: 2 })
  const head = { 'a-im': 'json-patch', 'if-none-match': etag }
  assert.equal((await shop.call('HEAD', path, head)).status, 200)
  assert.equal((await ask(`${path}?fields=id,stock`, etag)).status, 200)
  const plain = await opened('/plains')
  await shop.call('PATCH', plain.path, {}, { stock: 2 })
  const answer = await ask(plain.path, plain.etag)
  assert.equal(answer.status, 200)
  assert.ok(!answer.fields.vary?.includes('a-im'))
  await shop.call('PUT', path, {}, { title: 'x'.repeat(90), stock: 5, about: { all: 'new' }, tags: ['a'] })
  const short = await opened('/products', { title: 'x' })
  await shop.call('PUT', short.path, {}, { title: 'y', tags: ['all', 'of', 'it', 'is', 'new'], about: { yes: true } })
  assert.equal((await ask(short.path, short.etag)).status, 200)
})

test('each view has its own history', async () => {
  const { path } = await opened()
  const before = await shop.call('GET', `${path}?fields=title,stock`)
  await shop.call('PATCH', path, {}, { stock: 2 })
  const answer = await ask(`${path}?fields=title,stock`, before.fields.etag)
  assert.equal(answer.status, 226)
  assert.deepEqual(answer.json(), [{ op: 'replace', path: '/stock', value: 2 }])
})

test('what was tried and not done is no state', async () => {
  const { path, etag } = await opened()
  await shop.call('PATCH', path, { prefer: 'dry-run' }, { stock: 77 })
  await shop.call('PATCH', path, {}, { stock: 2 })
  const answer = await ask(path, etag)
  assert.deepEqual(
    answer.json().filter((operation: { path: string }) => operation.path === '/stock'),
    [{ op: 'replace', path: '/stock', value: 2 }],
  )
})

test('a client that compresses gets the same difference', async () => {
  const { path } = await opened('/products', { about: { text: about.repeat(30) } })
  const coded = await shop.call('HEAD', path, { 'accept-encoding': 'gzip' })
  await shop.call('PATCH', path, {}, { stock: 2 })
  const answer = await ask(path, coded.fields.etag, { 'accept-encoding': 'gzip' })
  assert.deepEqual([answer.status, answer.fields['delta-base']], [226, coded.fields.etag])
  assert.equal((await ask(path, coded.fields.etag, { 'accept-encoding': 'gzip, identity;q=0' })).status, 200)
})

test('memory is bounded: what is too long ago is the whole again', async () => {
  const { path, etag } = await opened()
  for (let at = 0; at < 500; at++) await shop.call('PATCH', path, {}, { stock: at + 10 })
  assert.equal((await ask(path, etag)).status, 200)
  const { fields: now } = await shop.call('GET', path)
  await shop.call('PATCH', path, {}, { stock: 1 })
  assert.equal((await ask(path, now.etag)).status, 226)
})

test('random writes: the patches lead to what there is', async () => {
  const scalar = fc.oneof(fc.string({ maxLength: 5 }), fc.integer({ min: -9, max: 9 }), fc.constant(null))
  const change = fc.record(
    {
      stock: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 99 })),
      tags: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 }),
      about: fc.dictionary(fc.constantFrom('a', 'b/c', 'd~e'), fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }))),
    },
    { requiredKeys: [] },
  )
  let differences = 0
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async changes => {
      const { path, etag, item } = await opened()
      for (const members of changes)
        assert.equal((await shop.call('PUT', path, {}, { title: about, ...members })).status, 200)
      const answer = await ask(path, etag)
      const now = (await shop.call('GET', path)).json()
      if (answer.status !== 226) return
      differences++
      assert.deepEqual(applyJsonPatch(item, answer.json()), { kind: 'ok', value: now })
    }),
    { numRuns: process.env.COMITY_LONG ? 2_000 : 60 },
  )
  assert.ok(differences > 20)
})
