// Each status that keeps somebody out, from its real cause: the problem, the page that its type leads to, and the trace that
// tells which gate it was.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { collection, defineApi, type Serving, serve, service, text } from '@comity/server'
import { schemeNamed } from '../access/support/scheme.ts'
import { agent, call, type Fields } from '../support/call.ts'

const api = defineApi({
  title: 'Notes',
  authentication: [schemeNamed('Test')],
  resources: {
    notes: collection({ fields: { text: text({ max: 100 }) }, access: 'callers' }),
    secrets: collection({ fields: { text: text({ max: 100 }) }, access: 'nobody' }),
    hang: service({ timeout: 20, input: {}, output: {}, handle: () => new Promise(() => {}), access: 'callers' }),
    often: service({ input: {}, output: {}, handle: () => ({}), access: 'callers' }),
    paid: service({ input: {}, output: {}, handle: () => ({}), access: 'callers' }),
  },
  rates: {
    fast: { per: 'caller', requests: 1, window: 60, on: ['often'] },
    plan: { per: 'caller', requests: 1, window: 'month', on: ['paid'], beyond: 'pay' },
  },
})

let serving: Serving
before(async () => {
  serving = await serve(api, { port: 0, traces: 100, pseudonym: 'here', hosts: ['127.0.0.1', 'localhost'] })
})
after(async () => {
  agent.destroy()
  await serving.close()
})

const ann = { authorization: 'Test ann' }
/** One too many, with Host, Authorization and Connection: more are not read to their end. */
const many = Object.fromEntries(Array.from({ length: 198 }, (_, n) => [`x-${n}`, 'y']))
const twice = async (path: string) => {
  await call('GET', serving.url + path, ann)
  return path
}

type Passage = { readonly gate: string; readonly outcome: string; readonly because?: string }
type Row = readonly [status: number, code: string, gate: string, path: string, fields: Fields, prepare?: () => unknown]

const rows: readonly Row[] = [
  [401, 'authentication-required', 'authenticated', '/notes', {}],
  [401, 'credentials-invalid', 'authenticated', '/notes', { authorization: 'Test wrong' }],
  [403, 'forbidden', 'permitted', '/secrets', ann],
  [402, 'quota-exhausted', 'within limits', '/paid', ann, () => twice('/paid')],
  [421, 'misdirected-request', 'host served', '/notes', { ...ann, host: 'elsewhere.example' }],
  [429, 'rate-limited', 'within limits', '/often', ann, () => twice('/often')],
  [431, 'header-fields-too-large', 'message understood', '/notes', { ...ann, ...many }],
  [
    451,
    'unavailable-for-legal-reasons',
    'not blocked by law',
    '/notes',
    ann,
    () => serving.block({ path: '/notes', by: 'https://court.example/' } as never),
  ],
  [503, 'maintenance', 'service available', '/often', ann, () => serving.setMode({ kind: 'maintenance' })],
  [504, 'upstream-timeout', 'perform', '/hang', ann, () => serving.setMode({ kind: 'normal' })],
  [508, 'loop-detected', 'not a loop', '/notes', { ...ann, via: '1.1 here' }],
]

for (const [status, code, gate, path, fields, prepare] of rows)
  test(`${status} ${code}`, async () => {
    await prepare?.()
    const answer = await call('GET', serving.url + path, fields)
    assert.deepEqual([answer.status, answer.json().code], [status, code])
    const page = await call('GET', `${serving.url}/problems/${code}`, { accept: 'text/html' })
    assert.equal(page.status, 200)
    assert.ok(page.text.includes(String(status)) && page.text.length > 1_000)
    const trace = await call('GET', serving.url + answer.fields['x-trace'], ann)
    const [answered] = (trace.json().gates as readonly Passage[]).filter(({ outcome }) => outcome === 'answered')
    assert.equal(answered?.gate, gate)
    assert.ok(answered?.because?.startsWith(`${code}: `))
  })
