// A SQLite database of others, served, while another program goes on writing to it.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { ejected, openApiDocument, openSource, type SourceOptions } from '@comity/server'
import { type Served, startApi } from '../support/bank.ts'
import { agent } from '../support/call.ts'
import { type OtherProgram, otherProgram } from '../support/other-program.ts'
import { makeShop } from '../support/shop-database.ts'

const folder = mkdtempSync(join(tmpdir(), 'comity-shop-'))
after(() => {
  agent.destroy()
  rmSync(folder, { recursive: true })
})

const merge = { 'content-type': 'application/merge-patch+json' }

async function serveShop(path: string, options: SourceOptions = {}): Promise<Served> {
  const source = await openSource(path, options)
  const failed: unknown[] = []
  const served = await startApi(source.api, {
    ...(source.open && { store: source.open }),
    onError: error => failed.push(error),
  })
  return {
    ...served,
    close: async () => {
      await served.close()
      assert.deepEqual(failed, [])
    },
  }
}

describe('served and written', () => {
  const path = join(folder, 'shop.sqlite')
  let shop: Served
  let other: OtherProgram
  const problemOf = async (method: string, at: string, body: unknown, fields = {}) => {
    const answer = await shop.call(method, at, fields, body)
    const { code, detail, errors = [] } = answer.json()
    return { status: answer.status, code, detail, at: errors.map(({ pointer }: { pointer: string }) => pointer) }
  }

  before(async () => {
    makeShop(path)
    shop = await serveShop(path)
    other = otherProgram(path)
  })
  after(async () => {
    await other.close()
    await shop.close()
    assert.deepEqual(
      readdirSync(folder).filter(name => name.startsWith('shop.')),
      ['shop.sqlite'],
    )
  })

  test('tables are collections of typed members', async () => {
    const read = async (at: string) => (await shop.call('GET', at)).json()
    assert.deepEqual(await read('/tracks/2'), {
      id: 2,
      name: 'One',
      albumId: 1,
      milliseconds: 200500,
      seconds: 200.5,
      unitPrice: '1.50',
      explicit: true,
      column50Off: true,
      lyrics: null,
    })
    assert.deepEqual(await read('/orders/10248'), {
      id: 10248,
      customerId: 'ALFKI',
      orderDate: '1996-07-04T00:00:00.000Z',
      paidAt: '1996-07-04T00:00:00.000Z',
      notes: 'x',
    })
    assert.deepEqual(await read('/albums/7'), {
      id: 7,
      title: 'Mùa thu',
      artistId: 1,
      releasedOn: null,
      barcode: '400007',
    })
    assert.equal((await read('/customers/ALFKI')).createdAt, '2014-01-02T03:04:05.000Z')
    assert.deepEqual(await read('/bigs/1'), { id: 1, nValue: '9007199254740993', data: 'AP8Q', payload: { a: [1, 2] } })
    assert.deepEqual(await read('/logs'), [
      { id: 1, at: '2014', line: 'one' },
      { id: 2, at: '2014', line: 'two' },
    ])
    assert.deepEqual(await read('/album-lengths/1'), { id: 1, title: 'First Byte', tracks: 2, total: 380500 })
    assert.equal((await shop.call('GET', '/tracks/02')).status, 404)
  })

  test('what is asked for is compared as it is kept', async () => {
    const ids = async (at: string) => (await shop.call('GET', at)).json().map(({ id }: { id: unknown }) => id)
    assert.deepEqual(await ids('/tracks?unitPrice=0.99&sort=-id'), [3, 1])
    assert.deepEqual(await ids('/tracks?unitPrice.gt=1'), [2, 4])
    assert.deepEqual(await ids('/tracks?explicit=true'), [2])
    assert.deepEqual(await ids('/orders?orderDate.gte=1996-07-05'), [10249])
    assert.deepEqual(await ids('/orders?paidAt.lt=2000-01-01'), [10248])
    assert.deepEqual(await ids('/orders?paidAt.exists=false'), [10249])
    assert.deepEqual(await ids('/customers?status=regular,gone'), ['ALFKI'])
    assert.deepEqual(await ids('/order-details?orderId=10248&quantity.gt=1'), ['10248~1'])
    assert.deepEqual(await ids('/order-details?id.gt=10248~1'), ['10248~2', '10249~3'])
  })

  test('foreign keys lead to what refers to an item, and are pages of their own', async () => {
    const first = await shop.call('GET', '/albums/1/tracks?limit=1&sort=-milliseconds')
    assert.deepEqual(
      first.json().map(({ id }: { id: number }) => id),
      [2],
    )
    const next = /<([^>]+)>; rel="next"/.exec(first.fields.link ?? '')?.[1] ?? ''
    const second = await shop.call('GET', next.replace(shop.url, ''))
    assert.deepEqual(
      second.json().map(({ id }: { id: number }) => id),
      [1],
    )
    assert.deepEqual((await shop.call('GET', '/employees/1/employees')).json(), [
      { id: 2, lastName: 'Edwards', reportsTo: 1 },
    ])
    assert.equal((await shop.call('GET', '/customers/ALFKI/orders')).json().length, 1)
    assert.equal((await shop.call('GET', '/customers/none/orders')).status, 404)
    assert.equal((await shop.call('GET', '/albums/2/tracks/1')).status, 404)
    const made = await shop.call('POST', '/albums/7/tracks', {}, { name: 'Below', milliseconds: 1 })
    assert.equal(made.json().albumId, 7)
    assert.equal((await shop.call('DELETE', made.fields.location ?? '')).status, 204)
  })

  test('pages of a composite key follow the key', async () => {
    const seen: string[] = []
    for (let at: string | undefined = '/order-details?limit=1'; at; ) {
      const page = await shop.call('GET', at)
      seen.push(...page.json().map(({ id }: { id: string }) => id))
      at = /<([^>]+)>; rel="next"/.exec(page.fields.link ?? '')?.[1]?.replace(shop.url, '')
    }
    assert.deepEqual(seen, ['10248~1', '10248~2', '10249~3'])
    const one = await shop.call('GET', '/order-details/10248~2')
    assert.deepEqual(one.json(), { id: '10248~2', orderId: 10248, trackId: 2, quantity: 1 })
    assert.equal((await shop.call('GET', '/order-details/10248')).status, 404)
    // `~` within a key of text.
    assert.equal((await shop.call('GET', '/customers/BON~P')).status, 200)
  })

  test('a member of which no two are alike leads to its item', async () => {
    const led = await shop.call('GET', '/customers/email=b@example.org?fields=id')
    assert.deepEqual([led.status, led.fields.location], [307, '/customers/BON~P?fields=id'])
    assert.equal((await shop.call('GET', '/customers/email=nobody')).status, 404)
    assert.equal((await shop.call('GET', '/customers/status=new')).status, 404)
  })

  test('ids are counted on, chosen or made, as the key has them', async () => {
    const { artists } = { artists: await shop.call('POST', '/artists', {}, { name: 'New' }) }
    assert.deepEqual(
      [artists.status, artists.fields.location, artists.json()],
      [201, '/artists/4', { id: 4, name: 'New' }],
    )
    assert.equal((await shop.call('DELETE', '/artists/4')).status, 204)
    assert.equal((await shop.call('GET', '/artists/4')).status, 410)
    assert.equal((await shop.call('POST', '/artists', {}, { name: 'Newer' })).json().id, 5)
    const customer = await shop.call('POST', '/customers', {}, { id: 'NEWCO', companyName: 'N' })
    assert.equal(customer.status, 201)
    const { createdAt, ...rest } = customer.json()
    assert.deepEqual(rest, { id: 'NEWCO', companyName: 'N', email: null, status: 'new' })
    assert.match(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/)
    const detail = await shop.call('POST', '/order-details', {}, { orderId: 10249, trackId: 4 })
    assert.deepEqual([detail.fields.location, detail.json().quantity], ['/order-details/10249~4', 1])
    const created = { 'if-none-match': '*' }
    const chosen = await shop.call('PUT', '/order-details/10249~1', created, { orderId: 10249, trackId: 1 })
    assert.equal(chosen.status, 201)
    assert.deepEqual(await problemOf('PUT', '/order-details/10249~9', { orderId: 10249, trackId: 2 }, created), {
      status: 422,
      code: 'rule-refused',
      detail: 'The members of the key make the id “10249~2”.',
      at: ['/id'],
    })
    assert.equal((await problemOf('PATCH', '/order-details/10249~1', { trackId: 2 }, merge)).status, 422)
  })

  test('what the database refuses is told as a problem', async () => {
    const track = { name: 'x', milliseconds: 5 }
    assert.deepEqual(await problemOf('POST', '/tracks', { ...track, albumId: 99 }), {
      status: 422,
      code: 'rule-refused',
      detail: '“albumId” refers to an item that is not there.',
      at: ['/albumId'],
    })
    assert.deepEqual(await problemOf('POST', '/tracks', { ...track, milliseconds: 0 }), {
      status: 422,
      code: 'rule-refused',
      detail: 'The database refuses it by CHECK (Milliseconds > 0).',
      at: ['/milliseconds'],
    })
    assert.equal((await problemOf('POST', '/tracks', { milliseconds: 5 })).status, 400)
    assert.equal((await problemOf('POST', '/tracks', { ...track, seconds: 1 })).status, 400)
    assert.deepEqual(await problemOf('POST', '/albums', { title: 'x', artistId: 1, barcode: '400001' }), {
      status: 409,
      code: 'already-exists',
      detail: 'Another item has the same “barcode”.',
      at: ['/barcode'],
    })
    assert.equal((await problemOf('POST', '/customers', { id: 'ALFKI', companyName: 'x' })).code, 'already-exists')
    assert.equal((await problemOf('PATCH', '/customers/ALFKI', { createdAt: null }, merge)).status, 422)
    assert.equal((await problemOf('PATCH', '/customers/ALFKI', { status: 'odd' }, merge)).status, 400)
    assert.equal((await problemOf('PATCH', '/orders/10248', { notes: 'free' }, merge)).detail, 'Nothing is free.')
    assert.equal((await problemOf('DELETE', '/artists/1', undefined)).code, 'still-referenced')
    assert.equal((await problemOf('POST', '/logs', { line: 'x' })).status, 405)
    assert.equal((await problemOf('DELETE', '/album-lengths/1', undefined)).status, 405)
  })

  test('a write of another program changes the ETag, and the one before is refused', async () => {
    const before = await shop.call('GET', '/tracks/1')
    const list = await shop.call('GET', '/tracks')
    const lengths = await shop.call('GET', '/album-lengths')
    const untouched = await shop.call('GET', '/artists')
    await other.run("UPDATE Track SET Lyrics = 'la' WHERE TrackId = 1")
    const seen = await shop.call('GET', '/tracks/1', { 'if-none-match': before.fields.etag })
    assert.deepEqual([seen.status, seen.json().lyrics], [200, 'la'])
    assert.notEqual(seen.fields.etag, before.fields.etag)
    assert.equal((await shop.call('GET', '/tracks', { 'if-none-match': list.fields.etag })).status, 200)
    assert.equal((await shop.call('GET', '/album-lengths', { 'if-none-match': lengths.fields.etag })).status, 200)
    assert.equal((await shop.call('GET', '/artists', { 'if-none-match': untouched.fields.etag })).status, 304)
    assert.equal((await shop.call('GET', '/tracks/2', { 'if-none-match': list.fields.etag })).status, 200)

    const stale = await shop.call(
      'PATCH',
      '/tracks/1',
      { ...merge, 'if-match': before.fields.etag },
      { lyrics: 'lost' },
    )
    assert.deepEqual([stale.status, stale.json().code], [412, 'precondition-failed'])
    assert.deepEqual(await other.run('SELECT Lyrics FROM Track WHERE TrackId = 1'), [{ Lyrics: 'la' }])
    const fresh = await shop.call('PATCH', '/tracks/1', { ...merge, 'if-match': seen.fields.etag }, { lyrics: 'kept' })
    assert.equal(fresh.status, 200)
    assert.equal((await shop.call('GET', '/tracks/1')).fields.etag, fresh.fields.etag)
    assert.deepEqual(await other.run('SELECT Lyrics, UnitPrice FROM Track WHERE TrackId = 1'), [
      { Lyrics: 'kept', UnitPrice: 0.99 },
    ])
  })

  test('however another program writes, its own writes work and are noticed', async () => {
    const etagOf = async (at: string) => (await shop.call('GET', at)).fields.etag
    const changes = async (at: string, sql: string) => {
      const before = await etagOf(at)
      await other.run(sql)
      assert.notEqual(await etagOf(at), before, sql)
    }
    const upsert = 'INSERT INTO Artist (ArtistId, Name) VALUES (9,'
    await changes('/artists', `${upsert} 'a')`)
    await changes('/artists/9', "UPDATE OR ABORT Artist SET Name = 'b' WHERE ArtistId = 9")
    await changes('/artists/9', "UPDATE OR IGNORE Artist SET Name = 'c' WHERE ArtistId = 9")
    await changes('/artists/9', "INSERT OR REPLACE INTO Artist (ArtistId, Name) VALUES (9, 'd')")
    await changes('/artists/9', `${upsert} 'e') ON CONFLICT (ArtistId) DO UPDATE SET Name = excluded.Name`)
    await changes('/artists/9', "REPLACE INTO Artist (ArtistId, Name) VALUES (9, 'f')")
    await changes('/artists', 'UPDATE Artist SET ArtistId = 10 WHERE ArtistId = 9')
    assert.equal((await shop.call('GET', '/artists/9')).status, 410)
    assert.equal((await shop.call('GET', '/artists/10')).json().name, 'f')
    await changes('/artists', "INSERT OR ABORT INTO Artist (ArtistId, Name) VALUES (9, 'g')")
    await changes('/logs', "INSERT INTO log VALUES ('2015', 'three')")
    // A cascade of the database's own.
    await other.run(
      'INSERT INTO Orders (OrderID, CustomerID) VALUES (1, \'ALFKI\'); INSERT INTO "Order Details" VALUES (1, 1, 1)',
    )
    assert.equal((await shop.call('GET', '/order-details/1~1')).status, 200)
    await changes('/order-details', 'DELETE FROM Orders WHERE OrderID = 1')
    assert.equal((await shop.call('GET', '/order-details/1~1')).status, 410)
  })

  test('a table that another program makes anew, as migrations do, is noted from then on', async () => {
    const before = await shop.call('GET', '/employees/1')
    await other.run('PRAGMA foreign_keys = OFF')
    await other.run(`BEGIN; CREATE TABLE anew (EmployeeId INTEGER PRIMARY KEY, LastName TEXT NOT NULL, ReportsTo INTEGER REFERENCES Employee (EmployeeId));
      INSERT INTO anew SELECT * FROM Employee; DROP TABLE Employee; ALTER TABLE anew RENAME TO Employee; UPDATE Employee SET LastName = 'Anew' WHERE EmployeeId = 1; COMMIT`)
    const stale = await shop.call(
      'PATCH',
      '/employees/1',
      { ...merge, 'if-match': before.fields.etag },
      { lastName: 'Lost' },
    )
    assert.equal(stale.status, 412)
    const seen = await shop.call('GET', '/employees/1')
    assert.deepEqual([seen.json().lastName, seen.fields.etag === before.fields.etag], ['Anew', false])
    await other.run("UPDATE Employee SET LastName = 'Again' WHERE EmployeeId = 1")
    const again = await shop.call('GET', '/employees/1', { 'if-none-match': seen.fields.etag })
    assert.deepEqual([again.status, again.json().lastName], [200, 'Again'])
  })

  test('a key of idempotency makes one row, and a write that fails none', async () => {
    const fields = { 'idempotency-key': '"once"' }
    const [one, two] = [
      await shop.call('POST', '/artists', fields, { name: 'Once' }),
      await shop.call('POST', '/artists', fields, { name: 'Once' }),
    ]
    assert.deepEqual([one.status, two.status, two.fields.location], [201, 201, one.fields.location])
    const many = await shop.call('POST', '/artists', {}, [{ name: 'Once' }, { name: 'x'.repeat(200) }])
    assert.equal(many.status, 400)
    const pair = [
      { id: 'TWO', companyName: 'x' },
      { id: 'ALFKI', companyName: 'x' },
    ]
    assert.equal((await shop.call('POST', '/customers', {}, pair)).status, 409)
    assert.deepEqual(await other.run("SELECT count(*) AS n FROM Artist WHERE Name = 'Once'"), [{ n: 1 }])
    assert.equal((await shop.call('GET', '/customers/TWO')).status, 404)
    const gone = await shop.call('DELETE', '/artists?name=Once')
    assert.equal(gone.status, 204)
    assert.equal((await shop.call('GET', one.fields.location ?? '')).status, 410)
  })

  test('formats, ranges and documents are those of any API', async () => {
    const csv = await shop.call('GET', '/tracks.csv?limit=all&fields=id,unitPrice&id.lte=3')
    assert.equal(
      csv.text,
      'id,unitPrice\r\n1,0.99\r\n2,1.50\r\n3,0.99\r\n'.replaceAll('\r\n', csv.text.includes('\r\n') ? '\r\n' : '\n'),
    )
    const xml = await shop.call('GET', '/order-details/10248~1.xml')
    assert.match(xml.text, /<order-detail.*<quantity>12<\/quantity>/s)
    const whole = await shop.call('GET', '/customers')
    const part = await shop.call('GET', '/customers', { range: 'bytes=1-9', 'if-range': whole.fields.etag })
    assert.deepEqual([part.status, part.text], [206, whole.text.slice(1, 10)])
    const { paths } = (await shop.call('GET', '/openapi.json')).json()
    assert.ok(paths['/customers/{id}'].get.responses['307'])
    assert.equal(paths['/album-lengths'].post, undefined)
    assert.equal((await shop.call('GET', '/docs')).status, 200)
    const rows = 'companyName,id\nFrom CSV,CSV01\n'
    assert.equal((await shop.call('POST', '/customers', { 'content-type': 'text/csv' }, rows)).status, 201)
    assert.equal((await shop.call('GET', '/customers/CSV01')).json().companyName, 'From CSV')
  })
})

