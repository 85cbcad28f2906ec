// comity clients: on the file of a database, by the command as a function.
import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { after, before, test } from 'node:test'
import { run } from 'comity'
import { agent, call } from '../support/call.ts'
import { type Ledger, startLedger } from './support/ledger.ts'

let ledger: Ledger
before(async () => {
  ledger = await startLedger()
})
after(async () => {
  agent.destroy()
  await ledger.close()
})

async function clients(...words: string[]) {
  const said = { out: '', err: '' }
  const sink = (to: 'out' | 'err') =>
    new Writable({
      write(piece, _encoding, done) {
        said[to] += piece
        done()
      },
    })
  const io = { stdout: sink('out'), stderr: sink('err'), stdin: process.stdin, cwd: process.cwd(), env: {} }
  const code = await run(['clients', ...words, '--database', ledger.database], io as never)
  return { code, ...said }
}

test('a client is registered while the server runs, uses its secret at once, and no more once it is revoked', async () => {
  const made = await clients('create', 'Nightly export', '--scope', 'read')
  const [id = '', secret = ''] = made.out.split('\n')
  assert.deepEqual([made.code, id.slice(0, 4), secret.slice(0, 3)], [0, 'app_', 'cs_'])
  assert.match(made.err, /only time that its secret is shown/)
  const token = () =>
    call(
      'POST',
      `${ledger.issuer}/token`,
      { authorization: `Basic ${btoa(`${id}:${secret}`)}`, 'content-type': 'application/x-www-form-urlencoded' },
      'grant_type=client_credentials&scope=read',
    )
  const granted = await token()
  assert.deepEqual([granted.status, granted.json().scope], [200, 'read'])
  const listed = await clients('list')
  const rows = listed.out
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  const row = rows.find(client => client.id === id)
  assert.deepEqual(
    [row.name, row.kind, row.grants, row.scopes],
    ['Nightly export', 'confidential', 'client_credentials', 'read'],
  )
  assert.ok(!listed.out.includes(secret))
  const revoked = await clients('revoke', 'Nightly export')
  assert.equal(revoked.code, 0)
  assert.equal((await token()).status, 401)
  const ask = await call('GET', `${ledger.url}/ask`, { authorization: `Bearer ${granted.json().access_token}` })
  assert.equal(ask.status, 401)
})

test('what cannot be a client is refused in a sentence', async () => {
  const rows = [
    [['create', 'x', '--redirect-uri', 'http://app.example/cb'], /must be https/],
    [['create', 'x', '--redirect-uri', 'https://*.example/cb'], /wildcard/],
    [['create', 'x', '--redirect-uri', 'https://app.example/cb#x'], /fragment/],
    [['create', 'x', '--redirect-uri', 'javascript:alert(1)'], /domain in reverse/],
    [['create', 'x', '--public'], /cannot act for itself/],
    [['create', ' '], /1 to 100 characters/],
    [['revoke', 'none'], /no client “none”/],
  ] as const
  for (const [words, expected] of rows) {
    const { code, out, err } = await clients(...words)
    assert.notEqual(code, 0)
    assert.equal(out, '')
    assert.match(err, expected)
  }
  const pub = await clients('create', 'Desk', '--public', '--redirect-uri', 'com.example.desk:/cb')
  assert.match(pub.out, /^app_[0-9a-f]{16}\n$/)
})

test('keys are rotated: the new ones are published', async () => {
  assert.equal((await clients('rotate-keys')).code, 0)
  agent.destroy()
  await ledger.restart()
  const { json } = await call('GET', `${ledger.issuer}/jwks`)
  assert.equal(json().keys.length, 4)
})
