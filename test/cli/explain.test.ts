// comity explain: the way through the gates of a Comity server, and what the answers of any other promise.
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { type Serving, serve } from '@comity/server'
import bank from '../../examples/bank/api.ts'
import { comity, here } from './support/comity.ts'

const cwd = process.cwd()
let traced: Serving
let untraced: Serving
const servers: Server[] = []

before(async () => {
  traced = await serve(bank, { port: 0, traces: 100 })
  untraced = await serve(bank, { port: 0 })
})
after(async () => {
  await Promise.all([traced.close(), untraced.close()])
  for (const server of servers) server.close().closeAllConnections()
})

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handle).listen(0, '127.0.0.1')
  servers.push(server)
  await new Promise(resolve => server.once('listening', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('the way is drawn: what passed, what answered and why, what was not asked', async () => {
  const { code, out } = await here(['explain', 'PUT', `${traced.url}/accounts/none`, 'If-Match:"old"', 'name=x'], cwd)
  assert.equal(code, 0)
  assert.match(out, /^PUT http.*\/accounts\/none\n4\d\d /)
  assert.match(out, /✓ message understood/)
  assert.match(out, /● [a-z -]+ RFC 9110 §15\.5\.\d+\n {2}└ [a-z-]+: /)
  assert.match(out, /· range satisfiable/)
})

test('the same for programs', async () => {
  const { out } = await here(
    ['explain', 'get', `${traced.url}/accounts`, 'Accept:application/x-nothing', '--as', 'json'],
    cwd,
  )
  const { status, gates } = JSON.parse(out)
  assert.equal(status, 406)
  assert.deepEqual(
    gates
      .filter(({ outcome }: { outcome: string }) => outcome === 'answered')
      .map(({ gate }: { gate: string }) => gate),
    ['representation chosen'],
  )
})

test('a Comity server without traces keeps what it promises', async () => {
  const { out } = await here(['explain', 'GET', `${untraced.url}/accounts`, '--as', 'json'], cwd)
  const { findings } = JSON.parse(out)
  assert.deepEqual(
    findings.filter(({ kind }: Finding) => kind === 'broken'),
    [],
  )
  const kept = findings.filter(({ kind }: Finding) => kind === 'kept').map(({ about }: Finding) => about)
  assert.deepEqual([...new Set(kept)].toSorted(), ['content', 'errors', 'negotiation', 'ranges', 'validators'])
})

type Finding = { readonly kind: string; readonly about: string; readonly text: string; readonly section: string }

/** Each promises something and breaks it; what is found for it. */
const broken: readonly (readonly [
  what: string,
  said: RegExp,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
])[] = [
  ['an ETag without quotes', /entity tag stands in double quotes/, (_, r) => r.setHeader('etag', 'abc').end('x')],
  ['an ETag that is not honoured', /same content again, not 304/, (_, r) => r.setHeader('etag', '"a"').end('x')],
  [
    'a 304 without its fields',
    /304 leaves out etag/,
    (q, r) => {
      if (q.headers['if-none-match']) r.writeHead(304).end()
      else r.setHeader('etag', '"a"').end('x')
    },
  ],
  [
    'ranges that are said and not answered',
    /Accept-Ranges is bytes, and Range: bytes=0-0 was answered 200/,
    (_, r) => r.setHeader('accept-ranges', 'bytes').end('xyz'),
  ],
  [
    'a part that is the whole',
    /Asked for one byte, it sent 3/,
    (q, r) => {
      if (q.headers.range) r.writeHead(206, { 'content-range': 'bytes 0-0/3' }).end('xyz')
      else r.end('xyz')
    },
  ],
  [
    '416 without a length',
    /416 does not say in Content-Range/,
    (q, r) => {
      if (q.headers.range === 'bytes=0-0') r.writeHead(206, { 'content-range': 'bytes 0-0/3' }).end('x')
      else if (q.headers.range) r.writeHead(416).end()
      else r.end('xyz')
    },
  ],
  [
    'a choice that Vary does not tell',
    /Vary does not say so/,
    (q, r) =>
      r
        .setHeader('content-type', q.headers.accept === 'application/x-nothing' ? 'text/plain' : 'application/json')
        .end('{}'),
  ],
  [
    'a coding that Vary does not tell',
    /Vary does not say Accept-Encoding/,
    (q, r) => {
      if (q.headers['accept-encoding'] === 'gzip') r.setHeader('content-encoding', 'gzip')
      r.end('x')
    },
  ],
  [
    'one ETag for two codings',
    /same strong ETag/,
    (q, r) => {
      if (q.headers['accept-encoding'] === 'gzip') r.setHeader('content-encoding', 'gzip')
      r.setHeader('vary', 'accept-encoding').setHeader('etag', '"a"').end('x')
    },
  ],
  ['content without a type', /without a Content-Type/, (_, r) => r.end('x')],
  [
    'a HEAD that says something else',
    /HEAD is answered 500/,
    (q, r) => r.writeHead(q.method === 'HEAD' ? 500 : 200).end('x'),
  ],
  [
    'a page for what is not there',
    /A path that nobody has is answered 200/,
    (_, r) => r.setHeader('content-type', 'text/html').end('<p>'),
  ],
  ['401 without a challenge', /401 does not say in WWW-Authenticate/, (_, r) => r.writeHead(401).end()],
  ['405 without Allow', /405 does not say in Allow/, (_, r) => r.writeHead(405).end()],
  ['206 to who asked for no part', /206 does not say in Content-Range/, (_, r) => r.writeHead(206).end('x')],
  [
    'a cookie that anybody may keep',
    /others may get it/,
    (_, r) => r.setHeader('set-cookie', 'a=b').setHeader('cache-control', 'public, max-age=60').end('x'),
  ],
  [
    'max-age of what is not kept',
    /contradict each other/,
    (_, r) => r.setHeader('cache-control', 'no-store, max-age=60').end('x'),
  ],
]

test('a promise that is broken is found', async t => {
  for (const [what, said, handle] of broken)
    await t.test(what, async () => {
      const { code, out } = await here(['explain', 'GET', await listen(handle), '--as', 'json'], cwd)
      assert.equal(code, 0)
      const { findings } = JSON.parse(out) as { readonly findings: readonly Finding[] }
      assert.ok(
        findings.some(({ kind, text, section }) => kind === 'broken' && said.test(text) && section !== ''),
        out,
      )
    })
})

test('a server that does everything right breaks nothing', async () => {
  const url = await listen((q, r) => {
    r.setHeader('cache-control', 'max-age=60').setHeader('etag', '"a"').setHeader('vary', 'accept')
    if (q.url !== '/') r.writeHead(404, { 'content-type': 'application/problem+json' }).end('{}')
    else if (q.headers['if-none-match'] === '"a"') r.writeHead(304).end()
    else if (q.headers.accept === 'application/x-nothing') r.writeHead(406).end()
    else if (q.headers.range === 'bytes=0-0') r.writeHead(206, { 'content-range': 'bytes 0-0/2' }).end('{')
    else if (q.headers.range) r.writeHead(416, { 'content-range': 'bytes */2' }).end()
    else
      r.setHeader('accept-ranges', 'bytes')
        .setHeader('content-type', 'application/json')
        .setHeader('x-content-type-options', 'nosniff')
        .end('{}')
  })
  const { out } = await here(['explain', 'GET', url], cwd)
  assert.match(out, /✗ 0 broken, · 0 could be better/)
  assert.match(out, /fresh for 60 s/)
})

test('only GET is asked more, and --no-more asks once', async () => {
  const asked: string[] = []
  const url = await listen((q, r) => {
    asked.push(`${q.method} ${q.url}`)
    r.setHeader('etag', '"a"').end('x')
  })
  await here(['explain', 'POST', `${url}/things`, 'a=b'], cwd)
  await here(['explain', 'GET', `${url}/things`, '--no-more'], cwd)
  assert.deepEqual(asked, ['POST /things', 'GET /things'])
})

test('a trace that leads elsewhere is not followed, and credentials go nowhere else', async () => {
  const heard: string[] = []
  const other = await listen((q, r) => {
    heard.push(q.headers.authorization ?? '')
    r.end('{}')
  })
  const url = await listen((_, r) => r.setHeader('x-trace', `${other}/traces/1`).end('x'))
  const { code, out } = await here(['explain', 'GET', url, 'Authorization:Bearer s3cret'], cwd)
  assert.deepEqual([code, heard], [0, []])
  assert.doesNotMatch(out, /s3cret/)
})

test('as a process; what cannot be asked is said', async () => {
  const { code, out } = await comity(['explain', 'GET', `${traced.url}/accounts?limit=0`], cwd)
  assert.equal(code, 0)
  assert.match(out, /● query understood/)
  const refused = await here(['explain', 'GET', 'http://127.0.0.1:1/'], cwd)
  assert.deepEqual([refused.code, /127\.0\.0\.1:1/.test(refused.err)], [1, true])
  assert.equal((await here(['explain', 'G E T', 'http://127.0.0.1:1/'], cwd)).code, 2)
})
