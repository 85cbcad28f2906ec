// comity import, against a server that keeps its promises, and a plain one that makes none.
import assert from 'node:assert/strict'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import { comity, here, start, startInTerminal, withoutTerminal } from './support/comity.ts'
import { type People, servePeople } from './support/people.ts'

const top = mkdtempSync(join(tmpdir(), 'comity-cli-import-'))
let people: People
let folder: string
let names = 0

before(async () => {
  people = await servePeople()
})
after(async () => {
  await people.close()
  rmSync(top, { recursive: true })
})
beforeEach(async () => {
  folder = join(top, String(names++))
  mkdirSync(folder)
  await people.empty()
})

// Other rows for each test: a server that was sent the same before says so, and does nothing.
const rows = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `P${from + at},${(from + at) % 100},"a ""note"", ${names}"\r\n`).join('')
const file = (name: string, text: string) => writeFileSync(join(folder, name), text)
const csv = (count: number) => `name,age,note\r\n${rows(0, count)}`

async function importedNames(): Promise<readonly string[]> {
  return (await people.all()).map(({ name }) => name).sort()
}
const expectedNames = (count: number) => Array.from({ length: count }, (_, at) => `P${at}`).sort()

describe('comity import', () => {
  it('sends the rows of a file once, however often it is run, and those that are added', async () => {
    file('people.csv', csv(200))
    const words = ['import', 'people.csv', people.url]
    assert.deepEqual(await comity(words, folder), { code: 0, out: '200 rows imported\n', err: '' })
    assert.deepEqual(await importedNames(), expectedNames(200))
    const one = (await people.all()).find(({ name }) => name === 'P7')
    assert.deepEqual([one?.age, one?.note], [7, `a "note", ${names}`])
    assert.deepEqual(await here(words, folder), {
      code: 0,
      out: '0 rows imported; 200 rows of people.csv before\n',
      err: '',
    })
    appendFileSync(join(folder, 'people.csv'), rows(200, 202))
    assert.equal((await here(words, folder)).out, '2 rows imported; 200 rows of people.csv before\n')
    assert.equal((await people.all()).length, 202)
    assert.equal((await here([...words, '--again'], folder)).code, 0)
    assert.equal((await people.all()).length, 404)
  })

  it('goes on after it was killed while an answer was on its way, and counts nothing twice', async () => {
    file('people.csv', csv(200))
    const words = ['import', 'people.csv', people.proxied, '--batch', '20']
    const { child, ended } = start(words, folder)
    people.lost = index => {
      if (index !== 7) return false
      child.kill('SIGKILL')
      return ended.then(() => true)
    }
    assert.equal((await ended).code, null)
    people.lost = () => false
    assert.equal((await people.all()).length, 160)
    // Another size of batches makes no difference to the one that was under way.
    const { code, out } = await here([...words.slice(0, 3), '--batch', '1000'], folder)
    assert.deepEqual([code, out], [0, '40 rows imported; 160 rows of people.csv before\n'])
    assert.deepEqual(await importedNames(), expectedNames(200))
  })

  it('counts nothing twice where nothing was written down either', async () => {
    file('people.csv', csv(200))
    for (const out of ['200 rows imported\n', '0 rows imported; 200 rows of people.csv before\n']) {
      assert.deepEqual(await here(['import', 'people.csv', people.url], folder), { code: 0, out, err: '' })
      rmSync(join(folder, 'people.csv.import.json'))
    }
    assert.equal((await people.all()).length, 200)
  })

  it('goes on after Ctrl-C', async () => {
    file('people.csv', csv(200))
    const words = ['import', 'people.csv', people.proxied, '--batch', '20']
    const stop = new AbortController()
    people.lost = index => {
      if (index === 3) stop.abort()
      return index === 3
    }
    assert.deepEqual(await here(words, folder, '', { interrupted: stop.signal }), {
      code: 130,
      out: '',
      err: 'Stopped; imported so far: 60 rows of people.csv. The same command goes on behind them.\n',
    })
    assert.equal((await here(words, folder)).code, 0)
    assert.deepEqual(await importedNames(), expectedNames(200))
  })

  it('says which line is refused, and goes on when it is mended', async () => {
    file('people.csv', `name,age,note\n${rows(0, 3)}P3,"200","two\nlines"\n${rows(4, 6)}`)
    const words = ['import', 'people.csv', people.url, '--batch', '2']
    const { code, out, err } = await here(words, folder)
    assert.deepEqual([code, out], [4, ''])
    assert.match(err, /^people\.csv, line 5: “age” must [^\n]+\nImported so far: 2 rows of people\.csv\. Mend the row /)
    file('people.csv', `name,age,note\n${rows(0, 3)}P3,"20","two\nlines"\n${rows(4, 6)}`)
    assert.equal((await here(words, folder)).out, '4 rows imported; 2 rows of people.csv before\n')
    assert.deepEqual(await importedNames(), expectedNames(6))
  })

  it('passes by what is refused, and keeps it', async () => {
    file('people.csv', `name,age,note\n${rows(0, 3)}P3,200,\n,5,x\n${rows(5, 7)}`)
    const words = ['import', 'people.csv', people.url, '--batch', '4', '--lenient']
    const { code, out, err } = await here(words, folder)
    assert.deepEqual([code, out], [1, '5 rows imported\n'])
    assert.match(
      err,
      /^2 of 7 rows failed:\n {2}people\.csv, line 5: “age” [^\n]+\n {2}people\.csv, line 6: “name” [^\n]+\nThey are kept in people\.refused\.csv\./,
    )
    assert.equal(readFileSync(join(folder, 'people.refused.csv'), 'utf8'), 'name,age,note\r\nP3,200,\r\n,5,x\r\n')
    assert.deepEqual(await here(words, folder), {
      code: 0,
      out: '0 rows imported; 7 rows of people.csv before\n',
      err: '',
    })
  })

  it('refuses a file that is not what it was', async () => {
    file('people.csv', csv(200))
    const words = ['import', 'people.csv', people.url]
    await here(words, folder)
    file('people.csv', csv(200).replace('P1,', 'Q1,'))
    const { code, err } = await here(words, folder)
    assert.equal(code, 2)
    assert.match(err, /^people\.csv is not what it was when 200 rows of it were imported\. .*--again/)
    assert.equal((await people.all()).length, 200)
  })

  it('reads NDJSON and JSON', async () => {
    file('a.ndjson', '{"name":"P0"}\n\n{"name":"P1","age":3}\n')
    file('b.json', '[{"name":"P2"}, {"name":"P3", "note":"x"}]')
    for (const name of ['a.ndjson', 'b.json'])
      assert.deepEqual(await here(['import', name, people.url], folder), { code: 0, out: '2 rows imported\n', err: '' })
    assert.deepEqual(await importedNames(), expectedNames(4))
    file('c.json', '[{"name":"P4"},{"age":-1}]')
    const { code, err } = await here(['import', 'c.json', people.url], folder)
    assert.equal(code, 4)
    assert.match(err, /^c\.json, item 2: “/)
  })

  it('changes items by PUT and PATCH', async () => {
    file(
      'a.csv',
      csv(9)
        .slice(0, 200)
        .replace(/[^\n]*$/, ''),
    )
    await here(['import', 'a.csv', people.url], folder)
    const changed = (await people.all()).slice(0, 2).map(({ id }) => ({ id, note: 'changed' }))
    file('b.json', JSON.stringify(changed))
    assert.equal((await here(['import', 'b.json', people.url, '--method', 'PATCH'], folder)).out, '2 rows imported\n')
    assert.equal((await people.all()).filter(({ note }) => note === 'changed').length, 2)
  })

  it('draws a bar on a terminal', { skip: withoutTerminal('long') }, async () => {
    file('people.csv', csv(200))
    const { said, ended } = startInTerminal(['import', 'people.csv', people.proxied, '--batch', '50'], folder)
    const drawn = said(/people\.csv \[=*>-+\] +\d+ % [\d.]+ k?B of [\d.]+ kB/)
    people.lost = async index => index >= 2 && drawn.then(() => false)
    const { code, out } = await ended
    assert.equal(code, 0)
    assert.match(out, /people\.csv \[=+\] 100 % [\d.]+ kB {2}done/)
  })

  for (const [name, words, message] of [
    ['a file that is not there', ['none.csv', 'x.example'], /^none\.csv is not there\.\n$/],
    ['a file of another kind', ['a.txt', 'x.example'], /--from csv, ndjson or json/],
    ['no CSV', ['bad.csv', 'x.example'], /^bad\.csv, line 3 has 1 cells where the first has 2\.\n$/],
    ['no NDJSON', ['bad.ndjson', 'x.example'], /^bad\.ndjson, line 2 is no JSON object\.\n$/],
    ['no array', ['bad.json', 'x.example'], /^bad\.json is no array\. /],
    ['JSON as CSV', ['bad.json', 'x.example', '--send', 'csv'], /^Only CSV is sent as CSV\./],
  ] as const)
    it(`is asked wrongly: ${name}`, async () => {
      file('a.txt', '')
      file('bad.csv', 'a,b\n1,2\n3\n')
      file('bad.ndjson', '{}\n[1]\n')
      file('bad.json', '{}')
      const { code, out, err } = await here(['import', ...words], folder)
      assert.deepEqual([code, out], [2, ''])
      assert.match(err, message)
      assert.ok(!existsSync(join(folder, `${words[0]}.import.json`)))
    })
})