test('after a restart, what nobody changed has its ETag still, and what was changed meanwhile has another', async () => {
  const path = join(folder, 'again.sqlite')
  makeShop(path)
  const first = await serveShop(path)
  const before = [await first.call('GET', '/tracks/1'), await first.call('GET', '/tracks/2')]
  await first.call('PATCH', '/tracks/2', merge, { lyrics: 'a' })
  before[1] = await first.call('GET', '/tracks/2')
  await first.close()
  const db = new DatabaseSync(path)
  assert.equal(db.prepare('PRAGMA journal_mode').get()?.journal_mode, 'delete')
  db.exec("UPDATE Track SET Lyrics = 'b' WHERE TrackId = 1")
  db.exec('ALTER TABLE Artist ADD COLUMN Country TEXT')
  db.close()
  const second = await serveShop(path)
  try {
    const [one, two] = [await second.call('GET', '/tracks/1'), await second.call('GET', '/tracks/2')]
    assert.notEqual(one.fields.etag, before[0]?.fields.etag)
    assert.equal(one.json().lyrics, 'b')
    assert.equal(two.fields.etag, before[1]?.fields.etag)
    assert.deepEqual((await second.call('GET', '/artists/1')).json(), { id: 1, name: 'Lan Anh', country: null })
  } finally {
    await second.close()
  }
})

