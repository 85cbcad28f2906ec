// RFC 9457: every problem the server answers with is explained at its `type`, and can be had with a 200.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixRate, openAccount, serving, startBank } from '../support/bank.ts'
import type { Fields } from '../support/call.ts'

const bank = serving(startBank)

const account = { type: 'current', name: 'Problem', currency: 'EUR' }
const asJsonPatch = { 'content-type': 'application/json-patch+json' }

type Row = readonly [code: string, status: number, method: string, path: string, fields?: Fields, body?: unknown]

const met: readonly Row[] = [
  ['method-not-implemented', 501, 'PROPFIND', '/accounts'],
  ['malformed-uri', 400, 'GET', '/accounts?name=%ff'],
  ['uri-too-long', 414, 'GET', `/accounts?name=${'x'.repeat(9000)}`],
  ['no-such-resource', 404, 'GET', '/account'],
  ['version-unknown', 404, 'GET', '/v9/accounts'],
  ['method-not-allowed', 405, 'POST', '/rates'],
  ['expectation-failed', 417, 'GET', '/accounts', { expect: 'a miracle' }],
  ['content-too-large', 413, 'POST', '/accounts', {}, { ...account, name: 'x'.repeat(3_000_000) }],
  ['unsupported-media-type', 415, 'POST', '/accounts', { 'content-type': 'text/plain' }, 'hello'],
  ['unsupported-content-coding', 415, 'POST', '/accounts', { 'content-encoding': 'compress' }, account],
  ['preference-unsupported', 400, 'GET', '/accounts', { prefer: 'handling=strict, magic' }],
  ['undecodable-content', 400, 'POST', '/accounts', { 'content-encoding': 'br' }, account],
  ['not-acceptable', 406, 'GET', '/accounts', { accept: 'image/png' }],
  ['coding-not-acceptable', 406, 'GET', '/accounts', { 'accept-encoding': 'identity;q=0' }],
  ['invalid-query', 400, 'GET', '/accounts?limit=x'],
  ['invalid-query', 400, 'GET', '/convert?from=EUR'],
  ['malformed-content', 400, 'POST', '/accounts', {}, '{"type":'],
  ['invalid-content', 400, 'POST', '/accounts', {}, { ...account, name: '' }],
  ['not-found', 404, 'GET', '/accounts/none'],
  ['gone', 410, 'GET', 'GONE'],
  ['precondition-failed', 412, 'PATCH', 'ACCOUNT', { 'if-match': '"x"' }, { name: 'No' }],
  ['invalid-precondition', 400, 'PATCH', 'ACCOUNT', { 'if-match': 'x' }, { name: 'No' }],
  ['precondition-required', 428, 'DELETE', 'RATE'],
  ['patch-test-failed', 409, 'PATCH', 'ACCOUNT', asJsonPatch, [{ op: 'test', path: '/name', value: 'Other' }]],
  ['conflict', 409, 'PATCH', 'ACCOUNT', asJsonPatch, [{ op: 'remove', path: '/nothing' }]],
  ['insufficient-funds', 422, 'POST', 'ACCOUNT/transactions', {}, { type: 'debit', amount: '1', date: '2014-01-01' }],
  ['unknown-currency', 422, 'GET', '/convert?from=EUR&to=XXX&amount=1'],
  ['rate-id-mismatch', 422, 'PATCH', 'RATE', { 'if-match': '*' }, { base: 'EUR' }],
  ['rule-refused', 422, 'PATCH', '/accounts', {}, [{ id: 'none', name: 'x' }]],
]

const places: Readonly<Record<string, () => Promise<string>>> = {
  ACCOUNT: async () => (await openAccount(bank)).path,
  RATE: async () => (await fixRate(bank)).path,
  async GONE() {
    const { path } = await openAccount(bank)
    await bank.call('DELETE', path)
    return path
  },
}

async function targetOf(path: string): Promise<string> {
  const [name = '', rest = ''] = path.split(/(?=\/)(?!^)/)
  const place = places[name]
  return place ? (await place()) + rest : path
}