describe('comity import to a plain server', () => {
  type Seen = { readonly method: string | undefined; readonly headers: IncomingHttpHeaders; readonly body: string }
  let server: Server
  let url: string
  let seen: Seen[]
  let status: (request: Seen, index: number) => number
  before(async () => {
    server = createServer(async (request, response) => {
      let body = ''
      for await (const piece of request) body += piece
      const one = { method: request.method, headers: request.headers, body }
      const code = status(one, seen.length)
      seen.push(one)
      response.writeHead(code).end()
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/things`
  })
  after(() => new Promise(resolve => server.close(resolve)))
  beforeEach(() => {
    seen = []
    status = () => 201
  })

  it('sends JSON where it takes no CSV', async () => {
    file('a.csv', 'id,name,ok,zip,none,text\n1,Ann,true,01234,,""\n2.5,"Bob",no,1e5,,\'=1+1\n')
    status = ({ headers }) => (headers['content-type'] === 'text/csv' ? 415 : 201)
    const { code, err } = await here(['import', 'a.csv', url], folder)
    assert.deepEqual([code, err], [0, 'The server takes no CSV: the rows are sent as JSON.\n'])
    assert.deepEqual(JSON.parse(seen[1]?.body ?? ''), [
      { id: 1, name: 'Ann', ok: true, zip: '01234', none: null, text: '' },
      { id: 2.5, name: 'Bob', ok: 'no', zip: '1e5', none: null, text: '=1+1' },
    ])
    assert.equal(seen.length, 2)
  })

  it('sends one object at a time, and nothing twice', async () => {
    file('a.csv', 'id,name\n1,Ann\n2,Bob\n3,Cas\n')
    const words = ['import', 'a.csv', url, '--batch', '1', '--text', '--retry', '0']
    status = (_, index) => (index === 1 ? 500 : 201)
    const { code, err } = await here(words, folder)
    assert.equal(code, 5)
    assert.match(err, /\nImported so far: 1 row of a\.csv\. The same command goes on behind them\.\n$/)
    assert.equal((await here(words, folder)).out, '2 rows imported; 1 row of a.csv before\n')
    assert.deepEqual(
      seen.map(({ body }) => JSON.parse(body)),
      [
        { id: '1', name: 'Ann' },
        { id: '2', name: 'Bob' },
        { id: '2', name: 'Bob' },
        { id: '3', name: 'Cas' },
      ],
    )
    // The second was sent again under the key that it had.
    const keys = seen.map(({ headers }) => headers['idempotency-key'])
    assert.equal(keys[1], keys[2])
    assert.equal(new Set(keys).size, 3)
  })

  it('passes by objects that are refused', async () => {
    file('a.ndjson', '{"id":1}\n{"id":2}\n{"id":3}\n')
    status = (_, index) => (index === 1 ? 409 : 201)
    const { code, out, err } = await here(['import', 'a.ndjson', url, '--batch', '1', '--lenient'], folder)
    assert.deepEqual([code, out], [1, '2 rows imported\n'])
    assert.match(err, /^1 of 3 rows failed:\n {2}a\.ndjson, line 2: POST .* was answered 409 Conflict\n/)
    assert.equal(readFileSync(join(folder, 'a.refused.ndjson'), 'utf8'), '{"id":2}\n')
  })
})
