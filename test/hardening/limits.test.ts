// How much of everything a client may send. The bounds are the definition's, so that they are met with little.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Serving, serve } from '@comity/server'
import { notesApi } from '../support/notes.ts'
import { problemOf } from '../support/problem.ts'
import { answersTo, answerTo, openWire, requestText, type WireAnswer } from '../support/wire.ts'

const limits = { url: 500, body: 10_000, import: 30_000, depth: 5, members: 20, words: 4, values: 3 }
let serving: Serving
before(async () => {
  serving = await serve(notesApi(limits), { port: 0 })
})
after(() => serving.close())

const json = { 'content-type': 'application/json' }
const csv = { 'content-type': 'text/csv' }
const close = { connection: 'close' }
const post = (body: string, type = 'application/json', more: Readonly<Record<string, string>> = {}) =>
  answerTo(serving.url, requestText('POST /notes', { 'content-type': type, ...more }, body))
const get = (target: string) => answerTo(serving.url, requestText(`GET ${target}`))
const text = (length: number) => 'x'.repeat(length)

describe('fields', () => {
  it('one field that is too large is 431, and the connection ends', async () => {
    const answers = await answersTo(serving.url, requestText('GET /livez', { x: text(20_000) }))
    assert.equal(answers.length, 1)
    assert.equal(problemOf(answers[0], 431).code, 'header-fields-too-large')
    assert.equal(answers[0]?.fields.connection, 'close')
  })
  it('many small fields are 431 too', async () => {
    const fields = Object.fromEntries(Array.from({ length: 4_000 }, (_, n) => [`x${n}`, 'y']))
    problemOf(await answerTo(serving.url, requestText('GET /livez', fields)), 431)
  })
  it('a large field below the bound is read', async () => {
    assert.equal((await answerTo(serving.url, requestText('GET /livez', { x: text(15_000) })))?.status, 200)
  })
  it('a cookie and an Accept as large as they may be are', async () => {
    const accept = Array.from({ length: 500 }, (_, n) => `text/x${n};q=0.1`).join()
    assert.equal((await answerTo(serving.url, requestText('GET /notes', { accept })))?.status, 406)
  })
})

describe('the target', () => {
  const rows: readonly (readonly [string, string, number])[] = [
    ['a path at the bound', `/notes/${text(493)}`, 404],
    ['a path one character longer', `/notes/${text(494)}`, 414],
    ['a query at the bound', `/notes?title=${text(487)}`, 200],
    ['a query one character longer', `/notes?title=${text(488)}`, 414],
    ['a path that leads nowhere', `/${text(9_000)}`, 414],
    ['percent-encoded characters, counted as sent', `/notes/${'%41'.repeat(165)}`, 414],
    ['a target as large as all fields', `/${text(20_000)}`, 431],
  ]
  for (const [name, target, status] of rows)
    it(`${name}: ${status}`, async () => {
      const answer = await get(target)
      if (status === 200) assert.equal(answer?.status, 200)
      else problemOf(answer, status)
    })
  it('says the bound, and does not repeat the target', async () => {
    const answer = await get(`/notes/${text(5_000)}`)
    assert.match(problemOf(answer, 414).detail, /5007 characters; at most 500/)
    assert.ok((answer?.body.length ?? 0) < 1_000)
  })
})

