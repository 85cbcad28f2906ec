// What was begun by a caller, and what becomes of it once they may do less, or come with less: jobs that wait, uploads that
// are open. And what handlers may do for a caller.
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { parseChallenges } from '@comity/http'
import {
  apiKeys,
  authorizationServer,
  basic,
  collection,
  defineApi,
  digest,
  files,
  type OpenCredentials,
  oauth1,
  openCredentials,
  type Serving,
  serve,
  service,
  text,
} from '@comity/server'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { agent, call, type Fields } from '../support/call.ts'
import { plant, planting } from '../support/planted.ts'
import { answersTo } from '../support/wire.ts'

const one = '01890000-0000-7000-8000-000000000001'
const password = plant('a password of everybody here')
let folder: string
let serving: Serving
let credentials: OpenCredentials
const keys: Record<string, string> = {}
let release = () => {}
let held: Promise<void> = Promise.resolve()

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comity-meanwhile-'))
  const database = join(folder, 'notes.sqlite')
  const written = { secret: text(), title: text() }
  const api = defineApi({
    title: 'Meanwhile',
    authentication: [basic(), apiKeys()],
    limits: { jobs: 1, queuedJobs: 4, uploads: 4 },
    resources: {
      notes: collection({
        fields: {
          branch: text({ max: 20 }),
          title: text({ max: 40 }),
          secret: text({ max: 40, default: 'none' }),
        },
        access: [
          { who: { role: 'root' } },
          { who: { role: 'clerk' }, rows: 'branch=caller.branch', hidden: ['secret'], reveals: ['references'] },
        ],
        nested: { papers: files() },
      }),
      hold: service({
        method: 'POST',
        input: {},
        output: {},
        access: 'callers',
        handle: async () => {
          await held
          return {}
        },
      }),
      edit: service({
        method: 'POST',
        input: written,
        output: { told: text() },
        effect: 'writes',
        access: 'callers',
        async handle({ secret, title }, { tx }) {
          const now = await tx.notes.change(one, { title, ...(secret !== '' && { secret }) })
          return { told: JSON.stringify(now) }
        },
      }),
      make: service({
        method: 'POST',
        input: written,
        output: { told: text() },
        effect: 'writes',
        access: 'callers',
        async handle({ secret, title }, { tx }) {
          const made = await tx.notes.create({ title, ...(secret !== '' && { secret }) })
          return { told: JSON.stringify(made) }
        },
      }),
    },
    async seed(tx, given) {
      const seeded = planting(given)
      for (const login of ['root', 'clerk', 'mover', 'leaver'])
        await seeded.addAccount({
          login,
          password,
          id: login,
          claims: { role: login === 'root' ? 'root' : 'clerk', branch: 'Riga' },
        })
      const of = async (name: string, account: string | undefined, scopes?: readonly string[]) => {
        keys[name] = (
          await seeded.createKey({
            name,
            ...(account && { account }),
            ...(scopes && { scopes }),
            claims: { role: 'clerk', branch: 'Riga' },
          })
        ).secret
      }
      await of('narrow', 'clerk', ['hold:call', 'notes:read'])
      await of('mover', 'mover')
      await of('leaver', 'leaver')
      await of('program', undefined)
      await tx.notes.add({ id: one, branch: 'Riga', title: 'one', secret: 'hushed' })
    },
  })
  serving = await serve(api, { port: 0, database: `sqlite:${database}` })
  credentials = await openCredentials(database)
})
after(async () => {
  release()
  agent.destroy()
  await credentials?.close()
  await serving.close()
  await rm(folder, { recursive: true, force: true })
})

const by = (login: string): Fields => ({ authorization: `Basic ${btoa(`${login}:${password}`)}` })
const key = (name: string): Fields => ({ 'x-api-key': keys[name] })
const ask = (method: string, path: string, fields: Fields, body?: unknown) =>
  call(method, serving.url + path, fields, body)
const later = { prefer: 'respond-async' }

/** Nothing else is begun until the returned function is called. */
async function busy(): Promise<() => void> {
  held = new Promise(resolve => {
    release = resolve
  })
  const { status } = await ask('POST', '/hold', { ...by('root'), ...later }, {})
  assert.equal(status, 202)
  return release
}

test('a job that waits is not done for an account that may not sign in any more, a key that is revoked, or claims of before', async () => {
  const free = await busy()
  const queued: string[] = []
  for (const [fields, title] of [
    [key('leaver'), 'left'],
    [key('program'), 'program'],
    [key('mover'), 'moved'],
  ] as const) {
    const { status, fields: told } = await ask('PATCH', `/notes/${one}`, { ...fields, ...later }, { title })
    assert.equal(status, 202)
    queued.push(told.location ?? '')
  }
  await credentials.disableAccount('leaver')
  await credentials.revokeKey('program')
  await credentials.changeAccount('mover', { claims: { role: 'clerk', branch: 'Oslo' } })
  free()
  const result = await ask('GET', `${queued[2]}/result`, { ...key('mover'), prefer: 'wait=10' })
  const ended = await ask('GET', queued[2] ?? '', { ...key('mover'), prefer: 'wait=10' })
  assert.equal(ended.status, 303, `${result.text}${ended.text}`)
  assert.equal((await ask('GET', `${queued[2]}/result`, key('mover'))).status, 404)
  const { title } = (await ask('GET', `/notes/${one}`, by('root'))).json()
  assert.equal(title, 'one')
  await credentials.enableAccount('leaver')
  const refused = await ask('GET', `${queued[0]}/result`, key('leaver'))
  assert.equal(refused.status, 403, refused.text)
  assert.equal(refused.json().code, 'forbidden')
})

