import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { formatCredentials, parseChallenges } from './challenge.ts'
import {
  authenticationInfoOf,
  type DigestAlgorithm,
  type DigestAsker,
  type DigestChallenge,
  type DigestUse,
  digestCredentials,
  digestKey,
  digestResponse,
  isInProtectionSpace,
  parseDigestChallenge,
  strongestDigest,
  type TextHash,
} from './digest-auth.ts'

const names = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' }
const hash = (algorithm: DigestAlgorithm, text: string): string =>
  createHash(names[algorithm]).update(text, 'utf8').digest('hex')
const read = (field: string): DigestChallenge => {
  const challenge = strongestDigest(parseChallenges(field), () => true)
  assert.ok(challenge)
  return challenge
}

const credentials = async (challenge: DigestChallenge, asker: DigestAsker, use: DigestUse, h: TextHash) =>
  digestCredentials(challenge, asker, await digestKey(challenge, asker, use.cnonce, h), use, h)

// RFC 7616 §3.9.1
const example = `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256,
  nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
  Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5,
  nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`
const wire = example.replaceAll(/\n\s*/g, ' ')
const mufasa = { username: 'Mufasa', password: 'Circle of Life' }
const use = {
  method: 'GET',
  uri: '/dir/index.html',
  qop: 'auth' as const,
  count: 1,
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
}

const responses = [
  ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
  ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
] as const
for (const [algorithm, response] of responses) {
  test(`Digest: RFC 7616 §3.9.1, ${algorithm}`, async () => {
    const challenge = strongestDigest(parseChallenges(wire), name => name === algorithm)
    assert.ok(challenge)
    const { params } = await credentials(challenge, mufasa, use, hash)
    assert.equal(params.response, response)
    assert.equal(params.algorithm, algorithm)
    assert.equal(params.opaque, 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS')
  })
}

test('Digest: RFC 7616 §3.9.2, a hashed user, as erratum 4897 has it', async () => {
  const challenge = read(
    'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true',
  )
  const { params } = await credentials(
    challenge,
    { username: 'Jäsøn Doe', password: 'Secret, or not?' },
    { ...use, uri: '/doe.json', cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v' },
    hash,
  )
  assert.equal(params.username, '793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b')
  assert.equal(params.response, '3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5')
  assert.equal(params.userhash, 'true')
})

test('Digest: RFC 2617 §3.5, and RFC 2069 without qop', async () => {
  const nonce = 'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
  const asker = { username: 'Mufasa', password: 'Circle Of Life' }
  const given = { ...use, cnonce: '0a4f113b' }
  const newer = await credentials(
    read(`Digest realm="testrealm@host.com", qop="auth,auth-int", ${nonce}`),
    asker,
    given,
    hash,
  )
  assert.equal(newer.params.response, '6629fae49393a05397450978507c4ef1')
  const older = await credentials(
    read(`Digest realm="testrealm@host.com", ${nonce}`),
    asker,
    { ...given, qop: undefined },
    hash,
  )
  assert.equal(older.params.response, '670fd8c2df070c60b045671b8b24ff02')
  assert.equal(older.params.nc, undefined)
})

test('Digest: how credentials are written', async () => {
  const challenge = read('Digest realm="x\\"y", nonce=n, qop=auth, algorithm=SHA-256-sess')
  const field = formatCredentials(
    await credentials(challenge, { username: 'Jäsøn (a)', password: 'p' }, { ...use, count: 26 }, hash),
  )
  assert.match(field, /^Digest username\*="UTF-8''J%C3%A4s%C3%B8n%20%28a%29", realm="x\\"y", uri="\/dir\/index.html", /)
  assert.match(
    field,
    /algorithm=SHA-256-sess, nonce="n", nc=0000001a, cnonce="[^"]+", qop=auth, response="[0-9a-f]{64}"$/,
  )
})

test('Digest: rspauth has no method; auth-int has the content', async () => {
  const challenge = read('Digest realm=r, nonce=n, qop="auth-int"')
  const key = await digestKey(challenge, mufasa, 'c', hash)
  assert.equal(key, hash('MD5', 'Mufasa:r:Circle of Life'))
  const bodyHash = hash('MD5', 'content')
  const rspauth = await digestResponse(
    challenge,
    key,
    { method: '', uri: '/', qop: 'auth-int', count: 1, cnonce: 'c', bodyHash },
    hash,
  )
  assert.equal(rspauth, hash('MD5', `${key}:n:00000001:c:auth-int:${hash('MD5', `:/:${bodyHash}`)}`))
})

const challenges: readonly (readonly [string, string, string | undefined])[] = [
  ['MD5 by default', 'Digest realm=r, nonce=n', 'MD5 plain '],
  ['names in any case', 'DIGEST realm=r, nonce=n, algorithm=sha-256-SESS, qop="AUTH"', 'SHA-256 session auth'],
  ['quoted algorithm', 'Digest realm=r, nonce=n, algorithm="MD5"', 'MD5 plain '],
  ['unknown algorithm', 'Digest realm=r, nonce=n, algorithm=SHA-1', undefined],
  ['unknown qop among known', 'Digest realm=r, nonce=n, qop="token,auth-int"', 'MD5 plain auth-int'],
  ['only unknown qop', 'Digest realm=r, nonce=n, qop="token"', undefined],
  ['no nonce', 'Digest realm=r', undefined],
  ['no realm', 'Digest nonce=n', undefined],
  ['another scheme', 'Basic realm=r, nonce=n', undefined],
]
for (const [name, field, expected] of challenges) {
  test(`Digest challenge: ${name}`, () => {
    const [challenge] = parseChallenges(field)
    const given = challenge && parseDigestChallenge(challenge)
    assert.equal(given && `${given.algorithm} ${given.key} ${given.qop}`, expected)
  })
}

test('Digest: the strongest of several, the first of equals', () => {
  const field = ['MD5', 'SHA-256-sess', 'SHA-256', 'SHA-512', 'SHA-512-256', 'SHA-512-256-sess']
    .map((algorithm, at) => `Digest realm=r, nonce=n${at}, algorithm=${algorithm}`)
    .join(', ')
  assert.equal(strongestDigest(parseChallenges(field), () => true)?.nonce, 'n4')
  assert.equal(strongestDigest(parseChallenges(field), name => name !== 'SHA-512-256')?.nonce, 'n1')
  assert.equal(
    strongestDigest(parseChallenges('Basic realm=r'), () => true),
    undefined,
  )
})

const spaces: readonly (readonly [string, readonly string[], string, boolean])[] = [
  ['the origin', [], 'https://a.example/other', true],
  ['another port', [], 'https://a.example:444/', false],
  ['below a path', ['/private/'], 'https://a.example/private/x?y', true],
  ['beside a path', ['/private/'], 'https://a.example/public', false],
  ['another origin that is named', ['/x', 'https://b.example/p'], 'https://b.example/p/q', true],
  ['another origin that is not', ['/x'], 'https://b.example/x', false],
  ['no URI', ['https://'], 'https://a.example/', false],
]
for (const [name, domain, url, expected] of spaces) {
  test(`protection space: ${name}`, () =>
    assert.equal(isInProtectionSpace(domain, 'https://a.example/private/here', url), expected))
}

test('Authentication-Info', () => {
  const [challenge] = parseChallenges('x nextnonce="n2", qop=auth, rspauth="AB", cnonce="c", nc=0000000f')
  assert.deepEqual(challenge && authenticationInfoOf(challenge.params), {
    nextNonce: 'n2',
    qop: 'auth',
    rspauth: 'ab',
    cnonce: 'c',
    count: 15,
  })
})
