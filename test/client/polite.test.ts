// Politeness: robots.txt over a socket, turns at a host, and quotas that are made to last.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Client, createClient, DisallowedError, type PoliteOptions } from '@comity/client'
import { type FakeClock, fakeClock } from './support/clock.ts'
import { answer, type FaultServer, type Script, startFaultServer } from './support/fault-server.ts'

let server: FaultServer
before(async () => {
  server = await startFaultServer()
})
after(() => server.close())

const polite: PoliteOptions = { userAgent: 'ExampleBot/1.0 (+https://a.example)' }

async function using(
  script: Script,
  act: (client: Client, clock: FakeClock) => Promise<unknown>,
  more: Partial<PoliteOptions> = {},
): Promise<void> {
  const clock = fakeClock('leaping')
  const client = createClient({
    baseUrl: server.url,
    polite: { ...polite, ...more },
    clock,
    cache: false,
    dedupe: false,
    retry: false,
  })
  server.play(script)
  try {
    await act(client, clock)
  } finally {
    await client.close()
  }
}
const targets = () => server.seen.map(({ target }) => target)
const robots =
  (text: string): Script =>
  ({ target }) => [target === '/robots.txt' ? answer(200, {}, text) : answer(200)]

describe('robots.txt', () => {
  it('is read once, and what it forbids is not asked for', () =>
    using(robots('user-agent: examplebot\ndisallow: /private'), async client => {
      await Promise.all([client.get('/a'), client.get('/b')])
      await assert.rejects(client.get('/private/x?secret=1'), (error: unknown) => {
        assert.ok(error instanceof DisallowedError)
        assert.match(error.message, /disallow \/private/)
        assert.doesNotMatch(error.message, /secret/)
        return true
      })
      await client.get('/private/x', { polite: false })
      assert.deepEqual(targets().toSorted(), ['/a', '/b', '/private/x', '/robots.txt'])
      assert.ok(server.seen.slice(0, 3).every(({ fields }) => fields['user-agent'] === polite.userAgent))
    }))

  const rows: readonly (readonly [string, Script, 'may' | 'may not'])[] = [
    ['404: everything may be asked for', ({ target }) => [answer(target === '/robots.txt' ? 404 : 200)], 'may'],
    ['403 too', ({ target }) => [answer(target === '/robots.txt' ? 403 : 200)], 'may'],
    ['503: nothing', ({ target }) => [answer(target === '/robots.txt' ? 503 : 200)], 'may not'],
    ['no answer: nothing', ({ target }) => (target === '/robots.txt' ? [{ kind: 'reset' }] : [answer(200)]), 'may not'],
    [
      'redirections are followed',
      ({ target }) => {
        const step = Number(/\d+/.exec(target)?.[0] ?? 0)
        if (target !== '/robots.txt' && !target.startsWith('/step')) return [answer(200)]
        return step < 5
          ? [answer(301, { location: `/step${step + 1}` })]
          : [answer(200, {}, 'user-agent: *\ndisallow: /')]
      },
      'may not',
    ],
    [
      'six are too many',
      ({ target }) => {
        const step = Number(/\d+/.exec(target)?.[0] ?? 0)
        if (target !== '/robots.txt' && !target.startsWith('/step')) return [answer(200)]
        return step < 6
          ? [answer(301, { location: `/step${step + 1}` })]
          : [answer(200, {}, 'user-agent: *\ndisallow: /')]
      },
      'may',
    ],
    ['500 KiB are read', robots(`${'#'.repeat(500 * 1024)}\nuser-agent: *\ndisallow: /`), 'may'],
  ]
  for (const [name, script, verdict] of rows)
    it(name, () =>
      using(script, async client => {
        if (verdict === 'may') assert.equal((await client.get('/x')).status, 200)
        else await assert.rejects(client.get('/x'), DisallowedError)
      }),
    )

  it('is read again after a day; an old copy serves where the new one cannot be reached', () =>
    using(robots('user-agent: *\ndisallow: /a'), async (client, clock) => {
      await client.get('/b')
      clock.advance(23 * 3_600_000)
      await client.get('/b')
      assert.equal(targets().filter(target => target === '/robots.txt').length, 1)
      clock.advance(2 * 3_600_000)
      server.play(({ target }) => [answer(target === '/robots.txt' ? 500 : 200)])
      await client.get('/b')
      await assert.rejects(client.get('/a'), DisallowedError)
      assert.equal(targets().filter(target => target === '/robots.txt').length, 1)
    }))

  it('may be ignored', () =>
    using(robots('user-agent: *\ndisallow: /'), client => client.get('/'), { robots: 'ignored' }))
})

describe('turns', () => {
  it('crawl delay keeps requests apart', () =>
    using(robots('user-agent: *\ncrawl-delay: 2'), async (client, clock) => {
      for (const path of ['/1', '/2', '/3']) await client.get(path)
      assert.deepEqual(clock.slept, [2000, 2000])
    }))

  it('no more at once than are allowed', async () => {
    let open = 0
    let most = 0
    const script: Script = async () => {
      most = Math.max(most, ++open)
      await new Promise(resolve => setTimeout(resolve, 5))
      open--
      return [answer(200)]
    }
    await using(script, client => Promise.all(Array.from({ length: 9 }, (_, n) => client.get(`/${n}`).text())), {
      robots: 'ignored',
      concurrency: 3,
    })
    assert.equal(most, 3)
  })

  it('a quota is made to last, and one that is used up is waited for', () =>
    using(
      () => [answer(200, { ratelimit: `"a";r=${Math.max(0, 4 - server.seen.length)};t=8` })],
      async (client, clock) => {
        for (let n = 0; n < 5; n++) await client.get(`/${n}`)
        // 3 left for 8 s, then 2, 1, none
        assert.deepEqual(clock.slept.map(Math.round), [2667, 4000, 8000, 8000])
      },
      { robots: 'ignored' },
    ))

  it('Retry-After holds everybody', () =>
    using(
      () => [server.seen.length === 1 ? answer(429, { 'retry-after': '7' }) : answer(200)],
      async (client, clock) => {
        await assert.rejects(client.get('/a'), /429/)
        await client.get('/b')
        assert.deepEqual(clock.slept, [7000])
      },
      { robots: 'ignored' },
    ))

  it('a call that is aborted leaves its turn', () =>
    using(
      () => [{ kind: 'hang' }],
      async client => {
        const first = new AbortController()
        const second = new AbortController()
        const calls = [client.get('/1', { signal: first.signal }), client.get('/2', { signal: second.signal })]
        const ended = Promise.allSettled(calls)
        setTimeout(() => second.abort(), 10)
        setTimeout(() => first.abort(), 20)
        assert.ok((await ended).every(({ status }) => status === 'rejected'))
        server.play(() => [answer(200)])
        assert.equal((await client.get('/3')).status, 200)
      },
      { robots: 'ignored', concurrency: 1 },
    ))
})