test('credentials with fewer scopes do not see, list or cancel jobs that they could not have begun', async () => {
  const free = await busy()
  const { fields } = await ask('PATCH', `/notes/${one}`, { ...by('clerk'), ...later }, { title: 'one' })
  const path = fields.location ?? ''
  assert.equal((await ask('GET', path, key('narrow'))).status, 404)
  assert.equal((await ask('DELETE', path, key('narrow'))).status, 404)
  assert.deepEqual((await ask('GET', '/jobs', key('narrow'))).json(), [])
  const own = (await ask('GET', '/jobs', by('clerk'))).json()
  assert.deepEqual(
    own.map(({ id }: { id: string }) => `/jobs/${id}`),
    [path],
  )
  assert.equal((await ask('DELETE', path, by('clerk'))).status, 204)
  free()
})

test('an upload is completed as what its caller is by then', async () => {
  await credentials.changeAccount('mover', { claims: { role: 'clerk', branch: 'Riga' } })
  const begun = await ask(
    'PUT',
    `/notes/${one}/papers/a.txt`,
    { ...key('mover'), 'content-type': 'text/plain', 'upload-complete': '?0', 'upload-length': '8' },
    'half',
  )
  assert.equal(begun.status, 201)
  await credentials.changeAccount('mover', { claims: { role: 'clerk', branch: 'Oslo' } })
  const done = await ask(
    'PATCH',
    begun.fields.location ?? '',
    {
      ...key('mover'),
      'content-type': 'application/partial-upload',
      'upload-complete': '?1',
      'upload-offset': '4',
    },
    'rest',
  )
  assert.equal(done.status, 404, done.text)
  assert.equal((await ask('GET', `/notes/${one}/papers/a.txt`, by('root'))).status, 404)
})

test('one caller does not fill the queue of jobs for everybody', async () => {
  const free = await busy()
  const queue = async (fields: Fields) =>
    (await ask('PATCH', `/notes/${one}`, { ...fields, ...later }, { title: 'one' })).status
  const statuses = []
  for (let at = 0; at < 3; at++) statuses.push(await queue(by('clerk')))
  assert.deepEqual(statuses, [202, 202, 503])
  assert.equal(await queue(by('root')), 202)
  free()
})

test('one caller does not take all the room that there is for uploads', async () => {
  const begin = async (fields: Fields, name: string) => {
    const asked = { 'content-type': 'text/plain', 'upload-complete': '?0', 'upload-length': '8' }
    return (await ask('PUT', `/notes/${one}/papers/${name}.txt`, { ...fields, ...asked }, 'half')).status
  }
  const statuses = []
  for (const name of ['a', 'b', 'c']) statuses.push(await begin(by('clerk'), name))
  assert.deepEqual(statuses, [201, 201, 507])
  assert.equal(await begin(by('root'), 'd'), 201)
})

test('members that are not there for the caller are not there for a handler that acts for them', async () => {
  for (const service of ['/edit', '/make']) {
    const set = await ask('POST', service, by('clerk'), { title: 'by clerk', secret: 'mine' })
    assert.equal(set.status, 400, set.text)
    assert.match(set.text, /“?secret/)
    const without = await ask('POST', service, by('clerk'), { title: 'one', secret: '' })
    assert.equal(without.status, 200, without.text)
    assert.doesNotMatch(without.text, /secret|hushed/)
    assert.match(without.text, /one/)
    assert.equal(
      (await ask('POST', service, by('root'), { title: 'one', secret: 'hushed' })).status,
      service === '/make' ? 400 : 200,
    )
  }
  assert.equal((await ask('GET', `/notes/${one}`, by('root'))).json().secret, 'hushed')
})

test('a message that says twice who sends it is refused, whichever of the two a proxy would have believed', async () => {
  const authorization = by('clerk').authorization
  for (const second of [authorization, `Basic ${btoa('nobody:at all')}`]) {
    const [answer] = await answersTo(
      serving.url,
      `GET /notes HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nAuthorization: ${second}\r\nConnection: close\r\n\r\n`,
    )
    assert.equal(answer?.status, 400)
  }
})

