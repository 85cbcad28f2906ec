// Digest against a server of its own making, and against what Python computes for the same challenge.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, describe, it } from 'node:test'
import { AuthError, type Client, createClient, digest, HttpError } from '@comity/client'
import { parseChallenges } from '@comity/http'
import { type DigestDemand, type DigestServer, startDigestServer } from './support/digest-server.ts'

const user = 'Mufasa'
const password = 'Circle of Life, täglich'
const plain: DigestDemand = { algorithm: 'SHA-256', qop: 'auth', user, password }
let server: DigestServer
let client: Client

before(async () => {
  server = await startDigestServer(plain)
})
after(() => server.close())

async function using(demand: Partial<DigestDemand>, act: () => Promise<void>, integrity?: 'preferred'): Promise<void> {
  server.demand = { ...plain, ...demand }
  server.seen.length = 0
  const auth = digest({ username: server.demand.user, password, ...(integrity ? { integrity } : {}) })
  client = createClient({ baseUrl: server.url, auth })
  try {
    await act()
  } finally {
    await client.close()
  }
}
const statuses = () => server.seen.map(({ status, why }) => why ?? status)

describe('Digest', () => {
  for (const algorithm of ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess', 'SHA-512-256', 'SHA-512-256-sess'])
    for (const qop of ['auth', 'auth-int', 'auth,auth-int'])
      it(`${algorithm} with ${qop}: one challenge, then credentials at once, nc counted`, () =>
        using({ algorithm, qop }, async () => {
          assert.equal(await client.get('/a?b=c%20d').text(), 'hello /a?b=c%20d')
          assert.equal(await client.post('/x', { body: { a: 1 } }).text(), 'hello /x')
          assert.equal((await client.put('/y', { body: () => new Blob(['stream']).stream() })).status, 200)
          assert.deepEqual(statuses(), ['none', 200, 200, 200])
          assert.deepEqual(server.seen.map(({ params }) => params.nc).slice(1), ['00000001', '00000002', '00000003'])
        }))

  it('without qop, as RFC 2069 had it', () =>
    using({ algorithm: 'MD5', qop: '' }, async () => {
      await client.get('/')
      assert.deepEqual(statuses(), ['none', 200])
    }))

  it('the strongest of several challenges', () =>
    using({ others: 'Basic realm="x", Digest realm="y", nonce="n", algorithm=MD5, qop="auth"' }, async () => {
      await client.get('/')
      assert.deepEqual(statuses(), ['none', 200])
    }))

  it('a user beyond ASCII, and one that is hashed', async () => {
    await using({ user: 'Jäsøn Doe' }, async () => {
      await client.get('/')
      assert.equal(server.seen[1]?.params['username*'], "UTF-8''J%C3%A4s%C3%B8n%20Doe")
    })
    await using({ user: 'Jäsøn Doe', userhash: true, algorithm: 'SHA-512-256' }, async () => {
      assert.equal((await client.get('/')).status, 200)
      assert.equal(server.seen[1]?.params.userhash, 'true')
    })
  })

  it('a nonce that is stale is replaced, without asking anybody', () =>
    using({ uses: 2 }, async () => {
      for (let n = 0; n < 5; n++) assert.equal((await client.get(`/${n}`)).status, 200)
      assert.deepEqual(statuses(), ['none', 200, 200, 'stale', 200, 200, 'stale', 200])
    }))

  it('the next nonce is used, and counted anew', () =>
    using({ next: true }, async () => {
      for (let n = 0; n < 3; n++) await client.get('/')
      assert.deepEqual(statuses(), ['none', 200, 200, 200])
      assert.equal(new Set(server.seen.map(({ params }) => params.nonce)).size, 4)
      assert.equal(server.seen[3]?.params.nc, '00000001')
    }))

  it('requests at once have counts of their own', () =>
    using({}, async () => {
      await client.get('/')
      await Promise.all(Array.from({ length: 8 }, (_, n) => client.get(`/${n}`)))
      assert.deepEqual(statuses().slice(1), Array(9).fill(200))
    }))

  it('outside the protection space nothing is sent before it is asked for', () =>
    using({ domain: '/private/ /also' }, async () => {
      await client.get('/private/a')
      await client.get('/also')
      await client.get('/public')
      assert.deepEqual(statuses(), ['none', 200, 200, 'none', 200])
    }))

  it('rspauth is checked: over the content too, with auth-int', async () => {
    for (const qop of ['auth', 'auth-int']) {
      await using({ rspauth: 'right', qop }, async () => assert.equal(await client.get('/').text(), 'hello /'))
      await using({ rspauth: 'wrong', qop }, () => assert.rejects(client.get('/').text(), AuthError))
      await using({ rspauth: 'wrong', qop }, () =>
        assert.rejects(async () => {
          for await (const line of client.get('/').lines()) assert.ok(line)
        }, AuthError),
      )
    }
  })

  it('a wrong password is tried once', async () => {
    await using({ password: 'other' }, async () => {
      await assert.rejects(client.get('/'), (error: unknown) => error instanceof HttpError && error.status === 401)
      assert.deepEqual(statuses(), ['none', 'response'])
    })
  })

  it('a stream that is spent is not sent twice', () =>
    using({}, async () => {
      await assert.rejects(client.post('/', { body: new Blob(['x']).stream() }), /401/)
      assert.deepEqual(statuses(), ['none'])
      await client.get('/')
      assert.equal((await client.post('/', { body: new Blob(['x']).stream() })).status, 200)
    }))
})

const python = spawnSync('python3', ['--version']).status === 0
// urllib knows MD5 and qop=auth; each line is a challenge, and what the client made of it.
const script = `
import json, sys, urllib.request
for line in sys.stdin:
    given = json.loads(line)
    manager = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    manager.add_password(None, given['url'], given['user'], given['password'])
    handler = urllib.request.HTTPDigestAuthHandler(manager)
    handler.get_cnonce = lambda nonce: given['cnonce']
    handler.nonce_count = given['count'] - 1
    handler.last_nonce = given['challenge']['nonce']
    request = urllib.request.Request(given['url'], method=given['method'])
    print(handler.get_authorization(request, given['challenge']))
`
it('Digest: Python computes the same', { skip: python ? false : 'python3 is not here' }, async () => {
  await using({ algorithm: 'MD5', password: password.replace('ä', 'a') }, async () => {
    const auth = digest({ username: user, password: server.demand.password })
    const own = client.extend({ auth })
    for (const [method, path] of [
      ['GET', '/a?b=c'],
      ['DELETE', '/'],
      ['PUT', '/ü'],
    ] as const)
      await own.request(method, path)
    const signed = server.seen.filter(({ params }) => params.response !== undefined)
    const input = signed.map(({ params, path }, at) =>
      JSON.stringify({
        url: server.url + path,
        method: ['GET', 'DELETE', 'PUT'][at],
        user,
        password: server.demand.password,
        cnonce: params.cnonce,
        count: Number.parseInt(params.nc ?? '', 16),
        challenge: { realm: params.realm, nonce: params.nonce, qop: 'auth', algorithm: 'MD5', opaque: params.opaque },
      }),
    )
    const { stdout, stderr } = spawnSync('python3', ['-c', script], { input: input.join('\n'), encoding: 'utf8' })
    const theirs = stdout
      .trim()
      .split('\n')
      .map(line => parseChallenges(`Digest ${line}`)[0]?.params)
    assert.equal(theirs.length, 3, stderr)
    assert.deepEqual(
      theirs.map(params => [params?.response, params?.nc]),
      signed.map(({ params }) => [params.response, params.nc]),
    )
  })
})
