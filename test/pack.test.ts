// What users install: each package built, packed, and installed into a project outside the repository, then used there
// from JavaScript, from TypeScript and from the command line.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`
let folder = ''
let unreachable: string | undefined

const source = (file: string): string => readFileSync(new URL(`./pack/${file}`, import.meta.url), 'utf8')
const run = (command: string, words: readonly string[], cwd: string) =>
  spawnSync(command, words, { cwd, encoding: 'utf8', timeout: 120_000, env: { ...process.env, PATH: path } })

function npm(words: readonly string[], cwd: string) {
  const { npm_execpath: npmCli } = process.env
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--ignore-scripts']
  // npm tells the scripts it runs where its project is; this one has its own.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config_local|package)/.test(name)),
  )
  const [command, ...first] = npmCli?.endsWith('.js') ? [process.execPath, npmCli] : ['npm']
  return spawnSync(command ?? 'npm', [...first, ...words, ...quiet], {
    cwd,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...env, PATH: path },
  })
}

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'comity-pack-'))
  const built = run(process.execPath, ['scripts/build.ts'], root)
  assert.equal(built.status, 0, built.stdout + built.stderr)
  const packed = npm(['pack', '--workspaces', '--pack-destination', folder], root)
  assert.equal(packed.status, 0, packed.stderr)
  const tarballs = readdirSync(folder).filter(name => name.endsWith('.tgz'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  const installed = npm(['install', '--prefer-offline', ...tarballs.map(name => `./${name}`)], folder)
  const offline = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED)\b/.exec(
    installed.stderr,
  )
  if (offline) unreachable = `npm reaches neither a registry nor a cache (${offline[1]})`
  else assert.equal(installed.status, 0, installed.stderr)
  for (const file of ['api.ts', 'use.js']) writeFileSync(join(folder, file), source(file))
})

after(() => rmSync(folder, { recursive: true, force: true }))

/** A test that needs the packages to be installed. */
const used = (name: string, test: (t: TestContext) => void | Promise<void>) =>
  it(name, t => (unreachable === undefined ? test(t) : t.skip(unreachable)))

describe('the packed packages', () => {
  used('hold what is published and nothing else', () => {
    for (const name of ['@comity/http', '@comity/server', 'comity']) {
      const home = join(folder, 'node_modules', name)
      const files = readdirSync(home, { recursive: true }).map(String)
      assert.deepEqual(
        readdirSync(home)
          .filter(entry => entry !== 'node_modules')
          .sort(),
        ['LICENSE', 'README.md', 'dist', 'package.json'].filter(entry => existsSync(join(home, entry))),
      )
      assert.ok(files.includes(join('dist', 'index.js')) && files.includes(join('dist', 'index.d.ts')), name)
      assert.ok(files.includes('LICENSE'), `${name} has its licence`)
      assert.deepEqual(
        files.filter(file => /\.test\.|(?<!\.d)\.ts$/.test(file) && !file.startsWith('node_modules')),
        [],
      )
    }
  })

  used('serve from a program', async () => {
    const { status, stdout, stderr } = run(process.execPath, ['use.js'], folder)
    assert.equal(status, 0, stderr)
    assert.deepEqual(JSON.parse(stdout), { created: 201, read: 200, titles: ['Emma'], again: 304 })
  })

  used('have types that hold and types that refuse', () => {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const strict = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--skipLibCheck']
    const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules', '@types')]
    const { status, stdout } = run(process.execPath, [tsc, ...strict, ...types, 'api.ts'], folder)
    assert.equal(status, 0, stdout)
  })

  const comity = () => join(folder, 'node_modules', '.bin', process.platform === 'win32' ? 'comity.cmd' : 'comity')

  used('bring the command', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'packages', 'cli', 'package.json'), 'utf8'))
    const { status, stdout, stderr } = run(comity(), ['--version'], folder)
    assert.equal(status, 0, stderr)
    assert.equal(stdout, `${version}\n`)
  })

  used('serve a definition in TypeScript until told to stop', async () => {
    const words = ['serve', 'api.ts', '--port', '0', '--database', 'sqlite:shelf.sqlite']
    const server = spawn(comity(), words, { cwd: folder, env: { ...process.env, PATH: path } })
    try {
      const url = await addressOf(server)
      const response = await fetch(`${url}/books`)
      assert.equal(response.status, 200)
      assert.deepEqual(await response.json(), [])
      const documents = await fetch(`${url}/docs`, { headers: { accept: 'text/html' } })
      assert.equal(documents.status, 200)
      assert.match(await documents.text(), /<html/)
    } finally {
      server.kill('SIGTERM')
    }
    const [code] = await once(server, 'exit')
    assert.equal(code, 0)
    assert.ok(existsSync(join(folder, 'shelf.sqlite')))
  })
})

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = ''
    const look = (piece: Buffer) => {
      printed += piece
      const [, url] = / is served at (\S+)/.exec(printed) ?? []
      if (url !== undefined) resolve(url)
    }
    server.stdout?.on('data', look)
    server.stderr?.on('data', look)
    server.once('exit', code => reject(new Error(`comity ended with ${code}: ${printed}`)))
  })
}
