// comity export, against a server that keeps its promises, and a plain one with pages of its own kind.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, beforeEach, describe, it } from 'node:test'
import { comity, here, start, startInTerminal, withoutTerminal } from './support/comity.ts'
import { type People, servePeople } from './support/people.ts'

const top = mkdtempSync(join(tmpdir(), 'comity-cli-export-'))
const count = 440
let people: People
let folder: string
let names = 0

before(async () => {
  people = await servePeople()
  const rows = Array.from({ length: count }, (_, at) => ({
    name: `P${at}`,
    age: at % 7 === 0 ? null : at % 100,
    note: notes[at] ?? null,
  }))
  const fields = { 'content-type': 'application/json' }
  for (const some of [rows.slice(0, 240), rows.slice(240)])
    assert.equal((await fetch(people.url, { method: 'POST', headers: fields, body: JSON.stringify(some) })).status, 201)
})
after(async () => {
  await people.close()
  rmSync(top, { recursive: true })
})
beforeEach(() => {
  folder = join(top, String(names++))
  mkdirSync(folder)
  people.lost = () => false
})

const notes = ['=1+1', '', 'two\r\nlines, "quoted"', '-5', 'é']
const read = (name: string) => readFileSync(join(folder, name), 'utf8')

describe('comity export', () => {
  it('writes all of a collection, and the same when it is run again', async () => {
    const words = ['export', people.url, 'people.csv', '--columns', 'name,age,note,missing']
    for (const run of [comity, here]) {
      assert.deepEqual(await run(words, folder), { code: 0, out: '440 rows written to people.csv\n', err: '' })
      const text = read('people.csv')
      const first = `name,age,note,missing\nP0,,'=1+1,\nP1,1,"",\nP2,2,"two\r\nlines, ""quoted""",\nP3,3,-5,\nP4,4,é,\nP5,5,,\n`
      assert.equal(text.slice(0, first.length), first)
      assert.equal(text.match(/\nP\d+,/g)?.length, count)
      assert.deepEqual(readdirSync(folder), ['people.csv'])
    }
  })

  it('writes what is read back by import', async () => {
    await here(['export', `${people.url}?limit=9&age.lt=10`, 'a.csv', '--columns', 'name,age,note'], folder)
    const other = await servePeople()
    const { code } = await here(['import', 'a.csv', other.url], folder)
    const plain = (rows: Awaited<ReturnType<People['all']>>) => rows.map(({ name, age, note }) => ({ name, age, note }))
    const expected = plain(await people.all()).filter(({ age }) => age !== null && age < 10)
    assert.deepEqual([code, plain(await other.all())], [0, expected])
    await other.close()
  })

  it('writes NDJSON, JSON and SQLite', async () => {
    for (const name of ['a.ndjson', 'a.json', 'a.sqlite'])
      assert.equal((await here(['export', people.url, name], folder)).out, `440 rows written to ${name}\n`)
    const all = await people.all()
    assert.deepEqual(
      read('a.ndjson')
        .trim()
        .split('\n')
        .map(line => JSON.parse(line)),
      all,
    )
    assert.deepEqual(JSON.parse(read('a.json')), all)
    const database = new DatabaseSync(join(folder, 'a.sqlite'))
    const types = database.prepare("SELECT name, type FROM pragma_table_info('rows')").all()
    assert.deepEqual(
      types.slice(0, 4).map(row => Object.values(row).join(' ')),
      ['id TEXT', 'name TEXT', 'age INTEGER', 'note TEXT'],
    )
    const row = database.prepare('SELECT name, age, note FROM rows WHERE note = ?').get('-5')
    assert.deepEqual({ ...row }, { name: 'P3', age: 3, note: '-5' })
    database.exec('CREATE TABLE mine (a)')
    database.close()
    const again = await here(['export', people.url, 'a.sqlite', '--columns', 'name'], folder)
    assert.deepEqual([again.code, again.out], [2, ''])
    assert.match(again.err, /^a\.sqlite has a table rows with other columns\. Name another with --table, or replace it/)
    assert.equal((await here(['export', people.url, 'a.sqlite', '--columns', 'name', '--overwrite'], folder)).code, 0)
    const after = new DatabaseSync(join(folder, 'a.sqlite'))
    assert.deepEqual(
      after
        .prepare('SELECT name FROM sqlite_schema')
        .all()
        .map(({ name }) => name),
      ['mine', 'rows'],
    )
    after.close()
    assert.deepEqual(readdirSync(folder).sort(), ['a.json', 'a.ndjson', 'a.sqlite'])
  })

  it('goes on after it was killed, and asks for nothing that is here', async () => {
    const words = ['export', people.proxied, 'a.ndjson', '--page-size', '40']
    const { child, ended } = start(words, folder)
    let asked = 0
    people.lost = async () => {
      if (++asked === 6) child.kill('SIGKILL')
      return asked >= 6 && ended.then(() => true)
    }
    await ended
    const notes = JSON.parse(read('a.ndjson.part.json'))
    assert.ok(notes.rows > 0 && notes.rows <= 200 && notes.total === count, String(notes.rows))
    asked = -100
    const { code, out } = await here(words, folder)
    assert.deepEqual([code, out], [0, '440 rows written to a.ndjson\n'])
    assert.equal(asked + 100, (count - notes.rows) / 40)
    assert.deepEqual(
      read('a.ndjson')
        .trim()
        .split('\n')
        .map(line => JSON.parse(line)),
      await people.all(),
    )
    assert.deepEqual(readdirSync(folder), ['a.ndjson'])
  })

  it('goes on after Ctrl-C, or begins anew', async () => {
    const words = ['export', people.proxied, 'a.ndjson', '--page-size', '40']
    const stop = new AbortController()
    let asked = 0
    people.lost = () => {
      if (++asked === 6) stop.abort()
      return asked >= 6
    }
    const { code, out, err } = await here(words, folder, '', { interrupted: stop.signal })
    assert.deepEqual([code, out], [130, ''])
    assert.match(err, /^Stopped: a\.ndjson\.part holds (?:160|200) rows\. The same command goes on behind them\.\n$/)
    asked = -100
    assert.equal((await here([...words, '--fresh'], folder)).out, '440 rows written to a.ndjson\n')
    assert.equal(asked + 100, count / 40)
  })

  const terminal = { skip: withoutTerminal('long') }
  it('draws a bar on a terminal', terminal, async () => {
    const { said, ended } = startInTerminal(['export', people.proxied, 'a.csv', '--page-size', '40'], folder)
    const drawn = said(/a\.csv \[=*>-+\] +\d+ % [\d,]+ of 440 rows/)
    let asked = 0
    people.lost = async () => ++asked === 5 && drawn.then(() => false)
    const { code, out } = await ended
    assert.equal(code, 0)
    assert.match(out, /a\.csv \[=+\] 100 % 440 rows {2}done/)
  })

  it('is asked wrongly', async () => {
    assert.match((await here(['export', people.url, 'a.txt'], folder)).err, /--as csv, ndjson, json or sqlite/)
    assert.equal((await here(['export', people.url, 'no/a.csv'], folder)).code, 2)
    writeFileSync(join(folder, 'a.db'), 'no database at all')
    const { code, err } = await here(['export', people.url, 'a.db'], folder)
    assert.equal(code, 2)
    assert.match(err, /^a\.db cannot be opened as an SQLite database: /)
    assert.equal((await here(['export', `${people.url}/none`, 'b.csv'], folder)).code, 4)
    assert.deepEqual(
      readdirSync(folder).filter(name => name.startsWith('b')),
      [],
    )
  })
})

