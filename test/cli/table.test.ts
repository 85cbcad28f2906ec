// comity table, against the site of examples/site and a plain API that is asked for many things.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, beforeEach, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { serveSite } from '../../examples/site/serve.ts'
import { comity, here, start, startInTerminal, withoutTerminal } from './support/comity.ts'

const top = mkdtempSync(join(tmpdir(), 'comity-cli-table-'))
const ids = fileURLToPath(new URL('../../examples/site/ids.txt', import.meta.url))
let site: Awaited<ReturnType<typeof serveSite>>
let plain: Server
let url: string
let seen: string[]
let broken: (path: string) => boolean | Promise<boolean>
let folder: string
let names = 0

/** `/videos?id=x` answers an envelope of one, as video sites do. */
before(async () => {
  site = await serveSite()
  plain = createServer(async ({ url: path = '' }, response) => {
    seen.push(path)
    if (path === '/long') return response.writeHead(200, { 'content-type': 'text/plain' }).end('line\n'.repeat(40_000))
    const fails = await broken(path)
    const id = new URL(path, 'http://x').searchParams.get('id')
    const statistics = Number(id) % 3 === 0 ? {} : { statistics: { viewCount: Number(id) * 10 } }
    const items = [{ id, title: `Video “${id}”\u2028, the ${id}th`, ...statistics }]
    response.writeHead(fails ? 500 : 200, { 'content-type': 'application/json' }).end(JSON.stringify({ items }))
  })
  await new Promise<void>(resolve => plain.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(plain.address() as AddressInfo).port}/videos?id={id}`
})
after(async () => {
  for (const server of [site.server, plain]) {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
  rmSync(top, { recursive: true })
})
beforeEach(() => {
  folder = join(top, String(names++))
  mkdirSync(folder)
  seen = []
  broken = () => false
})

const read = (name: string) => readFileSync(join(folder, name), 'utf8')
const videos = ['--select', '$.items[*]', '--columns', 'id,statistics.viewCount']
const lines = (from: number, to: number) =>
  Array.from(
    { length: to - from + 1 },
    (_, at) => `${from + at},${(from + at) % 3 === 0 ? '' : (from + at) * 10}\n`,
  ).join('')

describe('comity table', () => {
  it('makes one table of many answers: chosen columns, what is missing empty, what failed listed', async () => {
    const words = ['table', `${site.url}/boats/{id}.json`, '--each', ids, '--columns', 'id,name,built,home.name']
    const { code, out, err } = await comity(words, folder)
    assert.equal(code, 1)
    assert.equal(
      out,
      'id,name,built,home.name\n1,Amber,1931,Saltholm\n2,Bella,1948,Saltholm\n3,Curlew,1977,Nordvik\n4,Dagny,,Saltholm\n5,Ekko,2003,Nordvik\n6,Fram,1999,Saltholm\n',
    )
    assert.equal(err, `1 of 7 requests failed:\n  ${site.url}/boats/7.json: answered 404 Not Found\n`)
  })

  it('says nothing where its reader leaves', async () => {
    const { child, ended } = start(['table', new URL('/long', url).href], folder)
    child.stdout?.once('data', () => child.stdout?.destroy())
    const { code, err } = await ended
    assert.deepEqual([code, err], [0, ''])
  })

  it('is in the order that was asked for, whichever answer came first', async () => {
    broken = path => new Promise(resolve => setTimeout(resolve, path.endsWith('=1') ? 40 : 1, false))
    const { code, out, err } = await here(['table', url, '--each', '1..9', ...videos], folder)
    assert.deepEqual([code, out, err], [0, `id,statistics.viewCount\n${lines(1, 9)}`, ''])
  })

  it('is written to a file, and asks only for what failed when it is run again', async () => {
    broken = path => path.endsWith('=4')
    const words = ['table', url, '--each', '-', ...videos, '--out', 'v.csv', '--retry', '0']
    const first = await here(words, folder, '3\n4\n\n5\n3\n')
    assert.deepEqual([first.code, first.out], [1, '2 rows written to v.csv\n'])
    assert.match(
      first.err,
      /^1 of 3 requests failed:\n.*id=4: answered 500 .*\nv\.csv\.part keeps the others\. The same command/,
    )
    assert.equal(read('v.csv'), `id,statistics.viewCount\n${lines(3, 3)}${lines(5, 5)}`)
    seen = []
    broken = () => false
    assert.deepEqual(await here(words, folder, '3\n4\n5\n6\n'), {
      code: 0,
      out: '4 rows written to v.csv\n',
      err: '',
    })
    assert.deepEqual(seen, ['/videos?id=4', '/videos?id=6'])
    assert.equal(read('v.csv'), `id,statistics.viewCount\n${lines(3, 6)}`)
    assert.deepEqual(readdirSync(folder), ['v.csv'])
  })

  const forty = ['table', '--each', '1..40', ...videos, '--out', 'v.csv', '--concurrency', '2']
  for (const how of ['it is killed', 'Ctrl-C'] as const)
    it(`goes on after ${how}`, async () => {
      const words = [...forty, url]
      const stop = new AbortController()
      const killed = how === 'Ctrl-C' ? undefined : start(words, folder)
      broken = async path => {
        if (path.endsWith('=20')) killed === undefined ? stop.abort() : killed.child.kill('SIGKILL')
        if (Number(path.split('=')[1]) >= 20) await killed?.ended
        return false
      }
      const { code, out, err } = await (killed?.ended ?? here(words, folder, '', { interrupted: stop.signal }))
      assert.equal(out, '')
      if (how === 'Ctrl-C') {
        assert.equal(code, 130)
        assert.match(
          err,
          /^Stopped: v\.csv\.part holds (?:18|19|20) of 40 answers\. The same command asks for the rest\.\n$/,
        )
      }
      assert.deepEqual(readdirSync(folder), ['v.csv.part'])
      // As if it had been ended within a line.
      if (how === 'it is killed') writeFileSync(join(folder, 'v.csv.part'), `${read('v.csv.part')}{"key":"x","ro`)
      const before = new Set(seen.slice(0, 15))
      seen = []
      broken = () => false
      assert.deepEqual(await here(words, folder), { code: 0, out: '40 rows written to v.csv\n', err: '' })
      assert.deepEqual(
        seen.filter(path => before.has(path)),
        [],
      )
      assert.equal(read('v.csv'), `id,statistics.viewCount\n${lines(1, 40)}`)
    })

  it('is NDJSON with all members, JSON, or a table of SQLite', async () => {
    const words = ['table', url, '--each', '1..3', '--select', '$.items']
    const { out } = await here([...words, '--as', 'ndjson'], folder)
    assert.equal(out.split('\n')[0], '{"id":"1","title":"Video “1”\u2028, the 1th","statistics":{"viewCount":10}}')
    await here([...words, '--columns', 'id,statistics.viewCount', '--out', 'v.json'], folder)
    assert.deepEqual(JSON.parse(read('v.json'))[2], { id: '3', 'statistics.viewCount': null })
    for (const columns of [[], ['--columns', 'id,title,statistics.viewCount', '--table', 'videos']])
      assert.deepEqual(await here([...words, ...columns, '--out', 'v.sqlite'], folder), {
        code: 0,
        out: '3 rows written to v.sqlite\n',
        err: '',
      })
    const database = new DatabaseSync(join(folder, 'v.sqlite'))
    const found = database.prepare('SELECT sum("statistics.viewCount") AS views, max(title) AS title FROM videos').get()
    assert.deepEqual({ ...found }, { views: 30, title: 'Video “3”\u2028, the 3th' })
    assert.equal(database.prepare('SELECT statistics FROM rows').get()?.statistics, '{"viewCount":10}')
    database.close()
  })

  it('is made of the lines of a text, the rows of CSV, and the places of a URL', async () => {
    const story = await here(['table', `${site.url}/story.txt`, '--out', 'story.csv'], folder)
    assert.equal(story.out, '31 rows written to story.csv\n')
    assert.match(
      read('story.csv'),
      /^line,text\n1,The clock of Saltholm\n2,""\n3,"The lighthouse of Saltholm had a clock, and/,
    )
    const words = await here(['table', `${site.url}/story.txt`, '--split', ' ', '--columns', 'first,second'], folder)
    assert.match(words.out, /^first,second\nThe,clock\n"",\nThe,lighthouse\n/)
    const fleet = await here(['table', `${site.url}/boats/fleet.csv`, '--columns', 'name,built'], folder)
    assert.equal(fleet.out, 'name,built\nAmber,1931\nBella,1948\nCurlew,1977\nDagny,""\n')
    writeFileSync(join(folder, 'places.csv'), 'id,kind\n1 2,a/b\n')
    await here(['table', `${url}&kind={kind}`, '--each', 'places.csv'], folder)
    assert.equal(seen.at(-1), '/videos?id=1%202&kind=a%2Fb')
    const given = await here(
      ['table', `${site.url}/boats/{boat}.json`, '--each', '1..2', '--columns', 'boat,name'],
      folder,
    )
    assert.equal(given.out, 'boat,name\n1,Amber\n2,Bella\n')
  })

  it('draws a bar on a terminal', { skip: withoutTerminal('long') }, async () => {
    const words = ['table', url, '--each', '1..60', ...videos, '--out', 'v.csv', '--retry', '0']
    const { said, ended } = startInTerminal(words, folder)
    const drawn = said(/table, 1 failed \[=*>-*\] +\d+ % \d+ of 60 answers/)
    // The last answer waits for the bar.
    broken = path => (path.endsWith('=60') ? drawn.then(() => false) : path.endsWith('=2'))
    const { code, out } = await ended
    assert.equal(code, 1)
    assert.match(out, /table, 1 failed \[=+\] 100 % 60 answers {2}done/)
  })

  for (const [name, words, message] of [
    ['no values', ['x.example/{id}'], /^Nothing is said to put into \{id\}\. Give the values by --each/],
    ['no place', ['x.example/', '--each', '1..2'], /^The URL has no place for a value of --each\. /],
    ['no such file', ['x.example/{id}', '--each', 'none.txt'], /^none\.txt cannot be read\. /],
    [
      'no such column',
      ['x.example/{id}/{b}', '--each', ids],
      /ids\.txt has no column id\. Its first line has to name id, b\.\n$/,
    ],
    ['no JSONPath', ['x.example/', '--select', 'items'], /“items” is no JSONPath/],
    ['no kind of file', ['x.example/', '--out', 'a.txt'], /--as csv, ndjson, json or sqlite/],
    ['SQLite on standard output', ['x.example/', '--as', 'sqlite'], /--out FILE/],
  ] as const)
    it(`is asked wrongly: ${name}`, async () => {
      const { code, out, err } = await here(['table', ...words], folder)
      assert.deepEqual([code, out], [2, ''])
      assert.match(err, message)
    })

  it('does not mix two tables in one file', async () => {
    broken = path => path.endsWith('=2')
    const words = ['table', url, '--each', '1..2', '--out', 'v.csv', '--retry', '0']
    assert.equal((await here(words, folder)).code, 1)
    const other = await here([...words, ...videos], folder)
    assert.deepEqual(
      [other.code, other.err],
      [2, 'v.csv.part is of another table. Ask for that one to its end, or begin anew with --fresh.\n'],
    )
    broken = () => false
    assert.equal((await here([...words, ...videos, '--fresh'], folder)).code, 0)
  })
})
