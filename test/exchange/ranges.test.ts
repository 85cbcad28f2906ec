// RFC 9110 §14 over a socket: every form of Range, against the bytes of the whole.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { collection, defineApi, service, type Trace, text } from '@comity/server'
import fc from 'fast-check'
import { serving, startApi } from '../support/bank.ts'
import { answerTo, openWire, requestText, type WireAnswer } from '../support/wire.ts'

let clock = Date.UTC(2030, 0, 1)
let traced: Trace | undefined
const library = serving(() =>
  startApi(
    defineApi({
      title: 'Pages',
      resources: {
        pages: collection({ fields: { body: text({ max: 100_000 }) } }),
        echo: service({ input: { said: text() }, output: { said: text() }, handle: ({ said }) => ({ said }) }),
      },
    }),
    {
      now: () => clock,
      trace: trace => {
        traced = trace
      },
    },
  ),
)

async function pageOf(body: string) {
  const made = await library.call('POST', '/pages', {}, { body })
  assert.equal(made.status, 201)
  return { path: made.fields.location ?? '', etag: made.fields.etag ?? '' }
}

async function get(path: string, fields: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<WireAnswer> {
  const answer = await answerTo(library.url, requestText(`${method} ${path}`, { ...fields, connection: 'close' }))
  assert.ok(answer && answer.end === 'whole')
  return answer
}

type Part = { readonly first: number; readonly last: number; readonly bytes: Buffer }

/** The parts of a 206; everything that a reader relies on is looked at. */
function partsOf({ fields, body }: WireAnswer, whole: Buffer, type: string): readonly Part[] {
  assert.equal(fields['content-length'], String(body.length))
  const read = (contentRange: string | undefined, bytes: Buffer): Part => {
    const [, first, last, length] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(contentRange ?? '') ?? []
    assert.equal(Number(length), whole.length)
    const part = { first: Number(first), last: Number(last), bytes }
    assert.deepEqual(bytes, whole.subarray(part.first, part.last + 1))
    return part
  }
  const [, boundary] =
    /^multipart\/byteranges; boundary=([0-9A-Za-z'()+_,./:=?-]{1,70})$/.exec(fields['content-type'] ?? '') ?? []
  if (boundary === undefined) {
    assert.equal(fields['content-type'], type)
    return [read(fields['content-range'], body)]
  }
  assert.equal(fields['content-range'], undefined)
  assert.ok(!whole.includes(boundary))
  const pieces = body.toString('latin1').split(`--${boundary}`)
  assert.equal(pieces[0], '')
  assert.equal(pieces.at(-1), '--\r\n')
  const parts = pieces.slice(1, -1).map(piece => {
    const stop = piece.indexOf('\r\n\r\n')
    const [, partType, contentRange] =
      /^\r\nContent-Type: ([^\r]+)\r\nContent-Range: ([^\r]+)$/.exec(piece.slice(0, stop)) ?? []
    assert.equal(partType, type)
    assert.ok(piece.endsWith('\r\n'))
    return read(contentRange, Buffer.from(piece.slice(stop + 4, -2), 'latin1'))
  })
  assert.ok(parts.length > 1)
  return parts
}

const rows: readonly (readonly [name: string, range: string, expected: string])[] = [
  ['the first bytes', 'bytes=0-9', '0-9'],
  ['one byte', 'bytes=0-0', '0-0'],
  ['open-ended', 'bytes=990-', '990-1037'],
  ['all of it', 'bytes=0-', '0-1037'],
  ['a suffix', 'bytes=-10', '1028-1037'],
  ['a suffix longer than the whole', 'bytes=-99999', '0-1037'],
  ['a last byte past the end', 'bytes=1030-99999', '1030-1037'],
  ['several', 'bytes=0-9, 100-109,-5', '0-9 100-109 1033-1037'],
  ['several out of order', 'bytes=-5,0-9', '1033-1037 0-9'],
  ['overlapping', 'bytes=0-9, 5-14', '0-14'],
  ['adjacent', 'bytes=10-19, 0-9', '0-19'],
  ['one of two is there', 'bytes=99999-, 3-4', '3-4'],
  ['past the end', 'bytes=1038-', '416'],
  ['a suffix of nothing', 'bytes=-0', '416'],
  ['backward', 'bytes=9-0', '200'],
  ['another unit', 'items=0-9', '200'],
  ['nonsense', 'bytes=a-b', '200'],
  ['more than two overlap', 'bytes=0-10,5-15,8-20', '200'],
  ['twenty-one', `bytes=${Array.from({ length: 21 }, (_, at) => `${at * 9}-${at * 9}`).join()}`, '200'],
]

describe('ranges of an item', () => {
  for (const [name, range, expected] of rows)
    test(name, async () => {
      const { path } = await pageOf('x'.repeat(905))
      const whole = await get(path)
      assert.equal(whole.body.length, 1038)
      const answer = await get(path, { range })
      if (expected === '416') {
        assert.deepEqual([answer.status, answer.fields['content-range']], [416, 'bytes */1038'])
        const { code, detail, length } = JSON.parse(answer.body.toString())
        assert.deepEqual([code, length], ['range-not-satisfiable', 1038])
        assert.ok(detail.includes(range) && detail.includes('1038'))
        return
      }
      if (expected === '200') {
        assert.deepEqual([answer.status, answer.body], [200, whole.body])
        return
      }
      assert.equal(answer.status, 206)
      const parts = partsOf(answer, whole.body, 'application/json')
      assert.equal(parts.map(({ first, last }) => `${first}-${last}`).join(' '), expected)
      for (const field of ['etag', 'last-modified', 'cache-control', 'vary', 'accept-ranges'])
        assert.equal(answer.fields[field], whole.fields[field], field)
    })
})

test('random ranges of random representations, in every format', async () => {
  const wire = await openWire(library.url)
  const ask = async (path: string, fields: Readonly<Record<string, string>> = {}) => {
    wire.send(requestText(`GET ${path}`, fields))
    const answer = await wire.next()
    assert.ok(answer)
    return answer
  }
  const near = fc.oneof(fc.nat(20), fc.nat(2_000))
  const spec = fc.oneof(
    fc.tuple(near, near).map(([first, more]) => [first, first + more] as const),
    fc.tuple(near).map(([first]) => [first, undefined] as const),
    fc.tuple(near).map(([suffix]) => [undefined, suffix] as const),
  )
  const seen = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme', maxLength: 400 }).map(body => body.replace(/\p{Cc}/gu, '-')),
      fc.constantFrom('', '.xml', '.csv', '.ndjson', '?fields=id', '?fields=body'),
      fc.array(spec, { minLength: 1, maxLength: 5 }),
      async (body, view, specs) => {
        const { path } = await pageOf(body)
        const whole = await ask(path + view)
        assert.deepEqual([whole.status, whole.fields['accept-ranges']], [200, 'bytes'])
        const { length } = whole.body
        const answer = await ask(path + view, {
          range: `bytes=${specs.map(([first, last]) => `${first ?? ''}-${last ?? ''}`).join()}`,
          'if-range': whole.fields.etag ?? '',
        })
        seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1)
        const asked = specs.map(([first, last]) => {
          const from = first ?? Math.max(0, length - (last ?? 0))
          const to = first === undefined ? length - 1 : Math.min(last ?? length, length - 1)
          return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at)
        })
        const wanted = new Set(asked.flat())
        const sets = asked.map(bytes => new Set(bytes))
        const overlapping = sets.filter((one, at) =>
          sets.some((other, to) => to !== at && [...one].some(byte => other.has(byte))),
        )
        if (wanted.size === 0)
          assert.deepEqual([answer.status, answer.fields['content-range']], [416, `bytes */${length}`])
        else if (overlapping.length > 2) assert.deepEqual([answer.status, answer.body], [200, whole.body])
        else {
          assert.equal(answer.status, 206)
          const parts = partsOf(answer, whole.body, whole.fields['content-type'] ?? '')
          const got = parts.flatMap(({ first, last }) =>
            Array.from({ length: last - first + 1 }, (_, at) => first + at),
          )
          assert.equal(got.length, wanted.size)
          assert.ok(got.every(byte => wanted.has(byte)))
        }
      },
    ),
    { numRuns: process.env.COMITY_LONG ? 5_000 : 300 },
  )
  wire.close()
  assert.ok(
    [200, 206, 416].every(status => seen.has(status)),
    JSON.stringify([...seen]),
  )
})

