// RFC 9110 §15.5.12, RFC 9112 §6.3: a method that needs content is not guessed to have none.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serving, startBank } from '../support/bank.ts'
import { problemOf } from '../support/problem.ts'
import { answerTo, requestText } from '../support/wire.ts'

const bank = serving(startBank)

const json = { 'content-type': 'application/json' }
const lines = ['POST /accounts', 'PUT /accounts', 'PUT /rates/EUR-CNY', 'PATCH /accounts/x', 'QUERY /accounts']

for (const line of lines)
  test(`411 without Content-Length and Transfer-Encoding: ${line}`, async () => {
    assert.equal(problemOf(await answerTo(bank.url, requestText(line, json)), 411).code, 'length-required')
    // A content that is empty is a content of known length.
    const empty = await answerTo(bank.url, requestText(line, { ...json, 'content-length': '0' }))
    assert.equal(problemOf(empty, 400).code, 'malformed-content')
  })

test('no 411 where the content comes in chunks, nor where none is needed', async () => {
  const account = '{"type":"current","name":"Chunked","currency":"EUR"}'
  const chunked = requestText('POST /accounts', { ...json, 'transfer-encoding': 'chunked' })
  const chunks = `${account.length.toString(16)}\r\n${account}\r\n0\r\n\r\n`
  assert.equal((await answerTo(bank.url, Buffer.concat([chunked, Buffer.from(chunks)])))?.status, 201)
  assert.equal((await answerTo(bank.url, requestText('DELETE /accounts?name=none')))?.status, 204)
  assert.equal((await answerTo(bank.url, requestText('OPTIONS /accounts')))?.status, 204)
})