test('read-only leaves no trace, and sees what another program writes', async () => {
  const path = join(folder, 'quiet.sqlite')
  makeShop(path)
  const digest = () => createHash('sha256').update(readFileSync(path)).digest('hex')
  const untouched = digest()
  const shop = await serveShop(path, { access: 'read-only' })
  try {
    const list = await shop.call('GET', '/tracks')
    const one = await shop.call('GET', '/tracks/1')
    assert.equal((await shop.call('GET', '/tracks/1', { 'if-none-match': one.fields.etag })).status, 304)
    assert.equal((await shop.call('GET', '/tracks', { 'if-none-match': list.fields.etag })).status, 304)
    assert.equal((await shop.call('PATCH', '/tracks/1', merge, { lyrics: 'x' })).status, 405)
    assert.equal(digest(), untouched)
    assert.deepEqual(
      readdirSync(folder).filter(name => name.startsWith('quiet')),
      ['quiet.sqlite'],
    )
    const db = new DatabaseSync(path)
    db.exec("UPDATE Track SET Lyrics = 'b' WHERE TrackId = 1")
    db.close()
    const after = await shop.call('GET', '/tracks/1', { 'if-none-match': one.fields.etag })
    assert.deepEqual([after.status, after.json().lyrics], [200, 'b'])
    assert.equal((await shop.call('GET', '/tracks', { 'if-none-match': list.fields.etag })).status, 200)
    const other = await shop.call('GET', '/tracks/2')
    assert.equal((await shop.call('GET', '/tracks/2', { 'if-none-match': other.fields.etag })).status, 304)
  } finally {
    await shop.close()
  }
})

