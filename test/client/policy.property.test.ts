// Any sequence of statuses and faults, any method: the attempts are those that a small oracle of the policy makes, and
// no effect doubles on a server that honours keys.
import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { createClient } from '@comity/client'
import fc from 'fast-check'
import { fakeClock } from './support/clock.ts'
import { answer, type FaultServer, type Step, startFaultServer } from './support/fault-server.ts'

const runs = process.env.COMITY_LONG === '1' ? 3000 : 120
const attempts = 4

/** `before` and `after` the effect; `cut` is content that breaks off. */
type Fault = number | 'reset-before' | 'reset-after' | 'cut'
type Asked = { readonly method: string; readonly content: 'none' | 'bytes' | 'again' | 'once'; readonly keys: boolean }

const refused = new Set([421, 425, 429])
const failing = new Set([408, 500, 502, 503, 504])
const idempotent = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'QUERY'])

/** How many attempts the policy makes. */
function oracle({ method, content, keys }: Asked, faults: readonly Fault[]): number {
  const harmless = idempotent.has(method) || keys
  for (let attempt = 1; attempt < attempts; attempt++) {
    const fault = faults[attempt - 1] ?? 200
    const cut = fault === 'cut' && method !== 'HEAD'
    const lost = fault === 'reset-before' || fault === 'reset-after' || cut
    if (content === 'once') return attempt
    if (typeof fault === 'number' && refused.has(fault)) continue
    if ((lost || (typeof fault === 'number' && failing.has(fault))) && harmless) continue
    return attempt
  }
  return attempts
}

let server: FaultServer
before(async () => {
  server = await startFaultServer()
})
after(() => server.close())

it('attempts are those of the policy, and effects do not double', async () => {
  const fault = fc.oneof(
    fc.constantFrom<Fault>('reset-before', 'reset-after', 'cut'),
    fc.constantFrom(200, 201, 204, 400, 404, 408, 409, 421, 422, 425, 429, 500, 501, 502, 503, 504, 505),
  )
  const asked = fc.record({
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'),
    content: fc.constantFrom('bytes', 'again', 'once'),
    keys: fc.boolean(),
  })
  const client = createClient({
    baseUrl: server.url,
    clock: fakeClock(),
    retry: { attempts },
    retryBudget: false,
    breaker: false,
  })
  await fc.assert(
    fc.asyncProperty(asked, fc.array(fault, { maxLength: 5 }), async (given, faults) => {
      const content = given.method === 'GET' || given.method === 'HEAD' ? 'none' : given.content
      const keyed = given.keys && (given.method === 'POST' || given.method === 'PATCH')
      let effects = 0
      const done = new Set<string>()
      server.play((request, index): readonly Step[] => {
        const now = faults[index] ?? 200
        if (now === 'reset-before') return [{ kind: 'reset' }]
        if (typeof now === 'number' && now >= 400 && now !== 500 && now !== 504) return [answer(now)]
        // 500 and 504 may come after the effect, too.
        const key = request.fields['idempotency-key']
        if (key === undefined || !done.has(key)) effects++
        if (key !== undefined) done.add(key)
        if (now === 'reset-after') return [{ kind: 'reset' }]
        if (now === 'cut') {
          const head = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n'
          return request.method === 'HEAD' ? [head] : [`${head}he`, { kind: 'reset' }]
        }
        return [request.method === 'HEAD' ? answer(now, {}, '') : answer(now, {}, now === 204 ? '' : 'hello')]
      })
      const bytes = new TextEncoder().encode('content')
      const bodies = {
        none: undefined,
        bytes,
        again: () => new Blob([bytes]).stream(),
        once: new Blob([bytes]).stream(),
      }
      await client
        .request(given.method, '/x', {
          body: bodies[content],
          throwOnError: false,
          ...(given.keys ? {} : { idempotency: false as const }),
        })
        .bytes()
        .catch(() => {})
      assert.equal(server.seen.length, oracle({ ...given, content, keys: keyed }, faults))
      for (const seen of server.seen) assert.equal(seen.body.toString(), content === 'none' ? '' : 'content')
      if (keyed || given.method === 'POST' || given.method === 'PATCH') assert.ok(effects <= 1, `${effects} effects`)
    }),
    { numRuns: runs },
  )
  await client.close()
})
