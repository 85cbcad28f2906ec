// Attacks by credentials: tokens that say who signed them, keys of another kind, what was said before.
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { parseChallenges } from '@comity/http'
import OAuth10a from 'oauth-1.0a'
import type { Attack } from './attack.ts'
import { audience, type Under } from './under.ts'

const b64 = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const bearer = (token: string) => ({ fields: { authorization: `Bearer ${token}` } })

const tokens: Attack = {
  family: 'forged tokens',
  async run({ ask, issuer }, { one, some }) {
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      iss: issuer.url,
      aud: audience,
      sub: 'victim',
      client_id: 'x',
      scope: 'read write',
      iat: now,
      exp: now + 600,
      jti: randomBytes(8).toString('hex'),
    }
    const header = { alg: 'ES256', typ: 'at+jwt', kid: issuer.key.kid }
    const published = JSON.stringify(issuer.published[0])
    const unsigned = (head: object, body: object = claims) => `${b64(head)}.${b64(body)}`
    const hmac = (head: object, secret: string) => {
      const signed = unsigned(head)
      return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
    }
    const good = await issuer.sign(claims, header)
    const [head = '', body = '', signature = ''] = good.split('.')
    const token = one<() => string | Promise<string>>([
      () => `${unsigned({ ...header, alg: one(['none', 'None', 'NONE', 'nOnE', '']) })}.`,
      () => `${unsigned({ ...header, alg: 'none' })}.${signature}`,
      () => hmac({ ...header, alg: 'HS256' }, published),
      () => hmac({ ...header, alg: 'HS256' }, issuer.key.kid),
      () => hmac({ ...header, alg: 'HS256', kid: one(['../../dev/null', "' UNION SELECT 'a", '/etc/passwd', '']) }, ''),
      () => `${head}.${b64({ ...claims, sub: 'admin' })}.${signature}`,
      () => `${b64({ ...header, jwk: { kty: 'oct', k: 'AAAA' } })}.${body}.${signature}`,
      () => `${b64({ ...header, jku: 'http://127.0.0.1:1/keys', x5u: 'http://127.0.0.1:1/' })}.${body}.${signature}`,
      () => `${head}.${body}.${b64(randomBytes(64).toString('latin1'))}`,
      () => `${head}.${body}.${signature.slice(0, some(0, 80))}`,
      () => `${head}.${body}.${'AAAA'.repeat(some(0, 30))}`,
      () => `${head}..${signature}`,
      () => `${b64({ ...header, crit: ['exp'] })}.${body}.${signature}`,
      () => issuer.sign({ ...claims, exp: now - some(120, 1_000_000) }, header),
      () => issuer.sign({ ...claims, aud: one(['https://other.example', '', `${audience}/`]) }, header),
      () => issuer.sign({ ...claims, iss: one(['https://evil.example', `${issuer.url}/`, '']) }, header),
      () => issuer.sign({ ...claims, nbf: now + 5_000 }, header),
      () => issuer.sign(claims, { ...header, typ: one(['JWT', 'id+jwt', 'dpop+jwt']) }),
      () => `${good}.${signature}`,
      () => randomBytes(some(1, 300)).toString('base64url'),
    ])()
    await ask('GET', '/notes', [400, 401], bearer(await token))
  },
}

