// Credentials: what is sent, where it goes, and that nothing of it is ever shown.
import assert from 'node:assert/strict'
import { createHmac, createVerify, generateKeyPairSync } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { inspect } from 'node:util'
import {
  AuthError,
  type AuthScheme,
  apiKey,
  basic,
  bearer,
  type Client,
  type ClientOptions,
  createClient,
  oauth1,
  secret,
} from '@comity/client'
import { sharedSecretKey } from '@comity/http'
import { answer, type FaultServer, startFaultServer } from './support/fault-server.ts'

let server: FaultServer
let other: FaultServer
const folder = mkdtempSync(join(tmpdir(), 'comity-auth-'))

before(async () => {
  server = await startFaultServer()
  other = await startFaultServer()
})
after(async () => {
  await server.close()
  await other.close()
  rmSync(folder, { recursive: true })
})

async function using(options: ClientOptions, act: (client: Client) => Promise<unknown>): Promise<void> {
  const client = createClient({ baseUrl: server.url, ...options })
  server.play(() => [answer(200)])
  try {
    await act(client)
  } finally {
    await client.close()
  }
}
const sent = (): readonly (string | undefined)[] => server.seen.map(({ fields }) => fields.authorization)

describe('credentials', () => {
  it('Basic, in UTF-8', () =>
    using({ auth: basic({ username: 'test', password: '123£' }) }, async client => {
      await client.get('/')
      assert.deepEqual(sent(), ['Basic dGVzdDoxMjPCow=='])
    }))

  it('Basic refuses what it cannot carry', () =>
    using({ auth: basic({ username: 'a:b', password: 'c' }) }, client => assert.rejects(client.get('/'), TypeError)))

  it('a bearer token; a refused one is asked for once more', async () => {
    let asked = 0
    const token = (given?: { refresh?: boolean }) => (given?.refresh ? 'new' : asked++ === 0 ? 'old' : 'new')
    await using({ auth: bearer(token) }, async client => {
      server.play(({ fields }) => [answer(fields.authorization === 'Bearer new' ? 200 : 401)])
      assert.equal((await client.get('/')).status, 200)
      assert.deepEqual(sent(), ['Bearer old', 'Bearer new'])
    })
    await using({ auth: bearer('same') }, async client => {
      server.play(() => [answer(401)])
      await assert.rejects(client.get('/'), /401/)
      assert.deepEqual(sent(), ['Bearer same'])
    })
    await using({ auth: bearer('a\r\nX: y') }, client => assert.rejects(client.get('/'), TypeError))
  })

  it('a key in a field, or in the query', async () => {
    await using({ auth: apiKey({ in: 'header', name: 'X-Key', key: 'k 1' }) }, async client => {
      await client.get('/')
      assert.equal(server.seen[0]?.fields['x-key'], 'k 1')
    })
    await using({ auth: apiKey({ in: 'query', name: 'key', key: 'k&1' }) }, async client => {
      await client.get('/', { params: { a: 1 } })
      await client.get('/b')
      assert.deepEqual(
        server.seen.map(({ target }) => target),
        ['/?a=1&key=k%261', '/b?key=k%261'],
      )
    })
  })

  it('what the caller writes goes first; a call may have its own, or none', () =>
    using({ auth: bearer('client') }, async client => {
      await client.get('/', { fields: { authorization: 'Custom x' } })
      await client.get('/', { auth: bearer('call') })
      await client.get('/', { auth: false })
      await client.extend({ auth: bearer('extended') }).get('/')
      assert.deepEqual(sent(), ['Custom x', 'Bearer call', undefined, 'Bearer extended'])
    }))

  it('go to their origin, and to others only where they are named', async () => {
    other.play(() => [answer(200)])
    const seen = () => other.seen.map(({ fields }) => fields.authorization)
    await using({ auth: bearer('t') }, async client => {
      await client.get(`${other.url}/`)
      assert.deepEqual(seen(), [undefined])
    })
    const scheme = bearer('t')
    await using({ auth: { scheme, origins: [server.url, other.url] } }, async client => {
      await client.get(`${other.url}/`)
      await client.get('/')
      assert.deepEqual([seen()[1], sent()[0]], ['Bearer t', 'Bearer t'])
    })
    assert.throws(() => createClient({ auth: bearer('t') }), TypeError)
  })
})

