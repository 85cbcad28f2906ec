// The examples in the help of every command that no other test runs, each as it stands, but for the port. Those of
// `serve` serve until they are told to stop.
import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { basic, collection, defineApi, openSource, type Serving, serve, text } from '@comity/server'
import { run } from 'comity'
import { makeCertificates } from '../tls/certificates.ts'
import { here } from './support/comity.ts'
import { asking, everyCommand, examplesOf, fetching } from './support/examples.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'comity-help-'))
const at = (name: string): string => join(folder, name)
let consumer: string
let todos: Serving
let port: string

const names = await everyCommand(folder)

before(async () => {
  symlinkSync(join(root, 'examples'), at('examples'))
  // What `eject` writes imports the package.
  symlinkSync(join(root, 'node_modules'), at('node_modules'))
  writeFileSync(at('package.json'), '{"type":"module"}')
  copyFileSync(join(root, 'examples/placeholder/db.json'), at('db.json'))
  copyFileSync(join(root, 'test/sources/openapi/search.json'), at('openapi.yaml'))
  writeFileSync(at('file'), 'a long pass phrase of hers\n')
  const { server } = await makeCertificates()
  writeFileSync(at('server.pem'), server.cert)
  writeFileSync(at('server.key'), server.key)
  const api = defineApi({
    title: 'Bank',
    audit: 'kept',
    authentication: [basic()],
    resources: { accounts: collection({ fields: { name: text({ max: 80 }) } }) },
  })
  const serving = await serve(api, { port: 0, database: `sqlite:${at('bank.sqlite')}` })
  await serving.close()
  copyFileSync(at('bank.sqlite'), at('comity.sqlite'))
  assert.equal((await here(['accounts', 'add', 'ann'], folder)).code, 0)
  consumer = (await here(['consumers', 'create', 'Old'], folder)).out.split(/\s/)[0] ?? ''
  const source = await openSource(at('db.json'), { keep: 'memory' })
  todos = await serve(source.api, { port: 0, ...(source.open && { store: source.open }) })
  port = new URL(todos.url).port
  // `serve` reads paths from where its process is.
  process.chdir(folder)
})
after(async () => {
  process.chdir(root)
  await todos.close()
  rmSync(folder, { recursive: true })
})

const wordsOf = (line: string): readonly string[] =>
  (line.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? []).slice(1).map(word => word.replaceAll(/['"]/g, ''))

/** What the shell does with a line is done here: what is read, where it is written, the variable. */
async function ask(line: string) {
  const [, bare = line] = /^\w+=\$\((.*)\)$/.exec(line) ?? []
  const [, name = 'NONE', value = '', called = ''] = /^(?:(\w+)=(\S+) )?(.*)$/.exec(bare) ?? []
  const [command = '', read] = called.replaceAll(':3000', `:${port}`).replace('dpf43f3p2l4k3l03', consumer).split(' < ')
  const words = wordsOf(command.replace(/ > \S+$/, ''))
  const input = read === undefined ? '' : readFileSync(at(read), 'utf8')
  // Secrets are read from the environment of the process.
  process.env[name] = value
  return here(words, folder, input, { env: { HOME: folder } })
}

/** Serves at a port that is free, until it says where. */
async function serveOnce(line: string): Promise<string> {
  const stopping = new AbortController()
  let said = ''
  const out = new Writable({
    write(piece, _encoding, done) {
      said += piece
      if (/ (?:is|are) (?:served|mocked) /.test(said) || /127\.0\.0\.1:\d+/.test(said)) stopping.abort()
      done()
    },
  })
  const stdin = Readable.from([])
  const io = { stdin, stdout: out, stderr: out, env: {}, cwd: folder, interrupted: stopping.signal }
  const code = await run([...wordsOf(line), '--port', '0'], io)
  assert.equal(code, 0, said)
  return said
}

describe('the examples in the help', () => {
  const elsewhere = new Set([...asking, ...fetching])
  it('are there for every command', () => assert.ok(names.length > 30, names.join()))
  it('stand in helps that fit 80 columns', async () => {
    for (const name of names) {
      const { out } = await here([...name.split(' '), '--help'], folder)
      // Examples are lines to copy; the table of words has two columns.
      const wide = out.split('\n').filter(line => line.length > 80 && !/^ {2}(?:comity |\S.* {2,}\S)/.test(line))
      assert.deepEqual(wide, [], name)
    }
  })
  for (const name of names.filter(name => !elsewhere.has(name)))
    it(`of comity ${name}`, async () => {
      for (const line of await examplesOf(name, folder)) {
        // Of other servers, the internet has some.
        if (line.includes('https://example.com/')) continue
        for (const part of line.split(' && ')) await tried(part)
      }
    })
})

async function tried(line: string): Promise<void> {
  if (line.startsWith('comity serve')) {
    assert.match(await serveOnce(line), /http.?:\/\/127\.0\.0\.1:\d+/)
    return
  }
  const { code, out, err } = await ask(line)
  // A linter ends with 1 where it finds something.
  if (line.includes('--as sarif')) assert.equal(JSON.parse(out).version, '2.1.0')
  else assert.equal(code, 0, `${line}: ${err}`)
}
