// What a client counts, and how it tells it: to people, to Prometheus, to tracers.
import assert from 'node:assert/strict'
import diagnosticsChannel from 'node:diagnostics_channel'
import { after, test } from 'node:test'
import { type CallDiagnostics, type ClientOptions, createClient } from '@comity/client'
import { routeOf } from '../../packages/client/src/metrics/route.ts'
import { type Reply, scriptedServer } from './scripted.ts'

const server = scriptedServer()
const client = (options: ClientOptions = {}) => {
  const made = createClient({ baseUrl: server.url, retry: { base: 1 }, ...options })
  after(() => made.close())
  return made
}
const reply = (status = 200, body = 'abc', fields = {}): Reply => ({ status, fields, body })

const routes: readonly (readonly [path: string, route: string])[] = [
  ['/', '/'],
  ['/accounts', '/accounts'],
  ['/accounts/12', '/accounts/{id}'],
  ['/accounts/0198c2a4-8f8e-7cc5-9d54-6b3e11c2a7d0/transactions/7', '/accounts/{id}/transactions/{id}'],
  ['/files/5f2b1c9e8d7a6b5c4d3e2f1a', '/files/{id}'],
  ['/v1/statements-run', '/v1/statements-run'],
  ['/rates/EUR-CNY', '/rates/EUR-CNY'],
]
for (const [path, route] of routes) test(`the route of ${path}`, () => assert.equal(routeOf(path), route))

test('calls are counted by route: statuses, errors, first tries and retries, cache, bytes', async () => {
  let now = 0
  const took = (ms: number) => {
    now += ms
    return reply()
  }
  let tries = 0
  server.script('/accounts/1', () => took(10))
  server.script('/accounts/2', () => took(20))
  server.script('/flaky', () => (++tries < 3 ? reply(503) : took(5)))
  server.script('/cached', () => reply(200, 'abc', { 'cache-control': 'max-age=60' }))
  server.script('/cut', () => 'cut')
  server.script('/posted', () => reply(404, ''))
  const api = client({ metrics: { time: () => now } })
  await api.get('/accounts/1').text()
  await api.get('/accounts/{id}', { path: { id: 2 } }).text()
  await api.get('/flaky').text()
  await api.get('/cached').text()
  await api.get('/cached').text()
  await assert.rejects(api.get('/cut', { retry: false }))
  await assert.rejects(api.post('/posted', { body: { a: 1 } }), { status: 404 })
  const { routes, text } = api.metrics.report()
  const [accounts, flaky, cached, cut, posted] = ['/accounts/{id}', '/flaky', '/cached', '/cut', '/posted'].map(route =>
    routes.find(one => one.route === route),
  )
  assert.equal(accounts?.calls, 2)
  assert.equal(accounts?.ms.mean, 15)
  assert.ok(Math.abs((accounts?.ms.p50 ?? 0) - 10) <= 0.1)
  assert.ok(Math.abs((accounts?.ms.p99 ?? 0) - 20) <= 0.2)
  assert.deepEqual(accounts?.bytes, { sent: 0, received: 6 })
  assert.deepEqual([flaky?.calls, flaky?.successRate, flaky?.statuses], [1, 1, { 200: 1 }])
  assert.deepEqual([flaky?.first.count, flaky?.first.failed], [1, 1])
  assert.deepEqual([flaky?.retries.count, flaky?.retries.failed], [2, 1])
  assert.deepEqual(cached?.cache, { fresh: 1, stale: 0, revalidated: 0 })
  assert.deepEqual([cached?.calls, cached?.first.count, cached?.bytes.received], [2, 1, 3])
  assert.deepEqual([cut?.successRate, cut?.errors], [0, { reset: 1 }])
  assert.deepEqual(
    [posted?.method, posted?.successRate, posted?.statuses, posted?.bytes.sent],
    ['POST', 0, { 404: 1 }, 7],
  )
  assert.match(text(), /^origin +route +calls +ok .*\n.*GET \/accounts\/\{id\} +2 +100\.0 % +15\.0/m)
  checkPrometheus(api.metrics.prometheus(), 'comity_client_attempts_failed_total', { route: '/flaky', try: 'retry' }, 1)
})

test('the caller can say the route, and routes are bounded', async () => {
  const api = client({ metrics: { routes: 3 } })
  for (let n = 0; n < 10; n++) {
    server.script(`/r/${'abcdefghij'[n]}`, () => reply())
    await api.get(`/r/${'abcdefghij'[n]}`).text()
  }
  const { routes } = api.metrics.report()
  assert.equal(routes.length, 4)
  assert.equal(routes.find(({ route }) => route === '(other)')?.calls, 7)
  const other = client()
  await other.get('/r/a', { route: '/things/{name}' }).text()
  assert.deepEqual(
    other.metrics.report().routes.map(({ route }) => route),
    ['/things/{name}'],
  )
})

