import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import { parseCredentials } from './challenge.ts'
import { formParameters, sharedSecretKey, signatureBaseString } from './oauth1.ts'
import { parseOAuth1Request } from './oauth1-verify.ts'

const read = (field: string) => {
  const credentials = parseCredentials(field)
  return credentials && parseOAuth1Request(credentials)
}

// RFC 5849 §1.2
const photos = `OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="nnch734d00sl2jdk",
  oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131202", oauth_nonce="chapoH",
  oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"`.replaceAll(/\s+/g, ' ')

describe('the signature of the RFC', () => {
  const sign = (url: string, extra: string) => {
    const found = read(photos)
    assert.equal(found?.kind, 'request')
    const { signed } = found.request
    const base = signatureBaseString('GET', url, [...signed, ...formParameters(extra)])
    return createHmac('sha1', sharedSecretKey('kd94hf93k423kf44', 'pfkkdhi9sl3r4s00')).update(base).digest('base64')
  }
  it('§1.2, the last request', () => {
    const signature = sign('http://photos.example.net/photos?file=vacation.jpg&size=original', '')
    assert.equal(signature, 'MdpQcU8iPSUjWoN/UDMsK2sui9I=')
    const found = read(photos)
    assert.equal(found?.kind === 'request' && found.request.signature, signature)
  })
  it('and not that of another target, or of another form', () => {
    for (const [url, form] of [
      ['http://photos.example.net/photos?file=vacation.jpg&size=small', ''],
      ['https://photos.example.net/photos?file=vacation.jpg&size=original', ''],
      ['http://photos.example.net/photos?file=vacation.jpg&size=original', 'a=1'],
    ] as const)
      assert.notEqual(sign(url, form), 'MdpQcU8iPSUjWoN/UDMsK2sui9I=')
  })
})

describe('what is no signed request', () => {
  const rows = [
    ['no key', photos.replace('oauth_consumer_key', 'x'), { kind: 'missing', parameter: 'oauth_consumer_key' }],
    ['no nonce', photos.replace('oauth_nonce', 'x'), { kind: 'missing', parameter: 'oauth_nonce' }],
    ['no time', photos.replace('oauth_timestamp', 'x'), { kind: 'missing', parameter: 'oauth_timestamp' }],
    ['no signature', photos.replace('oauth_signature=', 'x='), { kind: 'missing', parameter: 'oauth_signature' }],
    [
      'another method',
      photos.replace('HMAC-SHA1', 'NONE'),
      { kind: 'unsupported', parameter: 'oauth_signature_method' },
    ],
    ['another version', `${photos}, oauth_version="2.0"`, { kind: 'unsupported', parameter: 'oauth_version' }],
    ['a time that is none', photos.replace('137131202', '-1'), { kind: 'malformed' }],
    ['a broken encoding', photos.replace('%2F', '%2'), { kind: 'malformed' }],
    ['a long nonce', photos.replace('chapoH', 'a'.repeat(201)), { kind: 'malformed' }],
    ['another scheme', photos.replace('OAuth', 'Bearer'), { kind: 'malformed' }],
  ] as const
  for (const [name, field, expected] of rows) it(name, () => assert.deepEqual(read(field), expected))
  it('but PLAINTEXT needs no nonce and no time', () => {
    const field = 'OAuth oauth_consumer_key="a", oauth_signature_method="PLAINTEXT", oauth_signature="s%26"'
    const found = read(field)
    assert.equal(found?.kind === 'request' && found.request.signature, 's&')
  })
})
