import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Challenge, formatChallenges, formatCredentials, parseChallenges, parseCredentials } from './challenge.ts'
import { linear, processorTime } from './fixtures/processor.ts'

const short = ({ scheme, token68, params }: Challenge) =>
  [scheme, ...(token68 === undefined ? [] : [token68]), ...Object.entries(params).map(([p, v]) => `${p}=${v}`)].join(
    '|',
  )

const challenges: readonly (readonly [string, string, readonly string[]])[] = [
  ['scheme alone', 'Negotiate', ['negotiate']],
  ['realm', 'Basic realm="simple"', ['basic|realm=simple']],
  ['bare realm', 'Basic realm=simple', ['basic|realm=simple']],
  ['names in any case', 'BASIC Realm="Simple"', ['basic|realm=Simple']],
  ['token68', 'Negotiate YII+/w~.-_==', ['negotiate|YII+/w~.-_==']],
  ['two schemes', 'Negotiate, Basic realm="x"', ['negotiate', 'basic|realm=x']],
  [
    'RFC 9110 §11.6.1',
    'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""',
    ['basic|realm=simple', 'newauth|realm=apps|type=1|title=Login to "apps"'],
  ],
  ['token68 before another', 'Negotiate abc==, Bearer scope="a b"', ['negotiate|abc==', 'bearer|scope=a b']],
  ['a token68 that looks like a name', 'Basic realm, Bearer', ['basic|realm', 'bearer']],
  ['one = at the end is a token68', 'X abc=', ['x|abc=']],
  ['commas in quotes', 'Digest qop="auth,auth-int", realm="a, Basic b"', ['digest|qop=auth,auth-int|realm=a, Basic b']],
  ['space around =', 'Basic realm = "x"', ['basic|realm=x']],
  ['empty members', ', Basic realm="x",, charset="UTF-8",', ['basic|realm=x|charset=UTF-8']],
  ['parameters after a comma', 'Basic , realm="x"', ['basic|realm=x']],
  ['the first of two counts', 'Basic realm="a", realm="b"', ['basic|realm=a']],
  ['many spaces', 'Basic   realm="x"', ['basic|realm=x']],
  ['a prototype name', 'Basic __proto__=x', ['basic|__proto__=x']],
  ['the same scheme twice', 'Bearer realm="a", Bearer realm="b"', ['bearer|realm=a', 'bearer|realm=b']],
  ['nothing', '', []],
  // what is not well-formed is left out
  ['parameter without scheme', 'realm="x", Basic realm="y"', ['basic|realm=y']],
  ['parameter without value', 'Basic realm="x", a=, b=1', ['basic|realm=x|b=1']],
  ['parameter after a token68', 'Negotiate abc, realm="x"', ['negotiate|abc']],
  ['quote not closed', 'Negotiate, Basic realm="x', ['negotiate', 'basic']],
  ['no token', '"x", Basic realm="y"', ['basic|realm=y']],
]
for (const [name, field, expected] of challenges) {
  test(`challenges: ${name}`, () => assert.deepEqual(parseChallenges(field).map(short), expected))
}

const credentials: readonly (readonly [string, string, string | undefined])[] = [
  ['Basic', 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==', 'basic|QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
  ['Bearer', 'bearer mF_9.B5f-4.1JqM', 'bearer|mF_9.B5f-4.1JqM'],
  ['Digest', 'Digest username="a", qop=auth, nc=00000001', 'digest|username=a|qop=auth|nc=00000001'],
  ['scheme alone', 'Negotiate', 'negotiate'],
  ['space after', 'Bearer abc ', 'bearer|abc'],
  ['two', 'Bearer a, Bearer b', undefined],
  ['two words', 'Bearer a b', undefined],
  ['not a token68', 'Bearer a{b}', undefined],
  ['a colon', 'Basic user:password', undefined],
  ['= in the middle', 'Bearer a==b', undefined],
  ['parameter not closed', 'Digest username="a', undefined],
  ['something after a parameter', 'Digest username="a" b', undefined],
  ['no scheme', '=abc', undefined],
  ['empty', '', undefined],
]
for (const [name, field, expected] of credentials) {
  test(`credentials: ${name}`, () => {
    const read = parseCredentials(field)
    assert.equal(read === undefined ? undefined : short(read), expected)
  })
}

test('challenges: written', () => {
  const field = formatChallenges([
    { scheme: 'basic', params: { realm: 'a "b"', charset: 'UTF-8' } },
    { scheme: 'digest', params: { realm: 'x', qop: 'auth', algorithm: 'SHA-256', stale: 'true', 'a b': '' } },
    { scheme: 'negotiate', token68: 'abc==', params: {} },
    { scheme: 'custom', params: {} },
  ])
  const digest = 'Digest realm="x", qop="auth", algorithm=SHA-256, stale=true'
  assert.equal(field, `Basic realm="a \\"b\\"", charset="UTF-8", ${digest}, Negotiate abc==, custom`)
})

test('credentials: written', () => {
  const params = { username: 'a', qop: 'auth', nc: '00000001', cnonce: 'x' }
  const digest = 'Digest username="a", qop=auth, nc=00000001, cnonce="x"'
  assert.equal(formatCredentials({ scheme: 'Digest', params }), digest)
  assert.equal(formatCredentials({ scheme: 'bearer', token68: 'abc', params: {} }), 'Bearer abc')
})

test('challenges: what is written is read back', () => {
  const scheme = fc.constantFrom('basic', 'digest', 'custom')
  const params = fc.dictionary(fc.constantFrom('realm', 'nonce', 'stale', '__proto__'), fc.string())
  const challenge = fc.oneof(
    fc.record({ scheme, params }),
    fc.record({ scheme, token68: fc.stringMatching(/^[A-Za-z0-9._~+/-]+={0,2}$/), params: fc.constant({}) }),
  )
  fc.assert(
    fc.property(fc.array(challenge, { maxLength: 4 }), written => {
      assert.deepEqual(parseChallenges(formatChallenges(written)).map(short), written.map(short))
    }),
  )
})

test('hostile fields take linear time', () => {
  const started = processorTime()
  for (const unit of ['a', '=', '"', ',', ' ', 'a ', 'a=', 'a="', 'a=b,', 'a a=,', 'a="\\', 'a a="b" '])
    parseChallenges(`x ${unit.repeat(100_000)}`)
  assert.ok(processorTime() - started < linear)
})