test('extended clients count together, and one may count nothing', async () => {
  server.script('/x', () => reply())
  const api = client()
  await api
    .extend({ fields: { a: '1' } })
    .get('/x')
    .text()
  await api.extend({ retry: false }).get('/x').text()
  assert.equal(api.metrics.report().routes[0]?.calls, 2)
  const silent = client({ metrics: false })
  await silent.get('/x').text()
  assert.throws(() => silent.metrics, TypeError)
})

/** Reads the text format 0.0.4; each family has its type before its samples, and each sample is told once. */
function parsePrometheus(text: string) {
  assert.ok(text.endsWith('\n'))
  const types = new Map<string, string>()
  const samples = new Map<string, { name: string; labels: Record<string, string>; value: number }>()
  for (const line of text.trimEnd().split('\n')) {
    const [, name, type] = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|summary|histogram|untyped)$/.exec(line) ?? []
    if (name !== undefined && type !== undefined) {
      assert.ok(!types.has(name), `${name} twice`)
      types.set(name, type)
      continue
    }
    if (/^# HELP [a-zA-Z_:][\w:]* ./.test(line)) continue
    const [, sample, pairs = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    assert.ok(sample !== undefined, `not a sample: ${line}`)
    const labels: Record<string, string> = {}
    const pair = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/y
    while (pair.lastIndex < pairs.length) {
      const [, label = '', said = ''] = pair.exec(pairs) ?? []
      assert.ok(label !== '' && !(label in labels), line)
      labels[label] = said.replace(/\\(.)/g, (_, one) => (one === 'n' ? '\n' : one))
    }
    const family = types.has(sample) ? sample : sample.replace(/_(?:sum|count)$/, '')
    assert.ok(types.has(family), `${sample} before its type`)
    if (types.get(family) === 'counter') assert.match(sample, /_total$/)
    const id = `${sample} ${JSON.stringify(labels)}`
    assert.ok(!samples.has(id), `${id} twice`)
    assert.ok(Number.isFinite(Number(value)), line)
    samples.set(id, { name: sample, labels, value: Number(value) })
  }
  return [...samples.values()]
}

function checkPrometheus(text: string, name: string, labels: Record<string, string>, value: number) {
  const found = parsePrometheus(text).filter(
    sample => sample.name === name && Object.entries(labels).every(([label, said]) => sample.labels[label] === said),
  )
  assert.deepEqual(
    found.map(sample => sample.value),
    [value],
  )
}

test('Prometheus reads it, whatever a route is called', async () => {
  server.script('/x', () => reply())
  const api = client()
  const route = 'a "quoted" \\ and\nbroken one'
  await api.get('/x', { route }).text()
  checkPrometheus(api.metrics.prometheus(), 'comity_client_calls_total', { route, ended: '200' }, 1)
  checkPrometheus(api.metrics.prometheus(), 'comity_client_call_duration_seconds_count', { route }, 1)
})

test('tracers are told of each call, and may add fields', async () => {
  const seen: string[] = []
  const sent: (string | undefined)[] = []
  server.script('/traced', ({ fields }) => {
    sent.push(fields.traceparent as string | undefined)
    return reply(sent.length === 1 ? 200 : 404, '')
  })
  const channel = diagnosticsChannel.tracingChannel<CallDiagnostics>('comity.client.call')
  const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const handlers = {
    start(call: CallDiagnostics) {
      call.fields.traceparent = trace
      seen.push(`start ${call.method} ${new URL(call.url).pathname}`)
    },
    end: () => void seen.push('end'),
    asyncStart: () => {},
    asyncEnd: (call: CallDiagnostics) => void seen.push(`asyncEnd ${call.result?.status ?? 'no result'}`),
    error: (call: CallDiagnostics) => void seen.push(`error ${(call.error as Error).name}`),
  }
  const api = client()
  channel.subscribe(handlers)
  try {
    await api.get('/traced')
    await assert.rejects(api.get('/traced'))
    server.script('/traced', () => 'cut')
    await assert.rejects(api.get('/traced', { retry: false }))
  } finally {
    channel.unsubscribe(handlers)
  }
  assert.deepEqual(sent, [trace, trace])
  const start = 'start GET /traced'
  assert.deepEqual(seen, [
    start,
    'end',
    'asyncEnd 200',
    start,
    'end',
    'asyncEnd 404',
    start,
    'end',
    'error NetworkError',
    'asyncEnd no result',
  ])
})