for (const [code, status, method, path, fields = {}, body] of met)
  test(`${status} ${code}: ${method} ${path.slice(0, 60)}`, async () => {
    const target = await targetOf(path)
    const answer = await bank.call(method, target, fields, body)
    assert.equal(answer.status, status, answer.text)
    assert.equal(answer.fields['content-type'], 'application/problem+json')
    assert.equal(answer.fields['cache-control'], 'no-store')
    const problem = answer.json()
    assert.deepEqual([problem.code, problem.status], [code, status])
    for (const member of ['title', 'detail', 'userMessage'])
      assert.ok(typeof problem[member] === 'string' && problem[member].length > 0, member)
    if (code !== 'uri-too-long') assert.equal(problem.instance, target)

    // Its type is a page, for programs and for people.
    assert.equal(problem.type, `${bank.url}/problems/${code}`)
    const explained = await bank.call('GET', problem.type.slice(bank.url.length))
    assert.equal(explained.status, 200)
    const { type, title, messages } = explained.json()
    assert.deepEqual([type, title, messages.en], [problem.type, problem.title, problem.userMessage])
    for (const [language, message] of Object.entries(messages as Record<string, string>)) {
      const wishes = { accept: 'text/html', 'accept-language': language }
      const page = await bank.call('GET', problem.type.slice(bank.url.length), wishes)
      assert.deepEqual([page.status, page.fields['content-language']], [200, language])
      assert.match(page.text, new RegExp(`<html lang="${language}"`))
      assert.ok(page.text.includes(message.replaceAll('&', '&amp;')), message)
    }
    const index = await bank.call('GET', '/problems')
    assert.ok(index.json().some((row: { code: string }) => row.code === code))
  })

for (const [code, status, method, path, fields = {}, body] of met)
  test(`always_success_code with ${code}: ${method} ${path.slice(0, 60)}`, async () => {
    if (code === 'uri-too-long' || code === 'malformed-uri') return
    const target = await targetOf(path)
    const honest = (await bank.call(method, target, fields, body)).json()
    const words = `${target.includes('?') ? '&' : '?'}always_success_code=true`
    const answer = await bank.call(method, target + words, fields, body)
    assert.equal(answer.status, 200)
    const { instance, ...problem } = answer.json()
    const { instance: _, ...expected } = honest
    assert.deepEqual([problem, problem.status], [expected, status])
    assert.equal(instance, target + words)
    for (const other of ['always_success_code=false', 'always_success_code=1', 'always_success_code']) {
      const refused = await bank.call(method, `${target}${words[0]}${other}`, fields, body)
      assert.equal(refused.status, status, other)
    }
  })

test('always_success_code leaves what succeeds as it is', async () => {
  const { path, etag } = await openAccount(bank)
  const quiet = `${path}?always_success_code=true`
  assert.equal((await bank.call('GET', quiet)).text, (await bank.call('GET', path)).text)
  assert.equal((await bank.call('GET', quiet, { 'if-none-match': etag })).status, 304)
  assert.equal((await bank.call('DELETE', quiet)).status, 204)
  assert.equal((await bank.call('POST', '/accounts?always_success_code=true', {}, account)).status, 201)
})

test('every page of the list of problems is there, and every code has one status', async () => {
  const rows: readonly { type: string; code: string; status: number }[] = (await bank.call('GET', '/problems')).json()
  assert.ok(rows.length > 40)
  assert.equal(new Set(rows.map(({ code }) => code)).size, rows.length)
  for (const { type, code } of rows) {
    const page = await bank.call('GET', type.slice(bank.url.length), { accept: 'text/html' })
    assert.equal(page.status, 200, code)
  }
})

test('each fault of a content has its pointer', async () => {
  const body = { type: 'bond', name: '', currency: 'euro', balance: '1.00', id: 'x', nmae: 1 }
  const { errors } = (await bank.call('POST', '/accounts', {}, body)).json()
  const pointers = errors.map(({ pointer }: { pointer: string }) => pointer).sort()
  assert.deepEqual(pointers, ['/balance', '/currency', '/id', '/name', '/nmae', '/type'])
  const many = await bank.call('PUT', '/accounts', {}, [{ ...account, id: 'x', name: 1 }, 7])
  const places = many.json().errors.map(({ pointer }: { pointer: string }) => pointer)
  assert.deepEqual(places, ['/0/name', '/1'])
})
