import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { parseCredentials } from './challenge.ts'
import {
  baseStringUri,
  formatOAuth1,
  formParameters,
  normalizedParameters,
  oauth1Parameters,
  percentEncode,
  sharedSecretKey,
  signatureBaseString,
} from './oauth1.ts'

test('OAuth 1: RFC 5849 §3.4.1.1, the base string', () => {
  const base = signatureBaseString('post', 'http://EXAMPLE.com:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b', [
    ['oauth_consumer_key', '9djdj82h48djs9d2'],
    ['oauth_token', 'kkk9d7dh3k39sjv7'],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ['oauth_timestamp', '137131201'],
    ['oauth_nonce', '7d8f3e4a'],
    ...formParameters('c2&a3=2+q'),
  ])
  assert.equal(
    base,
    'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
  )
})

// RFC 5849 §1.2, with the client secret kd94hf93k423kf44
const exchanges = [
  [
    'temporary credentials',
    'POST',
    'https://photos.example.net/initiate',
    '',
    { oauth_timestamp: '137131200', oauth_nonce: 'wIjqoS', oauth_callback: 'http://printer.example.com/ready' },
    '74KNZJeDHnMBp0EMJ9ZHt/XKycU=',
  ],
  [
    'token credentials',
    'POST',
    'https://photos.example.net/token',
    'hdhd0244k9j7ao03',
    {
      oauth_token: 'hh5s93j4hdidpola',
      oauth_timestamp: '137131201',
      oauth_nonce: 'walatlh',
      oauth_verifier: 'hfdp7dh39dks9884',
    },
    'gKgrFCywp7rO0OXSjdot/IHF7IU=',
  ],
  [
    'a resource',
    'GET',
    'http://photos.example.net/photos?file=vacation.jpg&size=original',
    'pfkkdhi9sl3r4s00',
    { oauth_token: 'nnch734d00sl2jdk', oauth_timestamp: '137131202', oauth_nonce: 'chapoH' },
    'MdpQcU8iPSUjWoN/UDMsK2sui9I=',
  ],
] as const
for (const [name, method, url, tokenSecret, own, signature] of exchanges) {
  test(`OAuth 1: RFC 5849 §1.2, ${name}`, () => {
    const parameters = Object.entries({
      oauth_consumer_key: 'dpf43f3p2l4k3l03',
      oauth_signature_method: 'HMAC-SHA1',
      ...own,
    })
    const base = signatureBaseString(method, url, parameters)
    const hmac = createHmac('sha1', sharedSecretKey('kd94hf93k423kf44', tokenSecret))
    assert.equal(hmac.update(base).digest('base64'), signature)
  })
}

test('OAuth 1: how things are written', () => {
  assert.equal(percentEncode("Ladies + Gentlemen!*'()-._~☃"), 'Ladies%20%2B%20Gentlemen%21%2A%27%28%29-._~%E2%98%83')
  assert.equal(baseStringUri('https://Example.COM:8080/A%20b?x'), 'https://example.com:8080/A%20b')
  assert.equal(
    normalizedParameters([
      ['a', 'b'],
      ['a', 'a'],
      ['a b', ''],
      ['B', '+'],
    ]),
    'B=%2B&a=a&a=b&a%20b=',
  )
  assert.equal(sharedSecretKey('djr9rjt0jd78jf88', 'jjd999tj88uiths3'), 'djr9rjt0jd78jf88&jjd999tj88uiths3')
  assert.equal(sharedSecretKey('a&b'), 'a%26b&')
  const field = formatOAuth1([['oauth_nonce', 'a+b']], 'Photos "x"')
  assert.equal(field, 'OAuth realm="Photos \\"x\\"", oauth_nonce="a%2Bb"')
  assert.deepEqual(oauth1Parameters(parseCredentials(field)?.params ?? {}), [['oauth_nonce', 'a+b']])
  assert.equal(oauth1Parameters({ oauth_nonce: '%zz' }), undefined)
})
