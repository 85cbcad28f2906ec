// Each version has a description of its own, which is valid and says what that version says.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { serving, startApi, startBank } from '../support/bank.ts'
import { library } from './library.ts'

const bank = serving(startBank)
const shelves = serving(() => startApi(library))
const redocly = fileURLToPath(new URL('../../node_modules/@redocly/cli/bin/cli.js', import.meta.url))

const documents = [
  ['the bank, 1', () => bank.call('GET', '/v1/openapi.json'), '/v1', '1.0.0', true],
  ['the bank, 1, by its field', () => bank.call('GET', '/openapi.json', { 'api-version': '1' }), '/v1', '1.0.0', true],
  ['the bank, 2', () => bank.call('GET', '/v2/openapi.json'), '/', '2.0.0', false],
  ['the library, 1', () => shelves.call('GET', '/openapi.json?v=1'), '/v1', '1.0.0', true],
  ['the library, 2', () => shelves.call('GET', '/v2/openapi.json'), '/v2', '2.0.0', true],
] as const

type Operation = { readonly deprecated?: boolean; readonly operationId?: string }

for (const [name, get, server, version, deprecated] of documents)
  test(`${name}: served at its path, each operation deprecated or none`, async () => {
    const { info, servers, paths } = (await get()).json()
    assert.deepEqual([servers[0].url, info.version], [server, version])
    const operations = Object.values(paths as Record<string, Record<string, Operation>>).flatMap(item =>
      Object.values(item),
    )
    for (const operation of operations.filter(({ operationId }) => operationId))
      assert.equal(operation.deprecated ?? false, deprecated, `${operation.operationId}`)
  })

test('redocly lint finds nothing in any of them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'comity-versions-'))
  try {
    const files = await Promise.all(
      documents.map(async ([name, get], at) => {
        const file = join(folder, `${at}.json`)
        const { text } = await get()
        await writeFile(file, text)
        return [name, file] as const
      }),
    )
    await promisify(execFile)(
      process.execPath,
      [redocly, 'lint', '--extends=recommended', '--skip-rule=info-license', ...files.map(([, file]) => file)],
      {
        env: { ...process.env, REDOCLY_TELEMETRY: 'off' },
      },
    ).catch(({ stdout, stderr }) => assert.fail(`${stdout}${stderr}`))
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('members, paths and words are those of the version', async () => {
  const { paths, components } = (await shelves.call('GET', '/v1/openapi.json')).json()
  for (const path of ['/titles', '/titles/{id}', '/titles/{titleId}/loans', '/estimate', '/purchase'])
    assert.ok(paths[path], path)
  assert.equal(paths['/books'], undefined)
  const text = JSON.stringify(components.schemas)
  for (const member of ['heading', 'authorGiven', 'cents', 'binding', 'titleId'])
    assert.ok(text.includes(`"${member}"`), member)
  for (const member of ['price', 'language', 'seller', 'bookId']) assert.ok(!text.includes(`"${member}"`), member)
  const words = Object.values(components.parameters as Record<string, { name: string }>).map(({ name }) => name)
  for (const word of ['heading', 'place.shelf', 'cents.gte', 'startFrom']) assert.ok(words.includes(word), word)
  for (const word of ['kind.gt', 'binding', 'authorGiven', 'title']) assert.ok(!words.includes(word), word)
})

test('the pages of a version lead to each other', async () => {
  const { text, status } = await shelves.call('GET', '/v1/docs')
  assert.equal(status, 200)
  assert.match(text, /href="\/v1\/openapi\.json"/)
  const { resources } = (await shelves.call('GET', '/v1', { accept: 'application/json' })).json()
  assert.match(resources[0].href, /\/v1\/titles$/)
  const page = await shelves.call('GET', '/v1/titles', { accept: 'text/html' })
  assert.equal(page.status, 200)
  assert.match(page.text, /heading/)
})