test('in memory is a copy', async () => {
  const path = join(folder, 'copied.sqlite')
  makeShop(path)
  const untouched = readFileSync(path)
  const shop = await serveShop(path, { keep: 'memory' })
  assert.equal((await shop.call('DELETE', '/order-details/10248~1')).status, 204)
  await shop.close()
  assert.deepEqual(readFileSync(path), untouched)
})

test('an ejected definition serves the same', async () => {
  const path = join(folder, 'ejected.sqlite')
  makeShop(path)
  const source = await openSource(path)
  // Beside the tests, so that it finds its imports.
  const module = join(import.meta.dirname, `ejected-${process.pid}.ts`)
  writeFileSync(module, await ejected(source, path, path))
  const { default: api } = await import(module).finally(() => rmSync(module))
  const shop = await startApi(api, { database: `sqlite:${path}` })
  try {
    const read = async (at: string) => (await shop.call('GET', at)).json()
    assert.equal((await read('/tracks/2')).unitPrice, '1.50')
    assert.equal((await read('/orders/10248')).paidAt, '1996-07-04T00:00:00.000Z')
    assert.equal((await shop.call('PATCH', '/customers/ALFKI', merge, { status: 'odd' })).status, 400)
    assert.deepEqual(
      Object.keys((await read('/openapi.json')).paths),
      Object.keys(openApiDocument(source.api.model, { url: '' }).paths ?? {}),
    )
  } finally {
    await shop.close()
  }
})
