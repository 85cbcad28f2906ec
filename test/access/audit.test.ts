// Who did what to which row: the audit log, as whoever looks into the database finds it.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  type AuditEntry,
  type AuditSearch,
  collection,
  defineApi,
  openAuditLog,
  Refusal,
  reference,
  related,
  type Serving,
  serve,
  service,
  text,
} from '@comity/server'
import { agent, call } from '../support/call.ts'
import { schemeNamed } from './support/scheme.ts'

const execute = promisify(execFile)
const command = fileURLToPath(new URL('../../packages/cli/src/bin.ts', import.meta.url))

let folder: string
let file: string
let serving: Serving

const api = defineApi({
  title: 'Library',
  audit: 'kept',
  authentication: [schemeNamed('Test')],
  resources: {
    authors: collection({
      fields: { name: text({ max: 80 }) },
      nested: { books: collection({ fields: { title: text({ max: 80 }) } }) },
      check({ name }) {
        if (name === 'Nobody') throw new Refusal('rule-refused', 'Nobody writes.')
      },
    }),
    shelves: collection({ fields: { name: text({ max: 80 }) }, nested: { volumes: related('volumes', 'shelfId') } }),
    volumes: collection({ fields: { name: text({ max: 80 }), shelfId: reference('shelves') } }),
    merge: service({
      method: 'POST',
      effect: 'writes',
      input: { name: text({ max: 80 }) },
      output: { id: text({ max: 80 }) },
      async handle({ name }, { tx }) {
        const { id } = await tx.authors.add({ name })
        if (name === 'Half') throw new Error('half way')
        return { id }
      },
    }),
  },
  seed: async tx => {
    await tx.authors.add({ id: 'first', name: 'Seeded' })
  },
})

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comity-audit-'))
  file = join(folder, 'library.sqlite')
  serving = await serve(api, { port: 0, database: `sqlite:${file}`, onError: () => {} })
})
after(async () => {
  agent.destroy()
  await serving.close()
  await rm(folder, { recursive: true, force: true })
})

function log(search?: AuditSearch): readonly AuditEntry[] {
  const opened = openAuditLog(file)
  try {
    return [...opened.entries(search)]
  } finally {
    opened.close()
  }
}

const ann = { authorization: 'Test ann' }
const ask = (method: string, path: string, body?: unknown, fields: Record<string, string> = {}) =>
  call(method, serving.url + path, { ...ann, ...fields }, body)
const told = ({ action, resource, id, parent }: AuditEntry) => [action, resource, id, parent]

/** What is in the log that was not before `work`. */
async function written(work: () => Promise<unknown>): Promise<readonly AuditEntry[]> {
  const before = log().length
  await work()
  return log().slice(before)
}

test('what the server wrote by itself is nobody’s', () => {
  const [seeded] = log()
  assert.deepEqual(seeded && [...told(seeded), seeded.caller], ['created', 'authors', 'first', '', ''])
})

test('a line says who, what, which row, from where, under which request', async () => {
  let answer: Awaited<ReturnType<typeof ask>> | undefined
  const [line, ...others] = await written(async () => {
    answer = await ask('POST', '/authors?always_success_code=false', { name: 'Ann' })
  })
  assert.ok(line && answer)
  assert.equal(answer.status, 201)
  const { id } = answer.json()
  assert.deepEqual(told(line), ['created', 'authors', id, ''])
  const { caller, scheme, address, method, path, request, at } = line
  assert.deepEqual(
    { caller, scheme, address, method, path },
    { caller: 'account:ann', scheme: 'Test', address: '127.0.0.1', method: 'POST', path: '/authors' },
  )
  assert.equal(request, answer.fields['x-request-id'])
  assert.ok(Math.abs(Date.now() - at) < 60_000)
  assert.deepEqual(others, [])
  assert.deepEqual(log({ id, caller: 'account:ann' }).map(told), [told(line)])
  assert.deepEqual(log({ caller: 'account:bob' }), [])
})

