// npm test: every test file, in processes that share what Node has compiled, which halves the time they take to start.
// What is given besides goes to Node's test runner: `npm test -- --test-name-pattern=304`. At the end everything that
// servers said in problems and logs is searched for the secrets that tests have planted.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const runner = ['--conditions=@comity/source', '--test', ...process.argv.slice(2)]
const planted = mkdtempSync(join(tmpdir(), 'comity-planted-'))
const env = { ...process.env, NODE_COMPILE_CACHE: `${root}node_modules/.cache/node-compile`, COMITY_PLANTED: planted }
const child = spawn(process.execPath, runner, { cwd: root, env, stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
child.on('close', (code, signal) => {
  const told = secretsTold()
  rmSync(planted, { recursive: true, force: true })
  for (const line of told) console.error(`A planted secret was told: ${line}`)
  process.exit(told.length > 0 ? 1 : (code ?? (signal === null ? 0 : 1)))
})

/** Lines that have a secret in them, as it is, in Base64 or percent-encoded. */
function secretsTold(): readonly string[] {
  const read = (name: string) => (existsSync(join(planted, name)) ? readFileSync(join(planted, name), 'utf8') : '')
  const secrets = new Set(
    read('secrets')
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as string),
  )
  const said = read('said')
  const forms = [...secrets].flatMap(secret => [
    secret,
    Buffer.from(secret).toString('base64'),
    encodeURIComponent(secret),
  ])
  const told = [...new Set(forms)].filter(form => said.includes(form))
  const lines = [...told].flatMap(form =>
    said
      .split('\n')
      .filter(line => line.includes(form))
      .slice(0, 3),
  )
  console.log(
    `${secrets.size} planted secrets, ${said.length} characters of problems and log lines searched, ${lines.length} found.`,
  )
  return lines
}
