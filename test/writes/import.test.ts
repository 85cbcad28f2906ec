// Contents of any length: imported as a whole or not at all, beside reads and other writes.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdir, readlink, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { test } from 'node:test'
import { linesOfThings, manyLines, mostLines, streamOf } from './lines.ts'
import { servingOnDisk } from './many.ts'
import { thingsApi } from './things.ts'

const csv = { 'content-type': 'text/csv' }
const { url, ask, count } = servingOnDisk(thingsApi({ limits: { body: 100_000, bodyTimeout: 2_000 } }))
const small = servingOnDisk(thingsApi({ limits: { body: 10_000, import: 50_000 } }))

/** Temporary files that the server, which is this process, holds open, without a name, by what may be done with them. */
async function spooled(): Promise<readonly string[]> {
  const modes: string[] = []
  for (const file of await readdir('/proc/self/fd')) {
    const link = await readlink(`/proc/self/fd/${file}`).catch(() => '')
    if (!link.includes('/comity-')) continue
    assert.match(link, / \(deleted\)$/)
    modes.push(((await stat(`/proc/self/fd/${file}`)).mode & 0o777).toString(8))
  }
  return modes
}

const hasFiles = process.platform === 'linux' ? {} : { skip: 'open files are not listed here' }

/** A connection that has sent the start of an import, and no more. */
async function stalled(sent: number) {
  const { hostname, port } = new URL(url())
  const socket = connect(Number(port), hostname).on('error', () => {})
  const content = `name\r\n${'stalled\r\n'.repeat(50_000)}`
  const head = `POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: ${content.length}\r\n\r\n`
  socket.write(head + content.slice(0, sent))
  return { socket, rest: content.slice(sent) }
}

for (const type of ['text/csv', 'application/x-ndjson'] as const)
  test(`${type}: ${mostLines.toLocaleString('en')} rows, with reads answered meanwhile`, async t => {
    const before = await count('/things')
    let done = false
    const told = ask('POST', '/things', { 'content-type': type }, streamOf(type, mostLines)).finally(() => {
      done = true
    })
    let reads = 0
    let slowest = 0
    let seen = before
    while (!done) {
      const start = performance.now()
      const now = await count('/things')
      if (!done) seen = now
      slowest = Math.max(slowest, performance.now() - start)
      reads++
    }
    const { status, text, fields } = await told
    assert.equal(status, 201, text)
    assert.equal(text, '')
    assert.equal(fields.get('x-total-count'), String(mostLines))
    assert.equal(await count('/things'), before + mostLines)
    assert.ok(seen === before || seen === before + mostLines, `${seen} were seen on the way`)
    assert.ok(reads >= 3, `only ${reads} reads were answered`)
    t.diagnostic(`${reads} reads meanwhile, the slowest took ${Math.round(slowest)} ms`)
  })

for (const [what, bad, status] of [
  ['a row that is not valid', { rank: 'many' }, 400],
  ['a row that a rule refuses', { rank: 13 }, 422],
  ['a row that breaks off', '"', 400],
] as const)
  test(`${what} near the end`, async () => {
    const before = await count('/things')
    const lines = manyLines
    const told = await ask('POST', '/things', csv, streamOf('text/csv', lines, { line: lines - 5, thing: bad }))
    assert.equal(told.status, status, told.text)
    assert.equal(told.json().line, lines - 5)
    assert.match(told.json().detail, new RegExp(`\\b${lines - 5}\\b`))
    assert.equal(await count('/things'), before)
  })

test('a thousand are told back, more are counted', async () => {
  const most = await ask('POST', '/things', csv, linesOfThings('text/csv', 1_000).join(''))
  assert.deepEqual([most.status, most.json().length], [201, 1_000])
  const more = await ask('POST', '/things', csv, linesOfThings('text/csv', 1_001).join(''))
  assert.deepEqual([more.status, more.text, more.fields.get('x-total-count')], [201, '', '1001'])
})

test('a header and no rows create nothing', async () => {
  const told = await ask('POST', '/things', csv, 'name,rank\r\n')
  assert.deepEqual([told.status, told.json()], [201, []])
})

test('a dry run of an import leaves nothing', async () => {
  const before = await count('/things')
  const told = await ask('POST', '/things', { ...csv, prefer: 'dry-run' }, streamOf('text/csv', manyLines))
  assert.deepEqual([told.status, told.fields.get('x-total-count')], [201, String(manyLines)])
  assert.match(told.fields.get('preference-applied') ?? '', /dry-run/)
  assert.equal(await count('/things'), before)
})