describe('who has said who they are, and has not proved it yet, uses up nothing of theirs', () => {
  const password = plant('the password of the victim')
  let other: Serving

  before(async () => {
    other = await serve(
      defineApi({
        title: 'Unproved',
        authentication: [digest(), oauth1()],
        rates: {
          plan: { per: 'caller', requests: 3, window: 'month', beyond: 'pay', for: 'known' },
          slots: { per: 'caller', concurrent: 2, for: 'known' },
        },
        resources: { notes: collection({ fields: { text: text({ max: 100 }) } }) },
        async seed(_tx, credentials) {
          await credentials.addAccount({ login: 'victim', password, id: 'victim' })
        },
      }),
      { port: 0 },
    )
  })
  after(async () => {
    await other.close()
  })

  const hash = (data: string): string => createHash('sha256').update(data).digest('hex')

  async function post(secret: string, content: string) {
    const url = `${other.url}/notes`
    const { fields } = await call('GET', url)
    const found = parseChallenges(fields['www-authenticate'] ?? '').find(
      ({ params }) => params.algorithm === 'SHA-256',
    )?.params
    const { realm = '', nonce = '', opaque = '' } = found ?? {}
    const target = hash(`POST:/notes:${hash(content)}`)
    const response = hash(`${hash(`victim:${realm}:${secret}`)}:${nonce}:00000001:c:auth-int:${target}`)
    const authorization = `Digest username="victim", realm="${realm}", nonce="${nonce}", uri="/notes", algorithm=SHA-256, response="${response}", qop=auth-int, nc=00000001, cnonce="c", opaque="${opaque}"`
    return call('POST', url, { authorization }, content)
  }

  test('a wrong digest of the content takes nothing from the plan of the account that it names, a right one is counted', async () => {
    for (let at = 0; at < 5; at++) {
      const { status, fields } = await post('guessed', '{"text":"not mine"}')
      assert.equal(status, 401)
      assert.equal(fields.ratelimit, undefined)
    }
    for (const left of [2, 1, 0]) {
      const { status, fields } = await post(password, '{"text":"mine"}')
      assert.equal(status, 201)
      assert.match(fields.ratelimit ?? '', new RegExp(`"plan";r=${left}\\b`))
    }
    const beyond = await post(password, '{"text":"too much"}')
    assert.equal(beyond.status, 402)
  })
})

describe('two servers on one database: what one of them has taken, or withdrawn, the other takes no more', () => {
  /** As a balancer in front of both would have it. */
  const publicUrl = 'http://127.0.0.1:9'
  let folder: string
  let credentials: OpenCredentials
  const made: Record<string, string> = {}
  const servers: Serving[] = []

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'comity-two-'))
    const file = join(folder, 'notes.sqlite')
    const api = defineApi({
      title: 'Two',
      authentication: [authorizationServer(), apiKeys()],
      resources: { notes: collection({ fields: { text: text({ max: 20 }) } }) },
      async seed(_tx, given) {
        const seeded = planting(given)
        const { client, secret = '' } = await seeded.addClient({ name: 'client' })
        Object.assign(made, { client: client.id, secret, key: (await seeded.createKey({ name: 'key' })).secret })
      },
    })
    for (let at = 0; at < 2; at++) servers.push(await serve(api, { port: 0, publicUrl, database: `sqlite:${file}` }))
    credentials = await openCredentials(file)
  })
  after(async () => {
    await credentials.close()
    for (const server of servers) await server.close()
    await rm(folder, { recursive: true, force: true })
  })

  const at = (which: number, path: string): string => `${servers[which]?.url}${path}`
  const read = async (which: number, fields: Fields) => (await call('GET', at(which, '/notes'), fields)).status

  test('a proof of DPoP counts once, whichever of them it is sent to', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const jwk = await exportJWK(publicKey)
    const proof = (method: string, path: string, more = {}) =>
      new SignJWT({ htm: method, htu: publicUrl + path, jti: randomUUID(), ...more })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .setIssuedAt()
        .sign(privateKey)
    const got = await call(
      'POST',
      at(0, '/oauth/token'),
      {
        authorization: `Basic ${btoa(`${made.client}:${made.secret}`)}`,
        'content-type': 'application/x-www-form-urlencoded',
        dpop: await proof('POST', '/oauth/token'),
      },
      'grant_type=client_credentials&scope=notes:read',
    )
    assert.equal(got.status, 200, got.text)
    const { access_token: token } = got.json()
    const ath = createHash('sha256').update(token).digest('base64url')
    const fields = async () => ({ authorization: `DPoP ${token}`, dpop: await proof('GET', '/notes', { ath }) })
    const sent = await fields()
    assert.deepEqual([await read(0, sent), await read(1, sent), await read(0, sent)], [200, 401, 401])
    const both = await fields()
    const statuses = await Promise.all([read(0, both), read(1, both)])
    assert.deepEqual(statuses.sort(), [200, 401])
    assert.equal(await read(1, await fields()), 200)
    await credentials.revokeClient(made.client ?? '')
    assert.deepEqual([await read(0, await fields()), await read(1, await fields())], [401, 401])
  })

  test('a key that was revoked is refused by both at once', async () => {
    const fields = { 'x-api-key': made.key }
    assert.deepEqual([await read(0, fields), await read(1, fields)], [200, 200])
    await credentials.revokeKey('key')
    assert.deepEqual([await read(0, fields), await read(1, fields)], [401, 401])
  })
})
