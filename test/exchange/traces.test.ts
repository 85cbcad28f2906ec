// The ways of requests, kept for who asks: /traces and /traces/{id}.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { collection, defineApi, type Serving, serve, text } from '@comity/server'
import { schemeNamed } from '../access/support/scheme.ts'
import { agent, call } from '../support/call.ts'

const resources = { notes: collection({ fields: { text: text({ max: 100 }) } }) }
let open: Serving
let guarded: Serving
let silent: Serving

before(async () => {
  open = await serve(defineApi({ title: 'Notes', resources }), { port: 0, traces: 3 })
  const authentication = [schemeNamed('Test')]
  guarded = await serve(defineApi({ title: 'Notes', resources, authentication }), { port: 0, traces: 10 })
  silent = await serve(defineApi({ title: 'Notes', resources }), { port: 0 })
})
after(async () => {
  agent.destroy()
  await Promise.all([open, guarded, silent].map(serving => serving.close()))
})

type Gate = { readonly gate: string; readonly outcome: string; readonly because?: string }

test('every answer names its trace, which tells each gate and the one that answered', async () => {
  const answer = await call('GET', `${open.url}/notes/none`)
  const place = answer.fields['x-trace'] ?? ''
  const trace = await call('GET', open.url + place)
  assert.deepEqual([trace.status, trace.fields['cache-control']], [200, 'no-store'])
  const { method, url, status, gates } = trace.json()
  assert.deepEqual([method, url, status], ['GET', '/notes/none', 404])
  const outcomes = Map.groupBy(gates as readonly Gate[], ({ outcome }) => outcome)
  assert.deepEqual(
    outcomes.get('answered')?.map(({ gate }) => gate),
    ['resource exists'],
  )
  assert.match(outcomes.get('answered')?.[0]?.because ?? '', /not-found/)
  assert.ok(outcomes.get('passed')?.some(({ gate }) => gate === 'route found'))
  assert.deepEqual(
    outcomes.get('not-asked')?.map(({ gate }) => gate),
    ['preconditions hold', 'range satisfiable'],
  )
})

test('a key that was used before stands on the way', async () => {
  const once = { 'idempotency-key': '"one"' }
  await call('POST', `${open.url}/notes`, once, { text: 'a' })
  const replayed = await call('POST', `${open.url}/notes`, once, { text: 'a' })
  const { gates } = (await call('GET', open.url + replayed.fields['x-trace'])).json()
  const answered = (gates as readonly Gate[]).find(({ outcome }) => outcome === 'answered')
  assert.equal(answered?.gate, 'key unused')
})

test('only so many are kept, and the latest is listed first', async () => {
  const places: string[] = []
  for (const path of ['/notes?limit=1', '/notes?limit=2', '/notes?limit=3', '/notes?limit=4'])
    places.push((await call('GET', open.url + path)).fields['x-trace'] ?? '')
  const listed = (await call('GET', `${open.url}/traces`)).json()
  assert.deepEqual(
    listed.map(({ url }: { url: string }) => url),
    ['/notes?limit=4', '/notes?limit=3', '/notes?limit=2'],
  )
  assert.equal((await call('GET', open.url + places[0])).status, 404)
})

test('as a page they are escaped, and run nothing', async () => {
  const answer = await call('GET', `${open.url}/notes/%3Cscript%3E`)
  const page = await call('GET', open.url + answer.fields['x-trace'], { accept: 'text/html' })
  assert.equal(page.status, 200)
  assert.doesNotMatch(page.text, /<script/)
  assert.match(page.fields['content-security-policy'] ?? '', /default-src 'none'/)
  assert.match(page.text, /resource exists/)
})

test('where callers are told apart, a trace is its caller’s own', async () => {
  const as = (id: string) => ({ authorization: `Test ${id}` })
  const answer = await call('GET', `${guarded.url}/notes/none`, as('ann'))
  const place = guarded.url + answer.fields['x-trace']
  const seen = await Promise.all([as('ann'), as('bob'), {}].map(fields => call('GET', place, fields)))
  assert.deepEqual(
    seen.map(({ status }) => status),
    [200, 404, 404],
  )
  assert.deepEqual(
    (await call('GET', `${guarded.url}/traces`, as('bob')))
      .json()
      .filter(({ url }: { url: string }) => url.startsWith('/notes')),
    [],
  )
  assert.equal((await call('GET', `${guarded.url}/traces`)).status, 401)
  // Who was never asked is told by which gate all the same.
  const unknown = await call('GET', `${guarded.url}/notes`)
  const why = await call('GET', guarded.url + unknown.fields['x-trace'])
  const gates = why.json().gates as readonly Gate[]
  assert.deepEqual(
    gates.filter(({ outcome }) => outcome === 'answered').map(({ gate }) => gate),
    ['authenticated'],
  )
})

test('without the option there are none, and nothing tells of them', async () => {
  const answer = await call('GET', `${silent.url}/notes`)
  assert.equal(answer.fields['x-trace'], undefined)
  const { status, text } = await call('GET', `${silent.url}/traces`)
  assert.equal(status, 404)
  assert.match(text, /keeps no traces/)
})
