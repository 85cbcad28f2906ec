// A client typed by the bank's OpenAPI document. `fixtures/bank.d.ts` is what openapi-typescript makes of a part of it;
// COMITY_LONG makes it anew, in a project outside the repository, and compares.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { type ClientOf, createClient } from '@comity/client'
import { type Served, startBank } from '../support/bank.ts'
import { agent } from '../support/call.ts'
import type { paths } from './fixtures/bank.d.ts'
import { partOfDocument } from './support/part-of-document.ts'

let served: Served
let client: ClientOf<paths>

before(async () => {
  served = await startBank()
  client = createClient<paths>({ baseUrl: served.url })
})

after(async () => {
  await client.close()
  agent.destroy()
  await served.close()
})

/** Compiled, never run. */
export async function _types(): Promise<void> {
  const account = await client.get('/accounts/{id}', { path: { id: '1' } }).json()
  const type: 'current' | 'savings' | 'credit' | undefined = account.type
  const { result } = await client.get('/convert', { params: { from: 'EUR', to: 'CNY', amount: '1.00' } }).json()
  const text: string = result
  void [type, text]
  // @ts-expect-error the id is missing
  await client.get('/accounts/{id}')
  // @ts-expect-error there is no such target
  await client.get('/acounts')
  // @ts-expect-error nor does this one answer POST
  await client.post('/convert', { body: {} })
  // @ts-expect-error there is no such type
  await client.get('/accounts', { params: { type: ['gold'] } })
  // @ts-expect-error the words are missing
  await client.get('/convert')
  // @ts-expect-error the name is missing
  await client.post('/accounts', { body: { type: 'savings', currency: 'EUR' } })
  // @ts-expect-error the result has no such member
  void (await client.get('/convert', { params: { from: 'EUR', to: 'CNY', amount: '1.00' } }).json()).colour
  await client.patch('/accounts/{id}', { path: { id: '1' }, body: { name: 'b' } })
  await client.delete('/accounts/{id}', { path: { id: '1' }, deadline: 1000 })
  await client.get('/accounts')
}

it('a client of the document calls the bank', async () => {
  const made = await client.post('/accounts', { body: { type: 'savings', name: 'Boat', currency: 'EUR' } })
  assert.equal(made.status, 201)
  const { id } = (await made.json()) as { readonly id: string }
  const account = await client.get('/accounts/{id}', { path: { id } }).json()
  assert.equal(account.name, 'Boat')
  const params = { type: ['savings' as const, 'credit' as const], name: ['Boat'] }
  const listed = await client.get('/accounts', { params, arrays: 'comma' }).json()
  assert.deepEqual(listed, [account])
  const { result } = await client.get('/convert', { params: { from: 'EUR', to: 'EUR', amount: '1.00' } }).json()
  assert.equal(result, '1.00')
})

it('the contract is the one of the document', { skip: process.env.COMITY_LONG !== '1' }, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'comity-contract-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const npm = (...words: readonly string[]) =>
    spawnSync('npm', [...words], { cwd: folder, encoding: 'utf8', timeout: 180_000 })
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  const wanted = ['openapi-typescript@7.13.0', 'typescript@5']
  const installed = npm('install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', ...wanted)
  if (installed.status !== 0) return t.skip('npm reaches no registry')
  const document: unknown = JSON.parse((await served.call('GET', '/openapi.json')).text)
  const part = partOfDocument(document, ['/accounts', '/accounts/{id}', '/convert'])
  writeFileSync(join(folder, 'openapi.json'), JSON.stringify(part))
  const made = npm(
    'exec',
    '--',
    'openapi-typescript',
    'openapi.json',
    '--default-non-nullable',
    'false',
    '-o',
    'bank.d.ts',
  )
  assert.equal(made.status, 0, made.stderr)
  const fixture = readFileSync(new URL('./fixtures/bank.d.ts', import.meta.url), 'utf8')
  assert.equal(readFileSync(join(folder, 'bank.d.ts'), 'utf8'), fixture)
})
