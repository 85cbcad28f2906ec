// How long the command takes to start: `comity --version`, and `comity get` of a small answer on the loopback interface, as
// installed (dist/, after npm run build) and from source, beside `node -e 0`, a fetch of Node's and curl.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

const rounds = Number(process.argv[2] ?? 20)
const file = (path: string) => fileURLToPath(new URL(`../packages/cli/${path}`, import.meta.url))
const built = [process.execPath, file('dist/bin.js')]
const source = [process.execPath, '--conditions=@comity/source', file('src/bin.ts')]

// In a thread of its own: this one waits for each process.
const server = new Worker(
  `const { parentPort } = require('node:worker_threads')
   const server = require('node:http').createServer((_request, response) => {
     response.setHeader('content-type', 'application/json')
     response.end('{"id":1,"title":"paint the patient garden"}')
   })
   server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))`,
  { eval: true },
)
const port = await new Promise<number>(resolve => server.once('message', resolve))
const url = `http://127.0.0.1:${port}/todos/1`

const commands: readonly (readonly [name: string, words: readonly string[]])[] = [
  ['node -e 0', [process.execPath, '-e', '0']],
  ['comity --version', [...built, '--version']],
  ['comity --help', [...built, '--help']],
  ['comity get', [...built, 'get', url]],
  ['comity --version, from source', [...source, '--version']],
  ['comity get, from source', [...source, 'get', url]],
  ['node -e, with its fetch', [process.execPath, '-e', `fetch('${url}').then(answer => answer.text())`]],
  ['curl', ['curl', '-s', url]],
]

if (!existsSync(file('dist/bin.js'))) throw new Error('Run npm run build first.')

type Took = { readonly wall: number; readonly cpu: number }

/** In ms, as the shell has it: real, user and system. */
function timed(words: readonly string[]): Took {
  const script = 'TIMEFORMAT="%3R %3U %3S"; time "$@" >/dev/null 2>&1 </dev/null'
  const { stderr } = spawnSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' })
  const [real = Number.NaN, user = Number.NaN, system = Number.NaN] = stderr.trim().split(' ').map(Number)
  return { wall: real * 1000, cpu: (user + system) * 1000 }
}

// Round by round over all, so that what else the machine does falls on each; the first fills the caches and is not counted.
const runs = new Map<string, Took[]>(commands.map(([name]) => [name, []]))
for (let round = 0; round <= rounds; round++)
  for (const [name, words] of commands) {
    const took = timed(words)
    if (round > 0) runs.get(name)?.push(took)
  }

const at = (took: readonly Took[], kind: keyof Took, part: number): string =>
  took
    .map(each => each[kind])
    .sort((a, b) => a - b)
    [Math.floor((took.length - 1) * part)]?.toFixed(0) ?? ''

console.log(`Node ${process.versions.node}, ${rounds} runs, load ${loadavg()[0]?.toFixed(1)}; ms\n`)
console.log('| | best | median | CPU, best | CPU, median |\n|---|--:|--:|--:|--:|')
for (const [name, took] of runs)
  console.log(
    `| ${name} | ${at(took, 'wall', 0)} | ${at(took, 'wall', 0.5)} | ${at(took, 'cpu', 0)} | ${at(took, 'cpu', 0.5)} |`,
  )
await server.terminate()