const guesses: Attack = {
  family: 'guessed keys',
  async run({ ask, key, consumer, password }, { one, some }) {
    const wrong = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A')
    const basic = (user: string, secret: string) => ({
      fields: { authorization: `Basic ${btoa(`${user}:${secret}`)}` },
    })
    const [path, given, allowed = [401]] = one<
      readonly [string, { fields: Record<string, string> }, (readonly number[])?]
    >([
      ['/notes', { fields: { 'x-api-key': wrong } }],
      ['/notes', { fields: { 'x-api-key': key.toUpperCase() } }],
      ['/notes', { fields: { 'x-api-key': `${key}\t` } }, [200, 401, 428]],
      ['/notes', { fields: { 'x-api-key': key.slice(0, some(1, key.length - 1)) } }],
      ['/notes', { fields: { authorization: `ApiKey ${wrong}` } }],
      ['/notes', { fields: { authorization: `Bearer ${key}` } }, [400, 401]],
      // A key in a URL is seen by everybody on the way, and not taken.
      [`/notes?key=${key}`, { fields: {} }, [400, 401]],
      ['/notes', { fields: { 'x-api-key': consumer.secret } }],
      ['/notes', basic('mallory', key)],
      ['/notes', basic(`mallory\0`, password)],
      ['/notes', basic('MALLORY', `${password} `)],
      ['/notes', basic(one(['victim', 'nobody', 'root', '', "' OR 1=1 --"]), one(['', 'password', password]))],
      ['/notes', { fields: { authorization: `Basic ${btoa('mallory')}` } }],
      ['/notes', { fields: { authorization: `Basic ${'='.repeat(some(1, 40))}` } }],
      [
        '/notes',
        {
          fields: {
            authorization: one(['Basic', 'Digest', 'OAuth', 'Bearer', 'DPoP', 'ApiKey', 'Negotiate abc', ',']),
          },
        },
        [400, 401],
      ],
    ])
    await ask(one(['GET', 'DELETE']), path, allowed, given)
  },
}

const hash = (data: string): string => createHash('sha256').update(data).digest('hex')

/** As RFC 7616 §3.4 has it, for GET /notes. */
async function digestField({ ask, password }: Under, count: number): Promise<string> {
  const { fields } = await ask('GET', '/notes', [401], { fields: {} })
  const {
    realm = '',
    nonce = '',
    opaque = '',
  } = parseChallenges(fields['www-authenticate'] ?? '').find(
    ({ scheme, params }) => scheme === 'digest' && params.algorithm === 'SHA-256',
  )?.params ?? {}
  const nc = count.toString(16).padStart(8, '0')
  const response = hash(`${hash(`mallory:${realm}:${password}`)}:${nonce}:${nc}:c:auth:${hash('GET:/notes')}`)
  return `Digest username="mallory", realm="${realm}", nonce="${nonce}", uri="/notes", algorithm=SHA-256, response="${response}", qop=auth, nc=${nc}, cnonce="c", opaque="${opaque}"`
}

const replays: Attack = {
  family: 'replays',
  async run(under, { one, some }) {
    const { ask, consumer, url } = under
    const as = (authorization: string) => ({ fields: { authorization } })
    if (one([true, false])) {
      const field = await digestField(under, 1)
      await ask('GET', '/notes', [200], as(field))
      const again = one([
        field,
        field.replace('uri="/notes"', 'uri="/pictures"'),
        field.replace(/nonce="[^"]*"/, `nonce="${randomBytes(16).toString('base64url')}"`),
        field.replace('nc=00000001', `nc=0000000${some(2, 9)}`),
        field.replace('qop=auth', 'qop=auth-int'),
        field.replace('algorithm=SHA-256', 'algorithm=MD5'),
      ])
      await ask('GET', '/notes', [400, 401], as(again))
      return
    }
    const signer = new OAuth10a({
      consumer,
      signature_method: 'HMAC-SHA256',
      hash_function: (base, key) => createHmac('sha256', key).update(base).digest('base64'),
    })
    const signed = signer.authorize({ url: `${url}/livez`, method: 'GET' })
    const target = { url: `${url}/notes`, method: 'GET' }
    const good = signer.toHeader(signer.authorize(target)).Authorization
    await ask('GET', '/notes', [200, 403], as(good))
    const bad = one<() => string>([
      () => good,
      () => signer.toHeader(signed).Authorization,
      () => good.replace(/oauth_signature="[^"]*"/, 'oauth_signature=""'),
      () => good.replace('HMAC-SHA256', one(['PLAINTEXT', 'HMAC-SHA1', 'RSA-SHA1', 'none'])),
      () => good.replace(/oauth_timestamp="\d+"/, `oauth_timestamp="${some(1, 1_000_000_000)}"`),
      () => good.replace(/oauth_nonce="[^"]*"/, `oauth_nonce="${randomBytes(8).toString('hex')}"`),
      () => `${good}, oauth_token="x"`,
    ])()
    await ask('GET', '/notes', [400, 401], as(bad))
  },
}

export const credentialAttacks: readonly Attack[] = [tokens, guesses, replays]
