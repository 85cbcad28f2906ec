// npm test: every test file, in processes that share what Node has compiled, which halves the time they take to start.
// What is given besides goes to Node's test runner: `npm test -- --test-name-pattern=304`.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const runner = ['--conditions=@comity/source', '--test', ...process.argv.slice(2)]
const env = { ...process.env, NODE_COMPILE_CACHE: `${root}node_modules/.cache/node-compile` }
const child = spawn(process.execPath, runner, { cwd: root, env, stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
child.on('close', (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)))
