// Random requests to the bank over its real sockets: nothing fails inside, and every answer is one that the OpenAPI
// document of that very server describes. COMITY_SEED and COMITY_RUNS override which requests, and how many.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { startBank } from '../support/bank.ts'
import { answerTo, requestText, type WireAnswer } from '../support/wire.ts'
import { converse } from './conversation.ts'
import { type Description, readDescription } from './description.ts'
import { type Judged, judge } from './judge.ts'
import { plans } from './plans.ts'
import { curlOf, fieldOf, type SentRequest } from './request.ts'

const seed = Number(process.env.COMITY_SEED || 20141231)
const runs = Number(process.env.COMITY_RUNS || 2_000)
/** Each on a bank of its own, so that not everything is deleted after a while. */
const parts = 4

/** Statuses that the requests must have met, or they are no longer the requests they are meant to be. */
const usual = [
  200, 201, 202, 204, 207, 303, 304, 308, 400, 404, 405, 406, 409, 410, 411, 412, 414, 415, 417, 422, 428, 501,
]

const met = new Map<number, number>()
let replayed = 0

for (let part = 1; part <= parts; part++)
  test(`random requests get answers that the document describes (${part} of ${parts}, seed ${seed})`, async () => {
    const failures: string[] = []
    const bank = await startBank({
      onError: error => failures.push(error instanceof Error ? (error.stack ?? '') : String(error)),
    })
    const conversation = await converse(bank.url)
    try {
      const description = await describe(bank.url)
      const resolved = new Set<string>()
      const property = fc.asyncProperty(plans, async plan => {
        const request = await conversation.resolve(plan)
        const first = await conversation.send(request)
        // What has a key is sent twice, and both answers are judged.
        const isKeyed = ['POST', 'PATCH'].includes(request.method) && fieldOf(request, 'idempotency-key') !== undefined
        await check(request, first)
        if (!isKeyed || first === undefined) return
        const second = await conversation.send(request)
        await check(request, second)
        const { status, body, fields } = second ?? first
        if (fields['idempotency-replayed'] === undefined) return
        replayed++
        assert.equal(status, first.status, curlOf(request))
        if (body.length > 0 || first.body.length < 1_000_000)
          assert.equal(body.toString(), first.body.toString(), curlOf(request))
      })
      async function check(request: SentRequest, answer: WireAnswer | undefined): Promise<void> {
        try {
          assert.ok(answer, 'the connection ended without an answer')
          const { status, problem } = judge(description, request, answer, conversation.becameJob(request.target))
          met.set(status, (met.get(status) ?? 0) + 1)
          if (problem !== undefined && !resolved.has(problem.type)) await followType(bank.url, problem)
          if (problem !== undefined) resolved.add(problem.type)
        } catch (error) {
          const said = answer && `${answer.head}\n\n${answer.body.toString().slice(0, 2_000)}`
          throw new Error(`${(error as Error).message}\n\n${curlOf(request)}\n\n${said}\n\n${failures.join('\n')}`)
        }
      }
      const result = await fc.check(property, { seed: seed + part, numRuns: Math.ceil(runs / parts) })
      if (result.failed) {
        const { message } = result.errorInstance as Error
        assert.fail(`request ${result.numRuns} (COMITY_SEED=${seed}, shrunk ${result.numShrinks} times): ${message}`)
      }
      assert.deepEqual(failures, [])
    } finally {
      conversation.close()
      await bank.close()
    }
  })

test('the random requests met every usual status', {
  skip: seed !== 20141231 || runs < 2_000 ? 'other requests' : false,
}, () => {
  assert.deepEqual(
    usual.filter(status => !met.has(status)),
    [],
    JSON.stringify([...met]),
  )
  assert.ok(replayed > 0, 'no answer was a replay')
})

async function describe(url: string): Promise<Description> {
  const answer = await answerTo(url, requestText('GET /openapi.json', { connection: 'close' }))
  assert.equal(answer?.status, 200)
  return readDescription(answer?.body.toString() ?? '')
}

/** RFC 9457 §3.1.1: the address says what the problem is. */
async function followType(url: string, { type, code }: NonNullable<Judged['problem']>): Promise<void> {
  const { pathname } = new URL(type, url)
  const answer = await answerTo(
    url,
    requestText(`GET ${pathname}`, { connection: 'close', accept: 'application/json' }),
  )
  assert.equal(answer?.status, 200, `${type} does not resolve`)
  assert.equal(JSON.parse(answer?.body.toString() ?? '').code, code)
}
