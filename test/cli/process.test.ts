// comity as a process: pipes that say nothing, readers that leave, Ctrl-C, terminals, and shells that complete its words.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify, stripVTControlCharacters } from 'node:util'
import { hasTerminal, here, start, startInTerminal } from './support/comity.ts'
import { type PlainServer, startPlainServer } from './support/plain-server.ts'

const bin = fileURLToPath(new URL('../../packages/cli/src/bin.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'comity-process-'))
const path = `${join(folder, 'bin')}:${process.env.PATH}`
let server: PlainServer
before(async () => {
  server = await startPlainServer()
  mkdirSync(join(folder, 'bin'))
  mkdirSync(join(folder, 'empty'))
  mkdirSync(join(folder, '.local/state/comity/sessions/ann'), { recursive: true })
  const script = `#!/bin/sh\nexec '${process.execPath}' --conditions=@comity/source --no-warnings '${bin}' "$@"\n`
  writeFileSync(join(folder, 'bin', 'comity'), script)
  chmodSync(join(folder, 'bin', 'comity'), 0o755)
})
after(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

type Ended = { readonly out: string; readonly err: string }

async function bash(line: string): Promise<Ended> {
  const env = { ...process.env, PATH: path, HOME: folder, XDG_STATE_HOME: '', XDG_CONFIG_HOME: '' }
  const options = { cwd: folder, env, maxBuffer: 2 ** 26 }
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', line], options)
  return { out: stdout, err: stderr }
}

describe('standard input', () => {
  it('is not waited for where it is open and has nothing', async () => {
    const words = [...['--conditions=@comity/source', '--no-warnings', bin], 'post', `${server.host}/echo`]
    for (const [more, code, err] of [
      [['a=1'], 0, /^$/],
      [[], 2, /^Nothing came on standard input in 2 s\. Write @- to wait for it/],
    ] as const) {
      // A pipe that is never closed.
      const child = spawn(process.execPath, [...words, ...more], { cwd: folder, stdio: ['pipe', 'ignore', 'pipe'] })
      let said = ''
      child.stderr.on('data', piece => {
        said += piece
      })
      const [ended] = await once(child, 'close')
      child.stdin.destroy()
      assert.match(said, err)
      assert.equal(ended, code)
    }
  })
  it('is read where a pipe or a file has something, and /dev/null has nothing', async () => {
    const line = `comity post ${server.host}/echo --select '$.content'`
    const { out } = await bash(`echo '{"a":1}' | ${line}; echo '[2]' > f.json; ${line} < f.json; ${line} < /dev/null`)
    assert.equal(out, '{"a":1}\n\n[2]\n\n\n')
  })
})

describe('standard output', () => {
  it('may lose its reader, without a word', async () => {
    const { out, err } = await bash(`comity get ${server.host}/endless | head -1; echo "\${PIPESTATUS[0]}"`)
    assert.equal(out, 'a line that comes again and again\n0\n')
    assert.equal(err, '')
  })
})

describe('Ctrl-C', () => {
  it('ends a call with 130, and leaves no half file', async () => {
    const cwd = join(folder, 'empty')
    const { child, ended } = start(['get', `${server.host}/endless`, '--out', 'all.txt'], cwd)
    while (!readdirSync(cwd).some(name => name.includes('all.txt'))) await new Promise(done => setTimeout(done, 20))
    child.kill('SIGINT')
    const { code, err } = await ended
    assert.deepEqual([code, err, readdirSync(cwd)], [130, '', []])
  })
})

describe('on a terminal', { skip: hasTerminal ? false : 'script(1) is not here' }, () => {
  it('an answer has its head and colours', async () => {
    const { code, out } = await startInTerminal(['get', `${server.host}/users`], folder).ended
    assert.equal(code, 0)
    assert.ok(out.includes('\u001b[34m"email"\u001b[0m: \u001b[32m"a@x.example"\u001b[0m'), out)
    assert.match(
      stripVTControlCharacters(out).replaceAll('\r', ''),
      /^HTTP\/1\.1 200 OK\ncontent-type: [\s\S]+\n\n\[\n {2}\{\n/,
    )
  })
  it('a password is asked for, and not shown', async () => {
    const running = startInTerminal(
      ['get', `${server.host}/echo`, '--auth', 'basic:ann', '--select', '$.fields.authorization'],
      folder,
    )
    await running.said(/Password of ann: /)
    running.child.stdin?.write('open sesame\r')
    const { code, out } = await running.ended
    assert.equal(code, 0, out)
    assert.ok(out.includes(`Basic ${Buffer.from('ann:open sesame').toString('base64')}`), out)
    assert.ok(!out.includes('open sesame'), out)
  })
})

describe('completion', () => {
  it('in bash', async () => {
    const rows = [
      ['comity ge', 'get'],
      ['comity get --sel', '--select'],
      ['comity get --as n', 'ndjson'],
      ['comity get --as = c', 'csv'],
      ['comity get :3000/x --session a', 'ann'],
      ['comity completion z', 'zsh'],
      ['comity status --as ta', 'table'],
      ['comity keys cr', 'create'],
      ['comity download --prox', '--proxy'],
      ['comity help lin', 'links lint'],
    ] as const
    const lines = rows.map(([line]) => {
      const words = line.split(' ')
      return `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _comity; echo "\${COMPREPLY[*]}"`
    })
    const { out, err } = await bash(`source <(comity completion bash)\n${lines.join('\n')}`)
    assert.equal(err, '')
    assert.deepEqual(
      out.trimEnd().split('\n'),
      rows.map(([, expected]) => expected),
    )
  })
  it('in bash, by its Tab key', { skip: hasTerminal ? false : 'script(1) is not here', timeout: 20_000 }, async () => {
    const env = { PATH: path, HOME: folder, TERM: 'dumb', PS1: '$ ' }
    const shell = spawn('script', ['-qefc', 'bash --norc --noprofile -i', '/dev/null'], { cwd: folder, env })
    let out = ''
    shell.stdout.on('data', piece => {
      out += piece
    })
    const until = async (text: string) => {
      while (!out.includes(text)) await once(shell.stdout, 'data')
    }
    shell.stdin.write('source <(comity completion bash); echo rea""dy\n')
    await until('ready')
    shell.stdin.write('comity get --max\t')
    await until('--max-items ')
    // Ctrl-U: the line is not wanted.
    shell.stdin.write('\u0015exit\n')
    await once(shell, 'close')
  })
  for (const [shell, check] of [
    ['zsh', 'zsh -n'],
    ['fish', 'fish --no-execute'],
  ] as const)
    it(`in ${shell}, as far as that can be read by it`, async t => {
      const found = await bash(`command -v ${shell}`).catch(() => undefined)
      if (found === undefined) return t.skip(`${shell} is not here`)
      await bash(`comity completion ${shell} > s.${shell} && ${check} s.${shell}`)
    })
})

describe('help', () => {
  it('fits a screen of 24 lines of 80 characters, and names every command', async () => {
    const { out, code } = await here(['--help'], folder)
    const lines = out.trimEnd().split('\n')
    assert.equal(code, 0)
    assert.ok(lines.length <= 24, out)
    assert.deepEqual(
      lines.filter(line => line.length > 80),
      [],
    )
  })
  it('is asked for by help too: comity help get', async () => {
    const [all, one, same] = await Promise.all(
      [['help'], ['help', 'get'], ['get', '--help']].map(it => here(it, folder)),
    )
    assert.match(all?.out ?? '', /^Usage: comity COMMAND/)
    assert.deepEqual(one, same)
    assert.equal(one?.code, 0)
  })
  it('is named where the words are wrong', async () => {
    for (const [words, help] of [
      [['get'], 'comity get --help'],
      [['get', ':3000/x', '--selct', '$'], 'comity get --help'],
      [['gte', ':3000/x'], 'comity --help'],
    ] as const) {
      const { code, err } = await here(words, folder)
      assert.equal(code, 2)
      assert.match(err, new RegExp(`^[A-Z][^\\n]* See ${help}\\.\\n$`))
    }
  })
  it('is printed to standard error, with 2, where nothing was asked', async () => {
    const { code, out, err } = await here([], folder)
    assert.deepEqual([code, out], [2, ''])
    assert.match(err, /^Usage: comity COMMAND/)
  })
})
