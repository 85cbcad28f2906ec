// What every cache store promises; each is run against this.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoredResponse } from '@comity/http'
import type { CacheStore, Keeping, StoreBounds } from '../../packages/client/src/cache/store.ts'

const text = (content: Uint8Array | undefined) =>
  content === undefined ? undefined : new TextDecoder().decode(content)
const bytes = (content: string) => new TextEncoder().encode(content)

function response(more: Partial<Keeping> = {}): Keeping {
  return {
    method: 'GET',
    status: 200,
    fields: { etag: '"a"', 'cache-control': 'max-age=60' },
    requestFields: {},
    requestTime: 1,
    responseTime: 2,
    reason: 'OK',
    target: 'https://a.example/x',
    length: 3,
    ...more,
  }
}

/** `make` gives a new and empty store. */
export function storeSuite(name: string, make: (bounds?: StoreBounds) => CacheStore): void {
  const url = 'https://a.example/x'
  const key = `GET ${url}`
  const check = (what: string, bounds: StoreBounds | undefined, run: (store: CacheStore) => Promise<void>) =>
    test(`${name}: ${what}`, async () => {
      const store = make(bounds)
      try {
        await run(store)
      } finally {
        await store.close()
      }
    })

  check('nothing is there at first', undefined, async store => {
    assert.deepEqual(await store.variants(key), [])
    assert.deepEqual(await store.size(), { entries: 0, bytes: 0 })
    assert.equal(await store.invalidate(url), 0)
  })

  check('what was put is there, as it was', undefined, async store => {
    const put = response({ ranges: [{ first: 0, last: 2 }] })
    assert.equal(await store.put(key, url, put, bytes('abc'), []), true)
    const [kept, ...others] = await store.variants(key)
    assert.ok(kept)
    assert.deepEqual(others, [])
    const { id, ...rest } = kept
    assert.equal(typeof id, 'number')
    assert.deepEqual(rest, put)
    assert.equal(text(await store.content(kept)), 'abc')
    assert.deepEqual(await store.variants('GET https://a.example/y'), [])
    assert.equal((await store.size()).entries, 1)
  })

  check('several variants, in the order stored, and one that is replaced', undefined, async store => {
    await store.put(key, url, response({ requestFields: { a: '1' } }), bytes('one'), [])
    await store.put(key, url, response({ requestFields: { a: '2' } }), bytes('two'), [])
    const [one] = await store.variants(key)
    assert.ok(one)
    await store.put(key, url, response({ requestFields: { a: '3' } }), bytes('three'), [one])
    const kept = await store.variants(key)
    assert.deepEqual(
      kept.map(({ requestFields }) => requestFields.a),
      ['2', '3'],
    )
    assert.equal(await store.content(one), undefined)
  })

  check('variants of one key are bounded', undefined, async store => {
    for (let n = 0; n < 40; n++) await store.put(key, url, response({ requestFields: { a: `${n}` } }), bytes('x'), [])
    const kept = await store.variants(key)
    assert.equal(kept.length, 32)
    assert.equal(kept.at(-1)?.requestFields.a, '39')
  })

  check('other fields and times, the same content', undefined, async store => {
    await store.put(key, url, response(), bytes('abc'), [])
    const [kept] = await store.variants(key)
    assert.ok(kept)
    const { id, reason, target, ...rest } = kept
    const fresh: StoredResponse = { ...rest, fields: { etag: '"a"', x: 'longer' }, responseTime: 99 }
    await store.refresh(kept, fresh)
    const [after] = await store.variants(key)
    assert.deepEqual(after, { ...fresh, id, reason, target })
    assert.equal(text(await store.content(kept)), 'abc')
  })

  check('refreshing what is gone puts nothing back', undefined, async store => {
    await store.put(key, url, response(), bytes('abc'), [])
    const [kept] = await store.variants(key)
    assert.ok(kept)
    await store.remove([kept])
    await store.refresh(kept, kept)
    assert.deepEqual(await store.variants(key), [])
    assert.deepEqual(await store.size(), { entries: 0, bytes: 0 })
  })

  check('invalidation by URL, whatever the key', undefined, async store => {
    await store.put(key, url, response(), bytes('abc'), [])
    await store.put(`QUERY ${url} digest`, url, response({ method: 'QUERY' }), bytes('abc'), [])
    await store.put('GET https://a.example/y', 'https://a.example/y', response(), bytes('abc'), [])
    assert.equal(await store.invalidate(url), 2)
    assert.equal((await store.variants(key))[0]?.invalid, true)
    assert.equal((await store.variants(`QUERY ${url} digest`))[0]?.invalid, true)
    assert.equal((await store.variants('GET https://a.example/y'))[0]?.invalid, undefined)
  })

  check('bounded by entries: the least recently used goes', { entries: 3 }, async store => {
    for (const name of ['a', 'b', 'c']) await store.put(name, name, response(), bytes(name), [])
    const [a] = await store.variants('a')
    assert.ok(a)
    await store.content(a)
    await store.put('d', 'd', response(), bytes('d'), [])
    const present: string[] = []
    for (const name of ['a', 'b', 'c', 'd']) if ((await store.variants(name)).length > 0) present.push(name)
    assert.deepEqual(present, ['a', 'c', 'd'])
    assert.equal((await store.size()).entries, 3)
  })

  check('bounded by bytes', { bytes: 20_000, entryBytes: 20_000 }, async store => {
    for (let n = 0; n < 50; n++) {
      assert.equal(await store.put(`k${n}`, `k${n}`, response(), new Uint8Array(3000), []), true)
      assert.ok((await store.size()).bytes <= 20_000)
    }
    assert.equal((await store.variants('k49')).length, 1)
    assert.equal((await store.variants('k0')).length, 0)
  })

  check('empty answers count too', { bytes: 20_000 }, async store => {
    for (let n = 0; n < 500; n++) await store.put(`k${n}`, `k${n}`, response(), new Uint8Array(0), [])
    assert.ok((await store.size()).entries < 80)
  })

  check('what is too large takes the place of nothing but what it replaces', { bytes: 20_000 }, async store => {
    await store.put(key, url, response(), bytes('abc'), [])
    await store.put('other', 'other', response(), bytes('abc'), [])
    const replaced = await store.variants(key)
    assert.equal(await store.put(key, url, response(), new Uint8Array(3000), replaced), false)
    assert.deepEqual(await store.variants(key), [])
    assert.equal((await store.variants('other')).length, 1)
  })

  check('a refresh that makes it larger counts', { bytes: 4000, entryBytes: 4000 }, async store => {
    await store.put(key, url, response(), bytes('abc'), [])
    const [kept] = await store.variants(key)
    assert.ok(kept)
    const before = (await store.size()).bytes
    await store.refresh(kept, { ...kept, fields: { ...kept.fields, x: 'y'.repeat(500) } })
    assert.equal((await store.size()).bytes, before + 501)
  })

  check('cleared', undefined, async store => {
    await store.put(key, url, response(), bytes('abc'), [])
    await store.clear()
    assert.deepEqual(await store.variants(key), [])
    assert.deepEqual(await store.size(), { entries: 0, bytes: 0 })
    assert.equal(await store.put(key, url, response(), bytes('abc'), []), true)
  })
}