describe('the content', () => {
  const body = JSON.stringify({ title: text(10_000 - '{"title":""}'.length) })
  it('at the bound is read', async () => {
    assert.equal((await post(body))?.status, 201)
  })
  it('one byte more is 413 by its Content-Length, before it is sent', async () => {
    const wire = await openWire(serving.url)
    wire.send(requestText('POST /notes', { ...json, 'content-length': '10001' }))
    const answer = await wire.next()
    assert.equal(problemOf(answer, 413).limit, 10_000)
    assert.equal(answer?.fields.connection, 'close')
    await wire.closed
    wire.close()
  })
  it('one byte more is 413 in chunks, without Content-Length', async () => {
    const wire = await openWire(serving.url)
    wire.send(requestText('POST /notes', { ...json, 'transfer-encoding': 'chunked' }))
    wire.send(`2711\r\n${text(10_001)}\r\n`)
    const answer = await wire.next()
    assert.equal(problemOf(answer, 413).limit, 10_000)
    assert.equal(answer?.fields.connection, 'close')
    await wire.closed
    wire.close()
  })
  for (const framing of ['Content-Length', 'chunks'] as const)
    it(`a client that sends megabytes (${framing}) before it looks still gets its 413`, async () => {
      const megabytes = Buffer.alloc(6 * 1024 * 1024, 0x20)
      const chunk = Buffer.concat([
        Buffer.from(`${megabytes.length.toString(16)}\r\n`),
        megabytes,
        Buffer.from('\r\n0\r\n\r\n'),
      ])
      const bytes =
        framing === 'chunks'
          ? Buffer.concat([requestText('POST /notes', { ...json, 'transfer-encoding': 'chunked' }), chunk])
          : requestText('POST /notes', json, megabytes)
      for (let round = 0; round < 5; round++) {
        const wire = await openWire(serving.url)
        wire.socket.pause()
        await new Promise(written => wire.socket.write(bytes, written))
        wire.socket.resume()
        problemOf(await wire.next(), 413)
        await wire.closed
        wire.close()
      }
    })
  it('a content that lies about its type is bounded as well', async () => {
    problemOf(await post(`<note><title>${text(10_000)}</title></note>`, 'application/xml'), 413)
    problemOf(await post(`[{"title":"${text(10_000)}"}]`), 413)
    problemOf(await answerTo(serving.url, requestText('PUT /notes', csv, `title\n${text(10_000)}`)), 413)
    problemOf(await answerTo(serving.url, requestText('PATCH /notes', csv, `title\n${text(10_000)}`)), 413)
    problemOf(await answerTo(serving.url, requestText('POST /fail', csv, `how\n${text(10_000)}`)), 413)
  })
  for (const [type, first, row] of [
    ['text/csv', 'title\n', 't\n'],
    ['application/x-ndjson', '', '{"title":"t"}\n'],
  ] as const) {
    const rows = (bytes: number) => {
      const whole = first + row.repeat(Math.floor((bytes - first.length) / row.length))
      return `${whole.slice(0, -1)}${' '.repeat(bytes - whole.length)}\n`
    }
    const lenient = { prefer: 'handling=lenient' }
    it(`${type}: an import has its own bound, in all`, async () => {
      assert.equal((await post(rows(30_000), type))?.status, 201)
      const over = await post(rows(30_001), type)
      assert.equal(problemOf(over, 413).limit, 30_000)
      assert.equal(over?.fields.connection, 'close')
    })
    it(`${type}: an import in chunks has it too`, async () => {
      const chunked = requestText('POST /notes', { 'content-type': type, 'transfer-encoding': 'chunked' })
      const content = rows(30_001)
      const bytes = `${content.length.toString(16)}\r\n${content}\r\n0\r\n\r\n`
      assert.equal(
        problemOf(await answerTo(serving.url, Buffer.concat([chunked, Buffer.from(bytes)])), 413).limit,
        30_000,
      )
    })
    it(`${type}: with handling=lenient the content has the bound of any other`, async () => {
      const over = await post(rows(10_001), type, lenient)
      assert.equal(problemOf(over, 413).limit, 10_000)
    })
    it(`${type}: a row has the bound of a content`, async () => {
      // Longer than what is read in one piece, so that its end is not waited for.
      const long = type === 'text/csv' ? text(17_000) : `{"title":"${text(17_000)}"}`
      const answer = await post(`${first}${row}${long}\n`, type)
      assert.match(problemOf(answer, 400).detail, /more than 10000 bytes/)
    })
  }
})

