// What was begun by a caller, and what becomes of it once they may do less, or come with less: jobs that wait, uploads that
// are open. And what handlers may do for a caller.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  apiKeys,
  basic,
  collection,
  defineApi,
  files,
  type OpenCredentials,
  openCredentials,
  type Serving,
  serve,
  service,
  text,
} from '@comity/server'
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
