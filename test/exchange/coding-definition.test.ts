// What the API's owner says of compression: thresholds, levels, orders, off; and that nothing is compressed twice.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import zlib from 'node:zlib'
import { type ApiDefinition, DefinitionError } from '@comity/server'
import { startApi } from '../support/bank.ts'
import { codings, exchange } from '../support/coded.ts'
import { codingApi } from '../support/coding-api.ts'

type Compression = NonNullable<ApiDefinition['compression']>

const faults: readonly (readonly [compression: unknown, place: string])[] = [
  ['on', 'compression'],
  [{ threshold: -1 }, 'compression.threshold'],
  [{ prefer: 'speed' }, 'compression.prefer'],
  [{ codings: ['gzip', 'lzma'] }, 'compression.codings'],
  [{ levels: { gzip: 10 } }, 'compression.levels.gzip'],
  [{ levels: { zstd: 0 } }, 'compression.levels.zstd'],
  [{ levels: { lzma: 1 } }, 'compression.levels'],
]

for (const [compression, place] of faults)
  test(`refused when it loads: ${JSON.stringify(compression)}`, () => {
    const load = () => codingApi({ compression: compression as Compression })
    assert.throws(load, (error: unknown) => error instanceof DefinitionError && error.message.includes(place))
  })

async function served<T>(compression: Compression | undefined, use: (url: string) => Promise<T>): Promise<T> {
  const api = await startApi(codingApi(compression === undefined ? {} : { compression }))
  try {
    return await use(api.url)
  } finally {
    await api.close()
  }
}

const everything = { 'accept-encoding': 'gzip, deflate, br, zstd' }

test('off: identity alone, and no Vary', () =>
  served('off', async url => {
    for (const path of ['/notes/long', '/notes?limit=all', '/docs', '/nothing']) {
      const { fields } = await exchange('GET', url + path, everything)
      assert.equal(fields['content-encoding'], undefined)
      assert.doesNotMatch(fields.vary ?? '', /encoding/)
    }
    assert.equal((await exchange('GET', `${url}/notes/long`, { 'accept-encoding': 'gzip, *;q=0' })).status, 406)
  }))

test('the order, what is offered, the threshold', async () => {
  const chosen = (compression: Compression | undefined, path = '/notes/long') =>
    served(compression, async url => (await exchange('GET', url + path, everything)).fields['content-encoding'])
  assert.equal(await chosen(undefined), 'zstd')
  assert.equal(await chosen({ prefer: 'traffic' }), 'br')
  assert.equal(await chosen({ codings: ['deflate', 'gzip'] }), 'deflate')
  assert.equal(await chosen({ threshold: 100_000 }), undefined)
  assert.equal(await chosen({ threshold: 0 }, '/notes/short'), 'zstd')
})

test('a higher level makes less of it', async () => {
  const sizes = async (levels: NonNullable<Exclude<Compression, 'off'>['levels']>) =>
    served({ levels }, async url => {
      const ask = (coding: string) => exchange('GET', `${url}/openapi.json`, { 'accept-encoding': coding })
      return Promise.all(codings.map(async coding => (await ask(coding)).bytes.length))
    })
  const low = await sizes({ gzip: 1, deflate: 1, br: 1, zstd: 1 })
  const high = await sizes({ gzip: 9, deflate: 9, br: 10, zstd: 17 })
  for (const [index, coding] of codings.entries()) assert.ok((high[index] ?? 0) < (low[index] ?? 0), coding)
})

test('one revision is compressed once for each coding, however often it is asked for', async t => {
  const counted = t.mock.method(zlib, 'gzipSync')
  const large = t.mock.method(zlib, 'gzip')
  await served(undefined, async url => {
    const gzip = { 'accept-encoding': 'gzip' }
    const { fields } = await exchange('GET', `${url}/notes/long`, gzip)
    const times = counted.mock.callCount()
    for (let n = 0; n < 5; n++) await exchange('GET', `${url}/notes/long`, gzip)
    await exchange('HEAD', `${url}/notes/long`, gzip)
    assert.equal((await exchange('GET', `${url}/notes/long`, { ...gzip, 'if-none-match': fields.etag })).status, 304)
    // Another item changes: the collection is another one, this item is not.
    await exchange('PATCH', `${url}/notes/short`, {}, '{"title":"Other"}')
    await exchange('GET', `${url}/notes/long`, gzip)
    assert.equal(counted.mock.callCount(), times)
    await exchange('PATCH', `${url}/notes/long`, {}, '{"title":"Changed"}')
    assert.match((await exchange('GET', `${url}/notes/long`, gzip)).text, /Changed/)
    assert.equal(counted.mock.callCount(), times + 1)
    // Many at once wait for the one that began.
    const many = await Promise.all(Array.from({ length: 8 }, () => exchange('GET', `${url}/notes/longest`, gzip)))
    assert.equal(new Set(many.map(({ text }) => text)).size, 1)
    const pages = await Promise.all(Array.from({ length: 8 }, () => exchange('GET', `${url}/docs`, gzip)))
    assert.equal(new Set(pages.map(({ fields: { etag } }) => etag)).size, 1)
    const pagesOnThreads = Buffer.byteLength(pages[0]?.text ?? '') > 65_536 ? 1 : 0
    assert.equal(large.mock.callCount(), 1 + pagesOnThreads, 'on other threads')
  })
})
