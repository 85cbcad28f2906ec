// RFC 9110 §10.1.1: a client that waits for 100 (Continue) is told to go on only if its content will be read.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Serving, serve } from '@comity/server'
import bank from '../../examples/bank/api.ts'
import { problemOf } from '../support/problem.ts'
import { answersTo, openWire, requestText } from '../support/wire.ts'

let serving: Serving
before(async () => {
  serving = await serve(bank, { port: 0, hosts: ['127.0.0.1'] })
})
after(() => serving.close())

const account = JSON.stringify({ type: 'current', name: 'Expected', currency: 'EUR' })
const json = { 'content-type': 'application/json' }
const expecting = { ...json, expect: '100-continue', 'content-length': String(account.length) }

describe('100', () => {
  for (const [name, expect] of [
    ['as it is written', '100-continue'],
    ['in capitals', '100-Continue'],
  ] as const)
    it(`${name}: comes before the content, once, and the answer after it`, async () => {
      const wire = await openWire(serving.url)
      wire.send(requestText('POST /accounts', { ...expecting, expect }))
      const interim = await wire.next()
      assert.equal(interim?.status, 100)
      assert.deepEqual(interim?.fields, {})
      wire.send(account)
      assert.equal((await wire.next())?.status, 201)
      wire.send(requestText('GET /livez'))
      assert.equal((await wire.next())?.status, 200)
      wire.close()
    })

  it('the content may come without waiting', async () => {
    const wire = await openWire(serving.url)
    wire.send(requestText('POST /accounts', expecting))
    wire.send(account)
    const first = await wire.next()
    const answer = first?.status === 100 ? await wire.next() : first
    assert.equal(answer?.status, 201)
    wire.close()
  })

  it('is not sent to a request without content', async () => {
    const [answer] = await answersTo(
      serving.url,
      requestText('GET /livez', { expect: '100-continue', connection: 'close' }),
    )
    assert.equal(answer?.status, 200)
  })
})

/** Line, fields, status: what the request line and the fields give away already. */
const refusals: readonly (readonly [string, Readonly<Record<string, string>>, number])[] = [
  ['POST /accounts', { ...expecting, 'content-type': 'image/png' }, 415],
  ['POST /accounts', { ...expecting, 'content-encoding': 'compress' }, 415],
  ['POST /accounts', { ...expecting, 'content-length': '99999999' }, 413],
  ['POST /accounts', { ...expecting, 'content-type': 'text/csv', 'content-length': '1073741825' }, 413],
  ['POST /accounts', { ...expecting, 'content-type': 'application/x-ndjson', 'content-length': '1073741825' }, 413],
  [
    'POST /accounts',
    { ...expecting, 'content-type': 'text/csv', 'content-length': '1048577', prefer: 'handling=lenient' },
    413,
  ],
  ['PUT /accounts', { ...expecting, 'content-type': 'text/csv', 'content-length': '1048577' }, 413],
  ['PUT /jobs/x', expecting, 405],
  ['POST /accounts', { ...expecting, accept: 'image/png' }, 406],
  ['POST /accounts', { ...expecting, prefer: 'handling=strict, wait=soon' }, 400],
  ['POST /accounts?colour=red', expecting, 400],
  ['POST /accounts', { ...expecting, host: 'elsewhere.example' }, 421],
  ['POST /account', expecting, 404],
  ['POST /v9/accounts', expecting, 404],
  ['POST /rates', expecting, 405],
  ['PUT /accounts/x/transactions', expecting, 405],
  ['PROPFIND /accounts', expecting, 501],
  ['POST /accounts', { ...expecting, expect: '200-ok' }, 417],
  ['POST /accounts', { ...expecting, expect: '100-continue, 200-ok' }, 417],
  ['GET /livez', { expect: 'more' }, 417],
]

describe('a refusal comes without 100', () => {
  for (const [line, fields, status] of refusals)
    it(`${line}: ${status}`, async () => {
      const wire = await openWire(serving.url)
      wire.send(requestText(line, fields))
      problemOf(await wire.next(), status)
      wire.close()
    })

  it('and the content of a client that sent it all the same is not taken for a request', async () => {
    const smuggled = requestText('DELETE /accounts/smuggled')
    const fields = { ...expecting, 'content-type': 'image/png', 'content-length': String(smuggled.length) }
    const bytes = Buffer.concat([requestText('POST /accounts', fields), smuggled])
    const answers = await answersTo(serving.url, bytes)
    assert.deepEqual(
      answers.map(answer => answer.status),
      [415],
    )
  })
})
