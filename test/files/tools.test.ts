// What people have at hand: curl and wget, where they are installed.
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { serving, startApi } from '../support/bank.ts'
import { drawers } from './drawers.ts'

const server = serving(() => startApi(drawers))
const run = promisify(execFile)
const without = (tool: string) => (spawnSync(tool, ['--version']).error ? `there is no ${tool}` : false)
const bytes = randomBytes(300_000)
let folder = ''
const at = (name: string) => join(folder, name)
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comity-tools-'))
  await writeFile(at('data.bin'), bytes)
  await writeFile(at('tea.csv'), 'a,b\n')
})
after(() => rm(folder, { recursive: true, force: true }))

test('curl -T sends a file, curl -C - goes on with it', { skip: without('curl') }, async () => {
  await run('curl', ['-sfT', at('data.bin'), `${server.url}/brochures/`])
  await writeFile(at('part.bin'), bytes.subarray(0, 100_000))
  await run('curl', ['-sf', '-C', '-', '-o', at('part.bin'), `${server.url}/brochures/data.bin`])
  assert.deepEqual(await readFile(at('part.bin')), bytes)
})

test('curl -F sends several, curl -OJ keeps their names', { skip: without('curl') }, async () => {
  const files = ['-F', `file=@${at('tea.csv')}`, '-F', `file=@${at('data.bin')};filename=naïve name.bin`]
  const { stdout } = await run('curl', ['-sf', ...files, `${server.url}/brochures`])
  assert.deepEqual(
    JSON.parse(stdout).map(({ name }: { name: string }) => name),
    ['tea.csv', 'naïve name.bin'],
  )
  await run('curl', ['-sfOJ', `${server.url}/brochures/na%C3%AFve%20name.bin`], { cwd: folder })
  assert.deepEqual(await readFile(at('naive name.bin')), bytes)
})

test('wget -c goes on with a download', { skip: without('wget') }, async () => {
  await server.call('PUT', '/brochures/w.txt', { 'content-type': 'text/plain' }, 'x'.repeat(50_000))
  await writeFile(at('w.txt'), 'x'.repeat(20_000))
  await run('wget', ['-qc', '-P', folder, `${server.url}/brochures/w.txt`])
  assert.equal(await readFile(at('w.txt'), 'utf8'), 'x'.repeat(50_000))
})
