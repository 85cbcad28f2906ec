// The secured bank, by the words of its README: each line is run in a shell with what the server printed on its first start.
import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const example = new URL('../../examples/secured-bank/', import.meta.url)
const api = new URL('api.ts', example)
const readme = readFileSync(new URL('README.md', example), 'utf8')
const [, ...lines] = [...readme.matchAll(/```sh\n([^\n]+)\n```/g)].map(([, line = '']) => line)

const hasCurl = (() => {
  try {
    return /digest|https/i.test(execFileSync('curl', ['--version'], { encoding: 'utf8' }))
  } catch {
    return false
  }
})()

let folder: string
let server: ServerProcess
let made: Record<string, string>
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secured-bank-'))
  server = await startServer(api, `sqlite:${join(folder, 'bank.sqlite')}`)
  made = Object.fromEntries(
    [...server.out().matchAll(/^export ([A-Z_]+)='([^']+)'/gm)].map(([, name = '', value = '']) => [name, value]),
  )
})
after(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const run = async (line: string): Promise<string> => {
  const env = {
    ...process.env,
    ...made,
    URL: server.url,
    NODE_NO_WARNINGS: '1',
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
  }
  const { stdout } = await promisify(execFile)('bash', ['-c', line], {
    env,
    cwd: fileURLToPath(new URL('../..', example)),
  })
  return stdout
}
const names = (text: string): readonly string[] =>
  JSON.parse(text)
    .map(({ name }: { name: string }) => name)
    .sort()

test('what it prints is another on each first start, and nowhere in the code', () => {
  assert.deepEqual(Object.keys(made).sort(), [
    'ANN',
    'API_KEY',
    'AUD',
    'BINH',
    'CLIENT_ID',
    'CLIENT_SECRET',
    'CONSUMER_KEY',
    'CONSUMER_SECRET',
    'HOA',
    'TESS',
  ])
  const code = ['api.ts', 'accounts.ts', 'seed.ts', 'sign.ts', 'README.md']
    .map(name => readFileSync(new URL(name, example), 'utf8'))
    .join('')
  for (const [name, value] of Object.entries(made)) assert.ok(value.length >= 16 && !code.includes(value), name)
  assert.equal(new Set(Object.values(made)).size, 10)
})

const expected: readonly (readonly [what: string, of: (out: string) => unknown, value: unknown])[] = [
  ['Basic', names, ['Holidays', 'Household']],
  ['Digest', names, ['Household', 'Workshop']],
  ['an API key', names, ['Household']],
  ['OAuth 2', names, ['Rainy day']],
  [
    'OAuth 1.0',
    out => [names(out), Object.keys(JSON.parse(out)[0])],
    [['Holidays'], ['id', 'name', 'currency', 'balance']],
  ],
  ['CORS', out => /^access-control-allow-origin: (\S+)/im.exec(out)?.[1], 'https://app.secured-bank.example'],
  ['an account of another', out => out.trim(), '404'],
]

test('the README has a line for each scheme', () => assert.equal(lines.length, expected.length))

for (const [at, [what, of, value]] of expected.entries())
  test(`the README’s line for ${what} does what it says`, { skip: hasCurl ? false : 'there is no curl' }, async () => {
    const out = await run(lines[at] ?? '')
    assert.deepEqual(of(out), value, out)
  })

test('the second start prints nothing of it', async () => {
  await server.stop()
  server = await startServer(api, `sqlite:${join(folder, 'bank.sqlite')}`)
  assert.doesNotMatch(server.out(), /export /)
})
