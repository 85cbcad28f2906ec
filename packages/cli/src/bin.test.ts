// The command as a process: what it prints, how it ends, and that signals drain.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('./bin.ts', import.meta.url))
const server = import.meta.resolve('@comity/server')
const definition = `import { collection, defineApi, integer, service, text } from '${server}'
export default defineApi({
  title: 'Tea',
  resources: {
    cups: collection({ fields: { name: text() } }),
    brew: service({
      input: { ms: integer({ example: 5 }) },
      output: { ms: integer() },
      async handle({ ms }) {
        await new Promise(done => setTimeout(done, ms))
        return { ms }
      },
    }),
  },
})
`

let folder: string
let api: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comity-bin-'))
  api = join(folder, 'api.ts')
  await writeFile(api, definition)
  await writeFile(join(folder, 'broken.ts'), 'export default 1')
})
after(() => rm(folder, { recursive: true }))

type Command = { readonly child: ChildProcess; readonly ended: Promise<Ended> }
type Ended = { readonly code: number | null; readonly out: string; readonly err: string }

/** A command with a standard input that is not a terminal and never ends. */
function comity(words: readonly string[], env: Readonly<Record<string, string>> = {}): Command {
  const child = spawn(process.execPath, ['--conditions=@comity/source', '--no-warnings', bin, ...words], {
    cwd: folder,
    env: { ...process.env, PORT: '', HOST: '', DATABASE_URL: '', ...env },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', piece => {
    out += piece
  })
  child.stderr.on('data', piece => {
    err += piece
  })
  return { child, ended: once(child, 'close').then(([code]) => ({ code, out, err })) }
}

/** The address it serves at, once it does. */
async function addressOf({ child, ended }: Command): Promise<string> {
  let printed = ''
  const served = new Promise<string>(resolve => {
    child.stdout?.on('data', piece => {
      printed += piece
      const [, url] = /^Tea is served at (\S+)\n/.exec(printed) ?? []
      if (url !== undefined) resolve(url)
    })
  })
  const failed = ended.then(({ code, err }) => {
    throw new Error(`It ended with ${code}: ${err}`)
  })
  return Promise.race([served, failed])
}

