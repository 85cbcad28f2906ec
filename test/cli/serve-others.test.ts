// comity serve: a database of others, and an OpenAPI document.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { makeShop } from '../support/shop-database.ts'
import { here, start } from './support/comity.ts'

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'comity-others-'))
  makeShop(join(folder, 'shop.sqlite'))
  cpSync(fileURLToPath(new URL('../sources/openapi', import.meta.url)), folder, { recursive: true })
})
after(() => rmSync(folder, { recursive: true }))

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the server sent
const read = async (url: string): Promise<any> => (await fetch(url)).json()

/** Serves until `work` is done; what was printed. */
async function served(words: readonly string[], work: (url: string) => Promise<void>): Promise<string> {
  const running = start(['serve', ...words, '--port', '0'], folder)
  let printed = ''
  running.child.stdout?.on('data', piece => {
    printed += piece
  })
  await running.said(/Ctrl-C stops it/)
  try {
    await work(/http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0] ?? '')
  } finally {
    running.child.kill('SIGTERM')
  }
  const { code, out, err } = await running.ended
  assert.equal(code, 0, err)
  return out
}

test('a database, read only: it is as it was', async () => {
  const untouched = readFileSync(join(folder, 'shop.sqlite'))
  const printed = await served(['shop.sqlite', '--read-only'], async url => {
    assert.equal((await read(`${url}/albums/1/tracks`)).length, 2)
    assert.equal((await fetch(`${url}/artists`, { method: 'POST', body: '{}' })).status, 405)
  })
  assert.match(printed, /^Shop is served at http/)
  assert.match(printed, /“log” is only read: it has no primary key/)
  assert.deepEqual(readFileSync(join(folder, 'shop.sqlite')), untouched)
})

test('a database, watched: a column that another program adds is a member', async () => {
  await served(['shop.sqlite', '--watch'], async url => {
    const db = new DatabaseSync(join(folder, 'shop.sqlite'))
    db.exec("ALTER TABLE Artist ADD COLUMN Country TEXT; UPDATE Artist SET Country = 'VN' WHERE ArtistId = 1")
    for (let country: unknown; country !== 'VN'; ) country = (await read(`${url}/artists/1`)).country
    db.close()
    const changed = {
      method: 'PATCH',
      body: '{"country":"KZ"}',
      headers: { 'content-type': 'application/merge-patch+json' },
    }
    assert.equal((await fetch(`${url}/artists/1`, changed)).status, 200)
  })
})

test('a document: what is sent is checked, what is answered is an example, a change is followed', async () => {
  const printed = await served(['shelter.yaml', '--watch'], async url => {
    assert.equal((await read(`${url}/animals/newest`)).name, 'Newest')
    assert.equal((await fetch(`${url}/animals/1`, { headers: { prefer: 'code=503' } })).status, 503)
    assert.equal((await fetch(`${url}/animals?limit=0`)).status, 400)
    const changed = readFileSync(join(folder, 'shelter.yaml'), 'utf8').replace('name: Newest', 'name: Newer')
    writeFileSync(join(folder, 'shelter.yaml'), changed)
    for (let name = ''; name !== 'Newer'; ) name = (await read(`${url}/animals/newest`)).name
  })
  assert.match(printed, /^Animal shelter is mocked at http/)
  assert.match(printed, /curl -i -H 'Prefer: code=503'/)
})

test('what cannot be served is told with a cure', async () => {
  writeFileSync(join(folder, 'half.sqlite'), readFileSync(join(folder, 'shop.sqlite')).subarray(0, 3000))
  writeFileSync(join(folder, 'old.yaml'), 'swagger: "2.0"\n')
  for (const [word, said] of [
    ['half.sqlite', /half\.sqlite cannot be read as a SQLite database/],
    ['old.yaml', /OpenAPI 2\.0; 3\.0, 3\.1 and 3\.2 are read/],
    ['nothing.sqlite', /is not there/],
  ] as const) {
    const { code, err } = await here(['serve', join(folder, word)], folder)
    assert.equal(code, 2)
    assert.match(err, said)
  }
})