describe('comity export from a plain server', () => {
  let server: Server
  let url: string
  let seen: string[]
  before(async () => {
    server = createServer(({ url: path = '' }, response) => {
      seen.push(path)
      const { searchParams } = new URL(path, 'http://x')
      if (searchParams.has('limit')) return response.writeHead(400).end()
      const page = Number(searchParams.get('page') ?? 1)
      const items = [1, 2].map(at => `{"id":9007199254740993${page}${at},"at":{"city":"C${at}"}}`)
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(`{"data":[${items.join()}],"next":${page < 3 ? `"/list?page=${page + 1}"` : null}}`)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/list`
  })
  after(() => new Promise(resolve => server.close(resolve)))
  beforeEach(() => {
    seen = []
  })

  it('reads its pages, and loses no digit of an id', async () => {
    const { code, out } = await here(['export', url, 'a.csv', '--columns', 'id,at.city'], folder)
    assert.deepEqual([code, out], [0, '6 rows written to a.csv\n'])
    const ids = [11, 12, 21, 22, 31, 32].map(end => `9007199254740993${end},C${end % 10}\n`)
    assert.equal(read('a.csv'), `id,at.city\n${ids.join('')}`)
    assert.deepEqual(seen, ['/list?limit=1000', '/list', '/list?page=2', '/list?page=3'])
  })
})
