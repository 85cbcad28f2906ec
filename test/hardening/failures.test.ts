// What fails inside: the caller learns that it did and an id, the log learns the rest, and nothing is half done.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Serving, serve } from '@comity/server'
import { notesApi, secret } from '../support/notes.ts'
import { problemOf } from '../support/problem.ts'
import { startServer } from '../support/server-process.ts'
import { answerTo, requestText } from '../support/wire.ts'

const json = { 'content-type': 'application/json' }
const fail = (how: string, fields: Readonly<Record<string, string>> = {}) =>
  requestText('POST /fail', { ...json, ...fields }, JSON.stringify({ how }))

describe('a handler that fails', () => {
  let serving: Serving
  const reported: { error: unknown; id: string }[] = []
  before(async () => {
    serving = await serve(notesApi(), { port: 0, onError: (error, id) => reported.push({ error, id }) })
  })
  after(() => serving.close())

  const rows: readonly (readonly [string, string])[] = [
    ['throws an error', 'throw'],
    ['throws what is no error', 'object'],
    ['throws null', 'null'],
    ['fails later', 'later'],
    ['writes to an item that is not there', 'sql'],
    ['returns what is not its output', 'wrong'],
  ]
  for (const [name, how] of rows)
    it(`that ${name}: 500, an id, nothing of the inside, nothing written`, async () => {
      reported.length = 0
      const answer = await answerTo(serving.url, fail(how))
      const problem = problemOf(answer, 500)
      assert.equal(problem.code, 'internal-error')
      assert.doesNotMatch(`${answer?.head}${answer?.body}`, new RegExp(secret))
      assert.equal(reported.length, 1)
      assert.equal(problem.id, reported[0]?.id)
      assert.equal(problem.instance, `urn:uuid:${problem.id}`)
      const left = await fetch(`${serving.url}/notes`)
      assert.deepEqual(await left.json(), [])
    })

  it('two failures have two ids', async () => {
    const one = problemOf(await answerTo(serving.url, fail('throw')), 500)
    const other = problemOf(await answerTo(serving.url, fail('throw')), 500)
    assert.notEqual(one.id, other.id)
  })

  it('the caller may have its problem as XML, and in its language', async () => {
    const answer = await answerTo(serving.url, fail('throw', { accept: 'application/xml', 'accept-language': 'ru' }))
    assert.equal(answer?.status, 500)
    assert.match(answer?.fields['content-type'] ?? '', /^application\/problem\+xml/)
    assert.doesNotMatch(String(answer?.body), new RegExp(secret))
    assert.match(answer?.body.toString() ?? '', /[а-я]/)
  })
})

it('the log of a served API has the id and the cause on one line', async t => {
  const server = await startServer(new URL('../support/failing-api.ts', import.meta.url))
  t.after(() => server.stop('SIGKILL'))
  const problem = problemOf(await answerTo(server.url, fail('throw')), 500)
  const { err } = await server.stop()
  const lines = err.split('\n').filter(line => line.includes(String(problem.id)))
  assert.equal(lines.length, 1, err)
  const logged = JSON.parse(lines[0] ?? '')
  assert.equal(logged.id, problem.id)
  assert.equal(logged.err.message, secret)
  assert.match(logged.err.stack, /notes\.ts/)
})