test('ranges of a list, a service and a page put together are the whole', async () => {
  for (const path of ['/pages?limit=3', '/pages.xml', '/echo?said=hello', '/openapi.json', '/docs', '/problems', '/']) {
    const whole = await get(path)
    assert.deepEqual([whole.status, whole.fields['accept-ranges']], [200, 'bytes'], path)
    const half = Math.floor(whole.body.length / 2)
    const etag = whole.fields.etag ?? ''
    const first = await get(path, { range: `bytes=0-${half - 1}`, 'if-range': etag })
    const rest = await get(path, { range: `bytes=${half}-`, 'if-range': etag })
    assert.deepEqual([first.status, rest.status, first.fields.etag, rest.fields.etag], [206, 206, etag, etag], path)
    assert.deepEqual(Buffer.concat([first.body, rest.body]), whole.body)
  }
})

test('what has no length has no ranges, and says so', async () => {
  await pageOf('one')
  for (const method of ['GET', 'HEAD'])
    assert.equal((await library.call(method, '/pages?limit=all')).fields['accept-ranges'], 'none')
  const answer = await library.call('GET', '/pages?limit=all', { range: 'bytes=0-4' })
  assert.deepEqual([answer.status, answer.fields['content-range']], [200, undefined])
  assert.ok(answer.json().length > 0)
})