it('a redirection to another origin carries none, and the way back has them again', async () => {
  const schemes = [basic({ username: 'u', password: 'p' }), apiKey({ in: 'header', name: 'X-Key', key: 'k' })]
  for (const auth of [...schemes, apiKey({ in: 'query', name: 'key', key: 'k' })])
    await using({ auth }, async client => {
      other.play(() => [answer(302, { location: `${server.url}/back` })])
      server.play(({ target }) => [
        target.startsWith('/away') ? answer(302, { location: `${other.url}/x` }) : answer(200),
      ])
      assert.equal((await client.get('/away')).status, 200)
      const shown = (seen: (typeof server.seen)[number] | undefined) =>
        [seen?.fields.authorization, seen?.fields['x-key'], /key=k/.exec(seen?.target ?? '')?.[0]].filter(Boolean)
          .length
      assert.deepEqual([...server.seen, ...other.seen].map(shown), [1, 1, 0])
    })
  // What a call brings is for the origin that it asks first.
  await using({}, async client => {
    other.play(() => [answer(200)])
    server.play(() => [answer(307, { location: `${other.url}/x` })])
    await client.get('/', { auth: bearer('call') })
    assert.deepEqual([sent()[0], other.seen[0]?.fields.authorization], ['Bearer call', undefined])
  })
})

