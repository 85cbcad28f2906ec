// The stores of the cache, each by the same suite; and what a file may have happen to it.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { memoryStore } from '../../packages/client/src/cache/memory.ts'
import type { Keeping } from '../../packages/client/src/cache/store.ts'
import { sqliteStore } from '../../packages/client/src/node/sqlite-store.ts'
import { storeSuite } from './cache-store-suite.ts'

const directory = mkdtempSync(join(tmpdir(), 'comity-cache-'))
after(() => rmSync(directory, { recursive: true, force: true }))
let files = 0
const newFile = () => join(directory, `${files++}.db`)

storeSuite('memory', memoryStore)
let tick = 0
// Each use is a minute after the other, since a file writes down uses no more often.
storeSuite('sqlite', bounds =>
  sqliteStore(newFile(), {
    ...bounds,
    now: () => {
      tick += 61_000
      return tick
    },
  }),
)

const url = 'https://a.example/x'
const response: Keeping = {
  method: 'GET',
  status: 200,
  fields: { etag: '"a"' },
  requestFields: {},
  requestTime: 1,
  responseTime: 2,
  reason: 'OK',
  target: url,
}
const content = new TextEncoder().encode('abc')

test('a file outlives its store', async () => {
  const path = newFile()
  const first = sqliteStore(path)
  await first.put('k', url, response, content, [])
  await first.close()
  const second = sqliteStore(path)
  const [kept] = await second.variants('k')
  assert.ok(kept)
  assert.deepEqual(await second.content(kept), content)
  await second.close()
})

test('two stores on one file see each other', async () => {
  const path = newFile()
  const one = sqliteStore(path)
  const other = sqliteStore(path)
  await one.put('k', url, response, content, [])
  assert.equal((await other.variants('k')).length, 1)
  assert.equal(await other.invalidate(url), 1)
  assert.equal((await one.variants('k'))[0]?.invalid, true)
  await one.close()
  await other.close()
})

for (const [name, ruin] of [
  [
    'no database',
    (path: string) => writeFileSync(path, 'this is no database, but more than a hundred bytes of text '.repeat(9)),
  ],
  ['cut short', (path: string) => writeFileSync(path, 'SQLite format 3\0')],
  [
    'scrambled pages',
    (path: string) => writeFileSync(path, Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(9000, 7)])),
  ],
] as const) {
  test(`a file that is ${name} is told of and begun anew`, async () => {
    const path = newFile()
    ruin(path)
    const told: string[] = []
    const store = sqliteStore(path, { told: text => told.push(text) })
    assert.deepEqual(await store.variants('k'), [])
    assert.equal(await store.put('k', url, response, content, []), true)
    assert.equal((await store.variants('k')).length, 1)
    assert.equal(told.length, 1)
    assert.match(told[0] ?? '', /begun anew/)
    await store.close()
  })
}

test('a file that is ruined while it is used is begun anew', async () => {
  const path = newFile()
  const told: string[] = []
  const store = sqliteStore(path, { told: text => told.push(text) })
  for (let n = 0; n < 50; n++) await store.put(`k${n}`, url, response, new Uint8Array(5000), [])
  await store.close()
  const { size } = statSync(path)
  const scrambled = Buffer.alloc(size, 0x5a)
  Buffer.from('SQLite format 3\0').copy(scrambled)
  writeFileSync(path, scrambled)
  assert.deepEqual(await store.variants('k1'), [])
  assert.equal(await store.put('k', url, response, content, []), true)
  assert.match(told[0] ?? '', /begun anew/)
  await store.close()
})

test('a place that cannot be written is told of once, and nothing is kept', async () => {
  const told: string[] = []
  const store = sqliteStore(join(directory, 'no such directory', 'x.db'), { told: text => told.push(text) })
  assert.equal(await store.put('k', url, response, content, []), false)
  assert.deepEqual(await store.variants('k'), [])
  assert.equal(told.length, 1)
  await store.close()
})

test('several processes write one file at once', async () => {
  const path = newFile()
  const module = new URL('../../packages/client/src/node/sqlite-store.ts', import.meta.url).href
  const script = (name: string) => `
    const { sqliteStore } = await import(${JSON.stringify(module)})
    const store = sqliteStore(${JSON.stringify(path)}, { bytes: 400_000, told: text => { console.error(text); process.exitCode = 1 } })
    for (let n = 0; n < 200; n++) {
      const key = 'k' + (n % 40)
      store.put(key, key, ${JSON.stringify(response)}, new TextEncoder().encode('${name}'.repeat(1000)), store.variants(key))
      const [kept] = store.variants(key)
      const content = kept && store.content(kept)
      if (content && new Set(content).size !== 1) process.exitCode = 2
    }
    store.close()`
  const runs = ['a', 'b', 'c'].map(name =>
    spawn(process.execPath, ['--conditions=@comity/source', '--input-type=module', '-e', script(name)], {
      stdio: 'inherit',
    }),
  )
  const codes = await Promise.all(runs.map(async run => (await once(run, 'exit'))[0]))
  assert.deepEqual(codes, [0, 0, 0])
  const store = sqliteStore(path, { bytes: 400_000 })
  const { entries, bytes } = await store.size()
  assert.ok(entries > 0 && bytes <= 400_000)
  let counted = 0
  for (let n = 0; n < 40; n++) counted += (await store.variants(`k${n}`)).length
  assert.equal(counted, entries)
  await store.close()
})