describe('comity', () => {
  const rows = [
    ['--version', ['--version'], 0, /^\d+\.\d+\.\d+\n$/, /^$/],
    ['--help', ['--help'], 0, /Usage: comity .*serve/s, /^$/],
    ['serve --help names the variables', ['serve', '--help'], 0, /PORT.*HOST.*DATABASE_URL/s, /^$/],
    [
      'an unknown command',
      ['serv'],
      2,
      /^$/,
      /^Unknown command 'serv'\. \(Did you mean serve\?\) See comity --help\.\n$/,
    ],
    [
      'an unknown flag',
      ['serve', 'api.ts', '--prot', '1'],
      2,
      /^$/,
      /^Unknown option '--prot'\. \(Did you mean --port\?\) See comity serve --help\.\n$/,
    ],
    ['no source', ['serve'], 2, /^$/, /^Missing required argument 'source'\. See comity serve --help\.\n$/],
    ['no port', ['serve', 'api.ts', '--port', '65536'], 2, /^$/, /A port is a whole number from 0 to 65535/],
    ['a definition that is not there', ['serve', 'no.ts'], 2, /^$/, /^no\.ts is not there\. [^\n]+\n$/],
    ['a definition at fault', ['serve', 'broken.ts'], 2, /^$/, /^broken\.ts: the default export is a number[^\n]+\n$/],
    [
      'another database',
      ['serve', 'api.ts', '-d', 'mysql://u:p@h/d'],
      1,
      /^$/,
      /^Databases of the kind "mysql" [^\n]+\n$/,
    ],
    [
      'no folder for the database',
      ['serve', 'api.ts', '-p', '0', '-d', 'sqlite:no/a.sqlite'],
      1,
      /^$/,
      /^The database no\/a\.sqlite cannot be opened\. [^\n]+\n$/,
    ],
    [
      'no database',
      ['serve', 'api.ts', '-p', '0', '-d', 'sqlite:broken.ts'],
      1,
      /^$/,
      /^broken\.ts is a file, but not an SQLite database\. [^\n]+\n$/,
    ],
    [
      'an address elsewhere',
      ['serve', 'api.ts', '-p', '0', '-H', '192.0.2.1', '-d', 'sqlite::memory:'],
      1,
      /^$/,
      /^192\.0\.2\.1 is not an address of this machine\. [^\n]+\n$/,
    ],
  ] as const
  for (const [name, words, code, out, err] of rows) {
    it(name, async () => {
      const ended = await comity(words).ended
      assert.match(ended.err, err)
      assert.match(ended.out, out)
      assert.equal(ended.code, code)
    })
  }

  it('a port in use, and a variable that names it', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address() as { readonly port: number }
    const { code, err } = await comity(['serve', 'api.ts', '-d', 'sqlite::memory:'], { PORT: String(port) }).ended
    holder.close()
    assert.match(err, new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is in use\\. [^\\n]+--port[^\\n]+\\n$`))
    assert.equal(code, 1)
  })
})

describe('comity serve', () => {
  it('answers, says where, and keeps its data in comity.sqlite', async () => {
    const command = comity(['serve', 'api.ts'], { PORT: '0' })
    const url = await addressOf(command)
    assert.equal((await fetch(`${url}/cups`)).status, 200)
    command.child.kill('SIGTERM')
    const { code, out } = await command.ended
    assert.equal(code, 0)
    assert.ok(out.includes(`Docs      ${url}/docs\n`) && out.includes(join(folder, 'comity.sqlite')), out)
    assert.equal(out.split('\n').filter(line => line.startsWith('  curl ')).length, 3)
    assert.ok(!out.includes('\u001b'), 'plain where it is no terminal')
    assert.ok((await readdir(folder)).includes('comity.sqlite'))
  })

  it('prefers a flag to its variable', async () => {
    const env = { PORT: 'none', DATABASE_URL: 'mysql://db' }
    const command = comity(['serve', 'api.ts', '--port', '0', '--database', 'sqlite::memory:'], { ...env, PORT: '1' })
    const url = await addressOf(command)
    assert.notEqual(new URL(url).port, '1')
    command.child.kill('SIGTERM')
    assert.equal((await command.ended).code, 0)
  })

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`finishes requests under way on ${signal}, takes no more, and exits 0`, async () => {
      const command = comity(['serve', 'api.ts', '-p', '0', '-d', 'sqlite::memory:'])
      const url = await addressOf(command)
      const answer = fetch(`${url}/brew?ms=600`).then(async response => [response.status, await response.json()])
      await sleep(200)
      command.child.kill(signal)
      await sleep(100)
      await assert.rejects(fetch(`${url}/cups`, { headers: { connection: 'close' } }), 'it listens no more')
      assert.deepEqual(await answer, [200, { ms: 600 }])
      const { code, err } = await command.ended
      assert.equal(code, 0)
      assert.match(err, /^Stopping: requests under way are finished first/)
    })
  }

  it('stops at once on a second signal, with 130', async () => {
    const command = comity(['serve', 'api.ts', '-p', '0', '-d', 'sqlite::memory:'])
    const url = await addressOf(command)
    const cut = assert.rejects(fetch(`${url}/brew?ms=20000`))
    await sleep(200)
    command.child.kill('SIGINT')
    await sleep(500)
    command.child.kill('SIGINT')
    const { code } = await command.ended
    await cut
    assert.equal(code, 130)
  })

  it('takes one Ctrl-C that arrives twice, through npm, for one', async () => {
    const command = comity(['serve', 'api.ts', '-p', '0', '-d', 'sqlite::memory:'])
    const url = await addressOf(command)
    const answer = fetch(`${url}/brew?ms=600`)
    await sleep(200)
    command.child.kill('SIGINT')
    await sleep(20)
    command.child.kill('SIGINT')
    assert.equal((await answer).status, 200)
    assert.equal((await command.ended).code, 0)
  })

  it('goes on when who read its output has left', async () => {
    const command = comity(['serve', 'api.ts', '-p', '0', '-d', 'sqlite::memory:'])
    const url = await addressOf(command)
    command.child.stdout?.destroy()
    command.child.stderr?.destroy()
    assert.equal((await fetch(`${url}/cups`)).status, 200)
    command.child.kill('SIGTERM')
    const [code] = await once(command.child, 'exit')
    assert.equal(code, 0)
  })
})