describe('OAuth 1', () => {
  const given = { consumerKey: 'key', consumerSecret: 'c&s', token: 'tok', tokenSecret: 'ts' }

  /** Written from RFC 5849 §3.4 once more, so that client and test do not share their mistakes. */
  function verify(method: string, at: number): { base: string; signature: string } {
    const { target, fields, body, method: verb } = server.seen[at] ?? assert.fail('nothing was sent')
    const params: [string, string][] = []
    let signature = ''
    for (const part of (fields.authorization ?? '').replace(/^OAuth /, '').split(', ')) {
      const [name = '', value = ''] = part.split('="').map(text => text.replace(/"$/, ''))
      if (name === 'oauth_signature') signature = decodeURIComponent(value)
      else if (name !== 'realm') params.push([name, value])
    }
    assert.equal(params.find(([name]) => name === 'oauth_signature_method')?.[1], method)
    const [path = '', query = ''] = target.split('?')
    const forms = fields['content-type']?.startsWith('application/x-www-form-urlencoded')
      ? [query, body.toString()]
      : [query]
    const enc = (text: string) =>
      encodeURIComponent(text).replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    for (const form of forms)
      for (const [name, value] of new URLSearchParams(form)) params.push([enc(name), enc(value)])
    const pairs = params.map(([name, value]) => `${name}=${value}`).sort()
    return { base: [verb, `${server.url}${path}`, pairs.join('&')].map(enc).join('&'), signature }
  }

  for (const [method, hash] of [
    ['HMAC-SHA1', 'sha1'],
    ['HMAC-SHA256', 'sha256'],
  ] as const)
    it(`${method}: the query and a form are signed, with a nonce each`, () =>
      using({ auth: oauth1({ ...given, method, realm: 'Photos' }) }, async client => {
        await client.get('/a?b=%20c&b=a')
        await client.post('/x?q=1', { body: new URLSearchParams({ 'a b': 'ü*', z: '' }) })
        await client.post('/x', { body: { not: 'a form' } })
        for (const at of [0, 1, 2]) {
          const { base, signature } = verify(method, at)
          assert.equal(signature, createHmac(hash, sharedSecretKey('c&s', 'ts')).update(base).digest('base64'))
        }
        assert.equal(new Set(sent().map(field => /oauth_nonce="([^"]+)"/.exec(field ?? '')?.[1])).size, 3)
      }))

  it('RSA-SHA1', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const consumerSecret = String(privateKey.export({ type: 'pkcs8', format: 'pem' }))
    await using({ auth: oauth1({ ...given, consumerSecret, method: 'RSA-SHA1' }) }, async client => {
      await client.get('/a?b=c')
      const { base, signature } = verify('RSA-SHA1', 0)
      assert.ok(createVerify('sha1').update(base).verify(publicKey, signature, 'base64'))
    })
  })

  it('PLAINTEXT', () =>
    using({ auth: oauth1({ ...given, method: 'PLAINTEXT' }) }, async client => {
      await client.get('/')
      assert.equal(verify('PLAINTEXT', 0).signature, 'c%26s&ts')
      await assert.rejects(
        client.get('http://192.0.2.1/', { auth: oauth1({ ...given, method: 'PLAINTEXT' }) }),
        TypeError,
      )
    }))
})

describe('a secret by reference', () => {
  it('is looked up when it is needed, once', async () => {
    const file = join(folder, 'token')
    const program = join(folder, 'print token')
    writeFileSync(program, '#!/bin/sh\necho "  $1$2  "\necho x >> "$0.log"\n')
    chmodSync(program, 0o700)
    process.env.COMITY_TEST_TOKEN = ' from-env\n'
    const rows: readonly (readonly [string, string])[] = [
      ['env:COMITY_TEST_TOKEN', 'Bearer from-env'],
      [`file:${file}`, 'Bearer from-file'],
      [`command:"${program}" '$HOME' `, 'Bearer HOME'],
    ]
    for (const [reference, expected] of rows)
      await using({ auth: bearer(secret(reference)) }, async client => {
        writeFileSync(file, 'from-file\n')
        // No shell: `$HOME` stays as it is, and is no token.
        if (reference.startsWith('command')) return assert.rejects(client.get('/'), TypeError)
        await client.get('/')
        writeFileSync(file, 'changed\n')
        await client.get('/')
        assert.deepEqual(sent(), [expected, expected])
      })
    const told = secret(`command:"${program}" a b`)
    assert.equal(await told(), 'ab')
    assert.equal(await told(), 'ab')
  })

  it('says what is missing, and nothing of what is there', async () => {
    writeFileSync(join(folder, 'empty'), '\n')
    const rows: readonly (readonly [string, RegExp])[] = [
      ['env:COMITY_NOT_SET', /COMITY_NOT_SET is not set/],
      [`file:${folder}/none`, /cannot be read: ENOENT/],
      [`file:${folder}/empty`, /is empty/],
      ['command:comity-no-such-program', /failed \(ENOENT\)/],
      [`command:${process.execPath} -e "console.log('s3cret');process.exit(3)"`, /failed \(3\)$/],
    ]
    for (const [reference, why] of rows)
      await assert.rejects(
        async () => secret(reference)(),
        (error: unknown) => {
          assert.ok(error instanceof AuthError)
          assert.match(error.message, why)
          assert.doesNotMatch(inspect(error), /s3cret\n/)
          return true
        },
      )
    for (const reference of ['env:', 'plain', 'vault:x']) assert.throws(() => secret(reference), TypeError)
  })
})

describe('nothing shows a secret', () => {
  const planted = 'pl4nted-s3cret'
  const rows: readonly (readonly [string, AuthScheme])[] = [
    ['Basic', basic({ username: 'u', password: planted })],
    ['bearer', bearer(planted)],
    ['a key in a field', apiKey({ in: 'header', name: 'X-Key', key: planted })],
    ['a key in the query', apiKey({ in: 'query', name: 'key', key: planted })],
    ['OAuth 1', oauth1({ consumerKey: 'k', consumerSecret: planted, tokenSecret: planted, method: 'PLAINTEXT' })],
  ]
  const encoded = [planted, btoa(`u:${planted}`).replace(/=+$/, '')]
  for (const [name, auth] of rows)
    it(name, () =>
      using({ auth, throwOnError: false }, async client => {
        const shown: unknown[] = []
        client.on('call', event =>
          shown.push(event, event.response?.trace, event.response?.url, event.response?.redirects),
        )
        server.play(({ target }) => {
          if (target.startsWith('/moved')) return [answer(302, { location: `/there?${target.split('?')[1] ?? ''}` })]
          if (target.startsWith('/cut')) return [{ kind: 'reset' }]
          if (target.startsWith('/bad')) return ['nonsense\r\n\r\n', { kind: 'close' }]
          return [answer(target.startsWith('/401') ? 401 : 200)]
        })
        for (const path of ['/', '/moved', '/401', '/cut', '/bad', '/cut?q=1']) {
          try {
            const response = await client.get(path, { timeout: 2000 })
            shown.push(response, response.url, response.fields, response.trace, response.redirects, response.request)
          } catch (error) {
            assert.ok(error instanceof Error)
            shown.push(error, error.stack, error.cause)
          }
        }
        shown.push(client, auth, inspect(client, { depth: 12, showHidden: true }))
        const text = inspect(shown, { depth: 12, maxStringLength: null, maxArrayLength: null })
        assert.ok(server.seen.some(request => encoded.some(word => inspect(request, { depth: 5 }).includes(word))))
        for (const word of encoded)
          assert.ok(!text.includes(word), text.slice(text.indexOf(word) - 500, text.indexOf(word) + 50))
      }),
    )
})