const ndjson = 'application/x-ndjson'
const nested = (depth: number) => `{"title":"t","data":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
const elements = (count: number) => `{"title":"t","data":[${Array(count).fill('1').join()}]}`

describe('what the content holds', () => {
  const rows: readonly (readonly [string, () => Promise<WireAnswer | undefined>, number, RegExp?])[] = [
    ['JSON as deep as may be', () => post(nested(5)), 201],
    ['JSON one level deeper', () => post(nested(6)), 400, /deeper than 5 levels/],
    ['JSON thousands of levels deep, unclosed', () => post('['.repeat(9_000)), 400, /deeper than 5 levels/],
    ['as many members as may be', () => post(elements(18)), 201],
    ['one member more', () => post(elements(19)), 400, /more than 20 members/],
    ['thousands of members', () => post(elements(4_000)), 400, /more than 20 members/],
    [
      'a patch that is too deep',
      () => answerTo(serving.url, requestText('PATCH /notes/x', json, nested(6))),
      400,
      /deeper than 5 levels/,
    ],
    [
      'a patch of too many operations',
      () =>
        answerTo(
          serving.url,
          requestText(
            'PATCH /notes/x',
            { 'content-type': 'application/json-patch+json' },
            JSON.stringify(Array(10).fill({ op: 'test', path: '/title', value: 't' })),
          ),
        ),
      400,
      /more than 20 members/,
    ],
    [
      'a QUERY that is too deep',
      () => answerTo(serving.url, requestText('QUERY /notes', json, '[[[[[[]]]]]]')),
      400,
      /deeper than 5 levels/,
    ],
    [
      'XML that is too deep',
      () => post(`${'<note>'.repeat(50)}${'</note>'.repeat(50)}`, 'application/xml'),
      400,
      /deep|level/,
    ],
    [
      'XML of too many members',
      () => post(`<note>${'<title>t</title>'.repeat(50)}</note>`, 'application/xml'),
      400,
      /20|title/,
    ],
    ['CSV of many rows, each within the bound', () => post(`title\n${'t\n'.repeat(50)}`, 'text/csv'), 201],
    [
      'CSV of a row of too many cells',
      () => post(`title\n${Array(21).fill('t')}\n`, 'text/csv'),
      400,
      /more than 20 cells/,
    ],
    [
      'CSV of a header of too many cells',
      () => post(`${Array(21).fill('t')}\n`, 'text/csv'),
      400,
      /more than 20 cells/,
    ],
    [
      'CSV of too many rows to be told of each',
      () => post(`title\n${'t\n'.repeat(50)}`, 'text/csv', { prefer: 'handling=lenient' }),
      400,
      /more than \d+ items/,
    ],
    [
      'CSV of too many cells, in a list that is no import',
      () => answerTo(serving.url, requestText('PUT /notes', csv, `id,title\n${'i,t\n'.repeat(11)}`)),
      400,
      /more than 20 cells/,
    ],
    ['NDJSON of many rows, each within the bound', () => post('{"title":"t"}\n'.repeat(50), ndjson), 201],
    [
      'NDJSON of a row that is too deep',
      () => post(`{"title":"t"}\n${nested(6)}\n`, ndjson),
      400,
      /deeper than 5 levels/,
    ],
    ['NDJSON of a row of too many members', () => post(`${elements(19)}\n`, ndjson), 400, /more than 20 members/],
    [
      'an array of too many members',
      () => post(JSON.stringify(Array(11).fill({ title: 't' }))),
      400,
      /more than 20 members/,
    ],
  ]
  for (const [name, ask, status, detail] of rows)
    it(`${name}: ${status}`, async () => {
      const answer = await ask()
      if (status === 201) assert.equal(answer?.status, 201, String(answer?.body))
      else assert.match(problemOf(answer, status).detail, detail ?? /./)
    })
})

describe('the query', () => {
  const rows: readonly (readonly [string, string, number, RegExp?])[] = [
    ['as many words as may be', '/notes?title=a&title.ne=b&rank=1&limit=5', 200],
    ['one word more', '/notes?title=a&title.ne=b&rank=1&limit=5&offset=0', 400, /more than 4 words/],
    ['empty words do not count', '/notes?&&&&&&&title=a', 200],
    ['as many values as may be', '/notes?title=a,b,c', 200],
    ['one value more', '/notes?title=a,b,c,d', 400, /3/],
    ['one value more, spelt out', '/notes?title.in=a,b,c,d', 400, /3/],
    ['too many ids', '/notes?id=a,b,c,d', 400, /3/],
  ]
  for (const [name, target, status, detail] of rows)
    it(`${name}: ${status}`, async () => {
      const answer = await get(target)
      if (status === 200) assert.equal(answer?.status, 200, String(answer?.body))
      else assert.match(problemOf(answer, status).detail, detail ?? /./)
    })
  it('a QUERY is bounded as a query string is', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const words = 'title=a&title.ne=b&rank=1&limit=5&offset=0'
    assert.match(
      problemOf(await answerTo(serving.url, requestText('QUERY /notes', form, words)), 400).detail,
      /more than 4 words/,
    )
    const members = JSON.stringify({ title: 'a', 'title.ne': 'b', rank: 1, limit: 5, offset: 0 })
    assert.match(problemOf(await answerTo(serving.url, requestText('QUERY /notes', json, members)), 400).detail, /4/)
    const values = JSON.stringify({ title: ['a', 'b', 'c', 'd'] })
    assert.match(problemOf(await answerTo(serving.url, requestText('QUERY /notes', json, values)), 400).detail, /3/)
  })
  it('a page is bounded', async () => {
    assert.match(problemOf(await get('/notes?limit=1001'), 400).detail, /1 to 1000/)
    problemOf(await get('/notes?limit=1e9'), 400)
    problemOf(await get('/notes?offset=99999999999999999999'), 400)
  })
})

it('a refusal of the content leaves the connection usable where all of it was read', async () => {
  const bytes = [requestText('POST /notes', json, nested(6)), requestText('GET /livez', close)]
  const [refused, next] = await answersTo(serving.url, Buffer.concat(bytes))
  problemOf(refused, 400)
  assert.equal(next?.status, 200)
})
