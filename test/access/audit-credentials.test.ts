// Who made, changed and withdrew what callers sign in with, who signed in and who let a program act for them: in the audit log,
// with nothing that is secret.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  type AuditEntry,
  authorizationServer,
  collection,
  defineApi,
  type OpenCredentials,
  openAuditLog,
  openCredentials,
  type Serving,
  serve,
  text,
} from '@comity/server'
import { planting } from '../support/planted.ts'
import { person } from './support/person.ts'

const callback = 'https://app.example/callback'
const password = 'a password of ann'
const secrets = [password]
let folder: string
let database: string
let serving: Serving
let operator: OpenCredentials

const apiWith = (audit: 'kept' | 'none') =>
  defineApi({
    title: 'Audited',
    audit,
    authentication: [authorizationServer()],
    resources: { notes: collection({ fields: { text: text({ max: 80 }) } }) },
    async seed(_tx, credentials) {
      await credentials.addAccount({ login: 'ann', id: 'ann', password })
    },
  })

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comity-audit-credentials-'))
  database = join(folder, 'notes.sqlite')
  serving = await serve(apiWith('kept'), { port: 0, database: `sqlite:${database}` })
  const opened = await openCredentials(database)
  operator = { ...planting(opened), close: opened.close } as OpenCredentials
})
after(async () => {
  await operator?.close()
  await serving?.close()
  await rm(folder, { recursive: true, force: true })
})

function log(path = database): readonly AuditEntry[] {
  const opened = openAuditLog(path)
  try {
    assert.equal(opened.firstBroken(), undefined)
    return [...opened.entries()]
  } finally {
    opened.close()
  }
}

async function written(work: () => Promise<unknown>): Promise<readonly AuditEntry[]> {
  const before = log().length
  await work()
  return log().slice(before)
}
const told = ({ action, resource, id, caller }: AuditEntry) => [action, resource, id, caller]

test('what the seed makes is the server’s own doing', () => {
  const made = log().filter(({ resource }) => resource === 'credentials.accounts')
  assert.deepEqual(made.map(told), [['created', 'credentials.accounts', 'ann', '']])
})

test('what is done to credentials beside the server is the operator’s, line by line', async () => {
  const ids: Record<string, string> = {}
  const lines = await written(async () => {
    const bob = await operator.addAccount({ login: 'bob', id: 'bob' })
    const again = await operator.setPassword('bob')
    await operator.changeAccount('bob', { claims: { branch: 'Riga' } })
    await operator.disableAccount('bob')
    await operator.enableAccount('bob')
    const key = await operator.createKey({ name: 'key', account: 'bob' })
    await operator.revokeKey(key.key.id)
    const client = await operator.addClient({ name: 'client' })
    await operator.revokeClient(client.client.id)
    const consumer = await operator.addConsumer({ name: 'consumer' })
    await operator.revokeTokens('bob')
    await operator.revokeConsumer(consumer.consumer.key)
    Object.assign(ids, { key: key.key.id, client: client.client.id, consumer: consumer.consumer.key })
    secrets.push(bob.password, again.password, key.secret, client.secret ?? '', consumer.secret ?? '')
  })
  assert.deepEqual(lines.map(told), [
    ['created', 'credentials.accounts', 'bob', 'operator'],
    ['password-changed', 'credentials.accounts', 'bob', 'operator'],
    ['changed', 'credentials.accounts', 'bob', 'operator'],
    ['disabled', 'credentials.accounts', 'bob', 'operator'],
    ['enabled', 'credentials.accounts', 'bob', 'operator'],
    ['created', 'credentials.keys', ids.key, 'operator'],
    ['revoked', 'credentials.keys', ids.key, 'operator'],
    ['created', 'credentials.clients', ids.client, 'operator'],
    ['revoked', 'credentials.clients', ids.client, 'operator'],
    ['created', 'credentials.consumers', ids.consumer, 'operator'],
    ['revoked', 'credentials.tokens', 'bob', 'operator'],
    ['revoked', 'credentials.consumers', ids.consumer, 'operator'],
  ])
})

test('a sign-in and a grant are the person’s, from where they did it; a failed one is no line', async () => {
  const { client } = await operator.addClient({ name: 'Ledger', redirectUris: [callback] })
  const verifier = randomBytes(32).toString('base64url')
  const query = new URLSearchParams({
    client_id: client.id,
    response_type: 'code',
    redirect_uri: callback,
    scope: 'read',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  const ann = person(callback)
  let page = await ann.open(`${serving.url}/oauth/authorize?${query}`)
  const failed = await written(async () => {
    for (const login of ['ann', 'nobody']) page = await ann.send(page, { login, password: 'not the one' })
  })
  assert.deepEqual(failed, [])
  const lines = await written(async () => {
    page = await ann.send(page, { login: 'ann', password })
    page = await ann.send(page, { decision: 'allow' })
  })
  secrets.push(new URL(page.url).searchParams.get('code') ?? 'none')
  const [signIn, grant] = lines
  assert.equal(lines.length, 2)
  assert.deepEqual(signIn && told(signIn), ['signed-in', 'credentials.accounts', 'ann', 'account:ann'])
  assert.equal(signIn?.address, '127.0.0.1')
  assert.match(signIn?.path ?? '', /^\/oauth\/sign-in\//)
  assert.deepEqual(grant && [grant.action, grant.resource, grant.caller, grant.via], [
    'created',
    'credentials.grants',
    'account:ann',
    client.id,
  ])
})

test('nothing secret is in it', () => {
  const said = JSON.stringify(log())
  for (const secret of secrets) assert.ok(secret.length > 8 && !said.includes(secret))
})

test('where the API keeps no log, its credentials leave none', async () => {
  const other = join(folder, 'other.sqlite')
  const quiet = await serve(apiWith('none'), { port: 0, database: `sqlite:${other}` })
  await quiet.close()
  const beside = await openCredentials(other)
  await beside.addAccount({ login: 'eve' })
  await beside.close()
  assert.deepEqual(log(other), [])
})