test('Range is for GET that finds something, and for nothing else', async () => {
  const { path, etag } = await pageOf('only GET')
  const range = 'bytes=0-4'
  const whole = await get(path)
  const head = await library.call('HEAD', path, { range })
  assert.deepEqual([head.status, head.fields['content-length']], [200, String(whole.body.length)])
  assert.equal((await library.call('QUERY', '/pages', { range }, {})).status, 200)
  assert.equal((await library.call('PATCH', path, { range }, { body: 'changed' })).status, 200)
  assert.equal((await library.call('GET', '/pages/none', { range })).status, 404)
  const refused = await library.call('GET', '/pages/none?always_success_code=true', { range })
  assert.deepEqual([refused.status, refused.json().code], [200, 'not-found'])
  const unsatisfiable = await library.call('GET', `${path}?always_success_code=true`, { range: 'bytes=99999-' })
  assert.deepEqual([unsatisfiable.status, unsatisfiable.json().code], [200, 'range-not-satisfiable'])
  assert.equal((await library.call('GET', path, { range: 'bytes=99999-', 'if-match': etag })).status, 412)
})

test('the conditions come first', async () => {
  const { path, etag } = await pageOf('conditions')
  assert.equal((await library.call('GET', path, { range: 'bytes=0-4', 'if-none-match': etag })).status, 304)
  assert.equal((await library.call('GET', path, { range: 'bytes=9999-', 'if-none-match': etag })).status, 304)
  assert.equal((await library.call('GET', path, { range: 'bytes=0-4', 'if-match': '"x"' })).status, 412)
  assert.equal((await library.call('GET', path, { range: 'bytes=0-4', 'if-match': etag })).status, 206)
  const { etag: page } = (await library.call('GET', '/problems')).fields
  assert.equal((await library.call('GET', '/problems', { range: 'bytes=0-4', 'if-none-match': page })).status, 304)
})

test('If-Range: the ETag in its strong form, or the date once its second is over', async () => {
  const { path, etag } = await pageOf('if range')
  const range = 'bytes=0-4'
  const status = async (ifRange: string) => (await library.call('GET', path, { range, 'if-range': ifRange })).status
  const modified = (await library.call('GET', path)).fields['last-modified'] ?? ''
  const stored = Date.parse(modified)
  clock = stored + 999
  assert.equal(await status(modified), 200, 'the second lasts: another version may get the same date')
  clock = stored + 1_000
  assert.equal(await status(modified), 206)
  assert.equal(await status(new Date(stored + 1_000).toUTCString()), 200, 'later is not the same')
  assert.equal(await status(new Date(stored - 1_000).toUTCString()), 200)
  assert.deepEqual([await status(etag), await status(`W/${etag}`), await status(`${etag}, "x"`)], [206, 200, 200])
  assert.equal(await status('*'), 200)
  assert.equal((await library.call('GET', path, { 'if-range': '"x"' })).status, 200)
  await library.call('PATCH', path, {}, { body: 'if range, changed' })
  assert.equal(await status(etag), 200, 'what is resumed is not spliced from two versions')
})

test('the trace has the gate, with what it compared', async () => {
  const { path } = await pageOf('traced')
  const last = async (range?: string) => {
    await library.call('GET', path, { range })
    return traced?.steps.at(-1)
  }
  assert.deepEqual(await last(), { gate: 'range satisfiable', section: 'RFC 9110 §14.2', outcome: 'passed' })
  assert.equal((await last('bytes=0-4'))?.outcome, 'passed')
  const refused = await last('bytes=5000-')
  assert.equal(refused?.outcome, 'answered')
  assert.match(refused?.because ?? '', /^range-not-satisfiable: Range is “bytes=5000-”, and there are \d+ bytes\.$/)
})

test('a player that seeks reads what a player that does not would', async () => {
  const { path } = await pageOf('v'.repeat(90_000))
  const whole = await get(path)
  const { length } = whole.body
  const probe = await get(path, { range: 'bytes=0-' })
  assert.deepEqual([probe.status, probe.fields['content-range']], [206, `bytes 0-${length - 1}/${length}`])
  const read: Buffer[] = []
  const end = await get(path, { range: `bytes=${length - 1000}-` })
  for (let at = 0; at < length - 1000; at += 20_000) {
    const range = `bytes=${at}-${Math.min(at + 19_999, length - 1001)}`
    read.push((await get(path, { range, 'if-range': whole.fields.etag ?? '' })).body)
  }
  assert.deepEqual(Buffer.concat([...read, end.body]), whole.body)
})
