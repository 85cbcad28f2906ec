// The order of the gates: of two faults in one request, the one that is asked first answers, and the trace says so.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Trace } from '@comity/server'
import { openAccount, serving, startBank } from '../support/bank.ts'
import { answerTo, requestText } from '../support/wire.ts'

let traced: Trace | undefined
const note = (trace: Trace) => {
  traced = trace
}
const bank = serving(() => startBank({ hosts: ['127.0.0.1'], trace: note }))

type Asked = {
  readonly method: string
  readonly path: string
  readonly words: string
  readonly fields: Readonly<Record<string, string>>
  readonly body: string
}

type Spoil = (asked: Asked) => Partial<Asked>

const field =
  (name: string, value: string): Spoil =>
  ({ fields }) => ({ fields: { ...fields, [name]: value } })

/** In the order in which they are asked. */
const faults: readonly (readonly [gate: string, status: number, code: string, spoil: Spoil])[] = [
  ['method known', 501, 'method-not-implemented', () => ({ method: 'PROPFIND' })],
  ['URI acceptable', 400, 'malformed-uri', ({ words }) => ({ words: `${words}a=%ff&` })],
  ['host served', 421, 'misdirected-request', field('host', 'evil.example')],
  ['route found', 404, 'no-such-resource', () => ({ path: '/nothing' })],
  ['version served', 404, 'version-unknown', field('api-version', '9')],
  ['method allowed', 405, 'method-not-allowed', () => ({ method: 'POST' })],
  ['expectation met', 417, 'expectation-failed', field('expect', 'a miracle')],
  ['content length known', 411, 'length-required', () => ({ body: '' })],
  ['content understood', 415, 'unsupported-media-type', field('content-type', 'text/plain')],
  ['preferences understood', 400, 'preference-unsupported', field('prefer', 'handling=strict, x')],
  ['representation chosen', 406, 'not-acceptable', field('accept', 'image/png')],
  ['coding acceptable', 406, 'coding-not-acceptable', field('accept-encoding', 'identity;q=0')],
  ['query understood', 400, 'invalid-query', ({ words }) => ({ words: `${words}what=1&` })],
  ['content well-formed and valid', 400, 'malformed-content', () => ({ body: '{' })],
  ['resource exists', 404, 'not-found', () => ({ path: '/accounts/none' })],
  ['preconditions hold', 412, 'precondition-failed', field('if-match', '"x"')],
]

async function send(path: string, spoilers: readonly Spoil[]) {
  const fields = { 'content-type': 'application/json' }
  let asked: Asked = { method: 'PATCH', path, words: '', fields, body: '{"name":"Changed"}' }
  // The first that is asked has the last word, where two of them spoil the same.
  for (const spoil of spoilers.toReversed()) asked = { ...asked, ...spoil(asked) }
  const words = asked.words === '' ? '' : `?${asked.words}`
  traced = undefined
  const answer = await answerTo(
    bank.url,
    requestText(`${asked.method} ${asked.path}${words}`, asked.fields, asked.body),
  )
  assert.ok(answer)
  return { ...answer, trace: traced as Trace | undefined }
}

for (const [first, [gate, status, code, spoil]] of faults.entries())
  test(`${gate}: before every gate that comes later`, async () => {
    const { path, etag } = await openAccount(bank)
    for (const [, , , later] of [faults[first], ...faults.slice(first + 1)].filter(fault => fault !== undefined)) {
      const { body, trace, ...answer } = await send(path, [spoil, later])
      assert.deepEqual([answer.status, JSON.parse(body.toString()).code], [status, code])
      const last = trace?.steps.at(-1)
      assert.deepEqual([last?.gate, last?.outcome, trace?.status], [gate, 'answered', status])
      assert.ok(last?.because?.startsWith(`${code}: `) && last.section.startsWith('RFC '))
      assert.ok(trace?.steps.slice(0, -1).every(({ outcome }) => outcome === 'passed'))
    }
    assert.equal((await bank.call('HEAD', path)).fields.etag, etag, 'something was written')
  })

test('a request without a fault passes them all', async () => {
  const { path } = await openAccount(bank)
  const { status, trace } = await send(path, [])
  assert.equal(status, 200)
  const passed = trace?.steps.map(step => step.gate) ?? []
  const order = faults.map(([gate]) => gate)
  assert.deepEqual(
    passed.filter(gate => order.includes(gate)),
    order,
  )
  assert.ok(trace?.steps.every(({ outcome }) => outcome === 'passed'))
})