test('each row is told: changed, deleted by cascade, of many at once, and by a handler', async () => {
  const made = (await ask('POST', '/authors', { name: 'Bob' })).json().id
  const book = (await ask('POST', `/authors/${made}/books`, { title: 'One' })).json().id
  const changed = await written(() =>
    ask('PATCH', `/authors/${made}`, { name: 'Rob' }, { 'content-type': 'application/merge-patch+json' }),
  )
  assert.deepEqual(changed.map(told), [['changed', 'authors', made, '']])
  const deleted = await written(() => ask('DELETE', `/authors/${made}`))
  assert.deepEqual(deleted.map(told).toSorted(), [
    ['deleted', 'authors', made, ''],
    ['deleted', 'authors.books', book, made],
  ])
  const many = await written(() => ask('POST', '/authors', [{ name: 'Cid' }, { name: 'Cid' }]))
  assert.deepEqual(
    many.map(({ action }) => action),
    ['created', 'created'],
  )
  const all = await written(() => ask('DELETE', '/authors?name=Cid'))
  assert.deepEqual(all.map(({ id }) => id).toSorted(), many.map(({ id }) => id).toSorted())
  assert.equal(new Set(all.map(({ request }) => request)).size, 1)
  const handled = await written(() => ask('POST', '/merge', { name: 'Dan' }))
  assert.deepEqual(
    handled.map(({ action, path }) => [action, path]),
    [['created', '/merge']],
  )
})

test('what is seen in two places is told once, by its own name', async () => {
  const shelf = (await ask('POST', '/shelves', { name: 'a' })).json().id
  const lines = await written(async () => {
    const volume = (await ask('POST', `/shelves/${shelf}/volumes`, { name: 'one' })).json().id
    await ask('DELETE', `/volumes/${volume}`)
  })
  assert.deepEqual(
    lines.map(({ action, resource }) => [action, resource]),
    [
      ['created', 'volumes'],
      ['deleted', 'volumes'],
    ],
  )
  await ask('POST', `/shelves/${shelf}/volumes`, { name: 'two' })
  const gone = await written(() => ask('DELETE', `/shelves/${shelf}`))
  assert.deepEqual(gone.map(({ resource }) => resource).toSorted(), ['shelves', 'volumes'])
})

test('what did not happen is not told', async () => {
  const none = await written(async () => {
    assert.equal((await ask('POST', '/authors', { name: 'Nobody' })).status, 422)
    assert.equal((await ask('POST', '/merge', { name: 'Half' })).status, 500)
    assert.equal(
      (await ask('POST', '/authors', { name: 'Dry' }, { prefer: 'handling=strict, dry-run' })).status < 500,
      true,
    )
    assert.equal((await ask('DELETE', '/authors/none')).status, 404)
    assert.equal((await ask('GET', '/authors')).status, 200)
  })
  assert.deepEqual(none.filter(({ action }) => action !== 'created').map(told), [])
  const key = { 'idempotency-key': '"once"' }
  const once = await written(async () => {
    await ask('POST', '/authors', { name: 'Eve' }, key)
    assert.equal((await ask('POST', '/authors', { name: 'Eve' }, key)).fields['idempotency-replayed'], 'true')
  })
  assert.equal(once.length, 1)
})

test('a job writes in the name of who asked for it, under the request’s id', async () => {
  let id: string | undefined
  const lines = await written(async () => {
    const answer = await ask('POST', '/authors', { name: 'Fay' }, { prefer: 'respond-async, wait=5' })
    id = answer.fields['x-request-id']
    assert.ok(answer.status < 300)
  })
  assert.deepEqual(
    lines.map(({ caller, request, address }) => [caller, request, address]),
    [['account:ann', id, '127.0.0.1']],
  )
})

test('comity audit prints what is asked for, a line of JSON each, and checks the whole', async () => {
  const run = (...words: string[]) =>
    execute(process.execPath, ['--conditions=@comity/source', command, 'audit', ...words])
  const { stdout } = await run(file, '--resource', 'authors.books')
  const lines = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  assert.deepEqual(
    lines.map(({ action, resource }) => [action, resource]),
    log({ resource: 'authors.books' }).map(({ action, resource }) => [action, resource]),
  )
  assert.match(lines[0].at, /^\d{4}-\d\d-\d\dT/)
  assert.match((await run(file, '--verify')).stdout, /as it was written/)
  const missing = await run(join(folder, 'none.sqlite')).catch(error => error)
  assert.deepEqual([missing.code, /is not there/.test(missing.stderr)], [1, true])
})

test('the log is only added to, and what was done to it in spite of that is found', async () => {
  const opened = openAuditLog(file)
  assert.equal(opened.firstBroken(), undefined)
  const db = new DatabaseSync(file)
  try {
    assert.throws(() => db.exec("UPDATE comity_audit SET action = 'x'"), /only added to/)
    assert.throws(() => db.exec('DELETE FROM comity_audit'), /only added to/)
    // Who may write to the file can take the lock off, but not hide it.
    db.exec('DROP TRIGGER comity_audit_no_delete; DELETE FROM comity_audit WHERE number = 3')
    assert.equal(opened.firstBroken(), 3)
  } finally {
    db.close()
    opened.close()
  }
})
