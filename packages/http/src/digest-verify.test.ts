import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { parseCredentials } from './challenge.ts'
import type { TextHash } from './digest-auth.ts'
import { expectedDigest, formatAuthenticationInfo, parseDigestAnswer } from './digest-verify.ts'

const names = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' } as const
const hash: TextHash = (algorithm, text) => createHash(names[algorithm]).update(text).digest('hex')

const answerTo = (field: string) => {
  const credentials = parseCredentials(field)
  return credentials && parseDigestAnswer(credentials)
}

// RFC 7616 §3.9.1
const mufasa = (algorithm: string, response: string) =>
  `Digest username="Mufasa",
  realm="http-auth@example.org", uri="/dir/index.html", algorithm=${algorithm},
  nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001,
  cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth,
  response="${response}", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`.replaceAll(/\s+/g, ' ')

describe('credentials of the RFC', () => {
  const rows = [
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const
  for (const [algorithm, response] of rows)
    it(algorithm, async () => {
      const answer = answerTo(mufasa(algorithm, response))
      assert.ok(answer)
      const key = await hash(algorithm, 'Mufasa:http-auth@example.org:Circle of Life')
      assert.equal((await expectedDigest(answer, key, { method: 'GET' }, hash)).response, answer.response)
      assert.notEqual((await expectedDigest(answer, key, { method: 'POST' }, hash)).response, answer.response)
    })

  // §3.9.2, with erratum 4897
  it('a hashed user, SHA-512-256', async () => {
    const answer = answerTo(
      `Digest username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b",
      realm="api@example.org", uri="/doe.json", algorithm=SHA-512-256,
      nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", nc=00000001,
      cnonce="NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v", qop=auth,
      response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5",
      opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", userhash=true`.replaceAll(/\s+/g, ' '),
    )
    assert.equal(answer?.user.kind, 'hashed')
    const key = await hash('SHA-512-256', 'Jäsøn Doe:api@example.org:Secret, or not?')
    assert.ok(answer)
    assert.equal((await expectedDigest(answer, key, { method: 'GET' }, hash)).response, answer.response)
  })
})

describe('what is no answer', () => {
  const good = mufasa('MD5', '8ca523f5e9506fed4657c9700eebdbec')
  const rows = [
    ['no qop', good.replace('qop=auth, ', '')],
    ['another qop', good.replace('qop=auth', 'qop=none')],
    ['no count', good.replace('nc=00000001, ', '')],
    ['a count that is none', good.replace('nc=00000001', 'nc=1')],
    ['a count of nothing', good.replace('nc=00000001', 'nc=00000000')],
    ['no nonce of its own', good.replace(/cnonce="[^"]*"/, 'cnonce=""')],
    ['an algorithm that is not known', good.replace('MD5', 'SHA-1')],
    ['a response of another length', good.replace('MD5', 'SHA-256')],
    ['two users', good.replace('realm', `username*=UTF-8''a, realm`)],
    ['no user', good.replace('username="Mufasa", ', '')],
    ['a user in another charset', good.replace('username="Mufasa"', `username*=ISO-8859-1''a`)],
    ['another scheme', good.replace('Digest', 'Basic')],
  ] as const
  for (const [name, field] of rows) it(name, () => assert.equal(answerTo(field), undefined))
  it('but its neighbours are', () => {
    assert.equal(answerTo(good)?.count, 1)
    assert.equal(answerTo(good.replace('username="Mufasa"', "username*=UTF-8''J%C3%A4"))?.user.name, 'Jä')
    assert.equal(answerTo(good.replace('MD5', 'md5-SESS'))?.key, 'session')
  })
})

it('Authentication-Info', () => {
  const answer = answerTo(mufasa('MD5', '8ca523f5e9506fed4657c9700eebdbec'))
  assert.ok(answer)
  const rest = 'qop=auth, rspauth="ab", cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", nc=00000001'
  assert.equal(formatAuthenticationInfo(answer, 'ab', undefined), rest)
  assert.equal(formatAuthenticationInfo(answer, 'ab', 'n'), `nextnonce="n", ${rest}`)
})