test('the key of an import stands for all of its content', async () => {
  const before = await count('/things')
  const fields = { ...csv, 'idempotency-key': `"${crypto.randomUUID()}"` }
  const first = await ask('POST', '/things', fields, streamOf('text/csv', manyLines))
  const second = await ask('POST', '/things', fields, streamOf('text/csv', manyLines))
  assert.deepEqual([first.status, second.status, second.fields.get('idempotency-replayed')], [201, 201, 'true'])
  const thing = { name: 'another' }
  const other = await ask('POST', '/things', fields, streamOf('text/csv', manyLines, { line: manyLines - 1, thing }))
  assert.equal(other.json().code, 'idempotency-key-reused')
  assert.equal(await count('/things'), before + manyLines)
})

test('a client that stalls keeps no other from writing', async () => {
  const before = await count('/things')
  const { socket, rest } = await stalled(300_000)
  await new Promise(resolve => setTimeout(resolve, 100))
  const told = await ask('POST', '/things', { 'content-type': 'application/json' }, '{"name":"meanwhile"}')
  assert.equal(told.status, 201)
  // The rest of the stalled import is not even sent yet.
  const answer = once(socket, 'data')
  socket.write(rest)
  assert.match(String(await answer), /^HTTP\/1\.1 201 Created\r\n/)
  socket.destroy()
  assert.equal(await count('/things'), before + 50_001)
})

test('a client that stalls for good is told so, and its file is gone', hasFiles, async () => {
  const { socket } = await stalled(300_000)
  await new Promise(resolve => setTimeout(resolve, 500))
  assert.deepEqual(await spooled(), ['600'])
  assert.match(String(await once(socket, 'data')), /^HTTP\/1\.1 408 Request Timeout\r\n/)
  socket.destroy()
  assert.deepEqual(await spooled(), [])
})

test('what is cut off leaves nothing, in the database or on disk', hasFiles, async () => {
  const before = await count('/things')
  const { socket } = await stalled(300_000)
  await new Promise(resolve => setTimeout(resolve, 200))
  assert.deepEqual(await spooled(), ['600'])
  socket.destroy()
  for (let tries = 0; tries < 50 && (await spooled()).length > 0; tries++)
    await new Promise(resolve => setTimeout(resolve, 20))
  assert.deepEqual(await spooled(), [])
  assert.equal(await count('/things'), before)
})

test('no file is left behind by what is done or refused', hasFiles, async () => {
  assert.equal((await ask('POST', '/things', csv, streamOf('text/csv', manyLines))).status, 201)
  const odd = { line: manyLines - 1_000, thing: { rank: 13 } }
  assert.equal((await ask('POST', '/things', csv, streamOf('text/csv', manyLines, odd))).status, 422)
  assert.equal((await small.ask('POST', '/things', csv, streamOf('text/csv', manyLines))).status, 413)
  assert.deepEqual(await spooled(), [])
})

for (const [what, type, lines, fields, status] of [
  ['an import within its limit', 'text/csv', 1_000, {}, 201],
  ['an import above its limit', 'text/csv', 10_000, {}, 413],
  ['lines above the limit', 'application/x-ndjson', 5_000, {}, 413],
  ['a lenient one that fits in memory', 'text/csv', 100, { prefer: 'handling=lenient' }, 207],
  ['a lenient one that does not', 'text/csv', 1_000, { prefer: 'handling=lenient' }, 413],
] as const)
  test(`${what}, with and without Content-Length`, async () => {
    const before = await small.count('/things')
    const whole = linesOfThings(type, lines).join('')
    for (const body of [whole, streamOf(type, lines)]) {
      const told = await small.ask('POST', '/things', { 'content-type': type, ...fields }, body)
      assert.equal(told.status, status, told.text)
      if (status !== 413) continue
      assert.equal(told.json().limit, 'prefer' in fields ? 10_000 : 50_000)
      if ('prefer' in fields) assert.match(told.json().detail, /handling=lenient/)
    }
    assert.equal(await small.count('/things'), before + (status === 413 ? 0 : 2 * lines))
  })

test('a larger list in JSON is not an import', async () => {
  const body = JSON.stringify(Array.from({ length: 1_000 }, (_, at) => ({ name: `thing ${at}` })))
  const told = await small.ask('POST', '/things', { 'content-type': 'application/json' }, body)
  assert.deepEqual([told.status, told.json().limit], [413, 10_000])
})
