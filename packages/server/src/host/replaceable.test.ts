// One server, one API after another.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { defineApi } from '../define/api.ts'
import { collection } from '../define/collection.ts'
import { text } from '../define/fields.ts'
import { service } from '../define/service.ts'
import { type Replaceable, serveReplaceable } from './replaceable.ts'

/** An API that says which it is, once it is let. */
function numbered(number: string) {
  const gate = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const api = defineApi({
    title: number,
    resources: {
      cups: collection({ fields: { name: text() } }),
      wait: service({
        input: {},
        output: { number: text() },
        async handle(_input, { tx }) {
          begun.resolve()
          await gate.promise
          // Its database is still there.
          await tx.cups.find()
          return { number }
        },
      }),
    },
  })
  return { api, begun: begun.promise, let: gate.resolve }
}

describe('serveReplaceable', () => {
  let server: Replaceable
  const [first, second] = [numbered('first'), numbered('second')]
  before(async () => {
    server = await serveReplaceable(first.api, { port: 0 })
  })
  after(() => server.close())
  const ask = async () => {
    const answer = await fetch(`${server.url}/wait`)
    return [answer.status, ((await answer.json()) as { number: string }).number]
  }

  it('lets requests under way be finished by the API they came to, and gives what comes next to the new one', async () => {
    const underWay = ask()
    await first.begun
    await server.replace(second.api)
    second.let()
    assert.deepEqual(await ask(), [200, 'second'])
    first.let()
    assert.deepEqual(await underWay, [200, 'first'])
  })

  it('keeps the one before where the next cannot be opened', async () => {
    await assert.rejects(server.replace(first.api, { database: 'mysql://db' }), { name: 'DatabaseUrlError' })
    assert.deepEqual(await ask(), [200, 'second'])
  })

  it('answers what is no request, and says when it is taken', async () => {
    const { port } = new URL(server.url)
    await assert.rejects(serveReplaceable(first.api, { port: Number(port) }), { code: 'EADDRINUSE' })
    const { status } = await fetch(`${server.url}/cups`, { headers: { 'x-long': 'x'.repeat(20_000) } })
    assert.equal(status, 431)
  })

  it('finishes what is under way when it closes, and takes no more', async () => {
    const third = numbered('third')
    await server.replace(third.api)
    const underWay = ask()
    await third.begun
    const closed = server.close()
    third.let()
    assert.deepEqual(await underWay, [200, 'third'])
    await closed
    await assert.rejects(fetch(`${server.url}/cups`))
  })
})
