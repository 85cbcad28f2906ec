// Every block marked `sh` of docs/cli.md and of the command's README, and the examples in the help of the commands that
// ask, run against examples/placeholder. Comments behind a line are what it prints; `…` stands for anything.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { here, type Running, start } from './support/comity.ts'
import { asking, examplesOf } from './support/examples.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'comity-docs-'))
const env = { HOME: folder, PATH: `${join(folder, 'bin')}:${process.env.PATH}`, LANG: 'C.UTF-8', USER: 'ann' }
let serving: Running
let port: string

before(async () => {
  mkdirSync(join(folder, 'bin'))
  const bin = join(root, 'packages/cli/src/bin.ts')
  const script = `#!/bin/sh\nexec '${process.execPath}' --conditions=@comity/source --no-warnings '${bin}' "$@"\n`
  writeFileSync(join(folder, 'bin', 'comity'), script)
  chmodSync(join(folder, 'bin', 'comity'), 0o755)
  cpSync(join(root, 'examples/placeholder/db.json'), join(folder, 'db.json'))
  symlinkSync(join(root, 'examples'), join(folder, 'examples'))
  serving = start(['serve', 'db.json', '--memory', '--trace', '--port', '0'], folder)
  let said = ''
  serving.child.stdout?.on('data', piece => {
    said += piece
  })
  await serving.said(/http:\/\/127\.0\.0\.1:\d+/)
  port = /127\.0\.0\.1:(\d+)/.exec(said)?.[1] ?? ''
  const [, config = ''] = /```json\n([\s\S]*?"profiles"[\s\S]*?)```/.exec(read('docs/cli.md')) ?? []
  mkdirSync(join(folder, '.config/comity'), { recursive: true })
  writeFileSync(join(folder, '.config/comity/config.json'), at(config))
})
after(async () => {
  serving.child.kill()
  await serving.ended
  rmSync(folder, { recursive: true })
})

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
/** With the port that is free here instead of 3000. */
const at = (text: string): string => text.replaceAll(/(?<=:)3000\b/g, port)

type Step = { readonly line: string; readonly expected: readonly string[] }

/** The lines of the blocks, each with the comments behind it. */
function stepsOf(text: string): readonly Step[] {
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) => {
    const steps: { line: string; expected: string[] }[] = []
    for (const line of block.trimEnd().split('\n')) {
      if (line.startsWith('#')) steps.at(-1)?.expected.push(line.slice(2))
      else if (line.trim() !== '') steps.push({ line, expected: [] })
    }
    return steps
  })
}

/** What it prints to standard output, and how it ends. Lines that need no shell run within this process. */
async function run(
  line: string,
): Promise<{ readonly out: string; readonly err: string; readonly code: number | null }> {
  const words =
    /[|><;]|^\w+=/.test(line.replaceAll(/'[^']*'/g, '')) || !line.startsWith('comity ') ? undefined : wordsOf(line)
  if (words !== undefined) return here(words.slice(1), folder, '', { env })
  return new Promise(resolve => {
    execFile('bash', ['-c', line], { cwd: folder, env }, (error, out, err) => {
      resolve({ out, err, code: error === null ? 0 : Number(error.code ?? 1) })
    })
  })
}

const wordsOf = (line: string): readonly string[] =>
  (line.match(/(?:'[^']*'|[^\s'])+/g) ?? []).map(word => word.replaceAll("'", ''))

function patternOf(expected: readonly string[]): RegExp {
  const lines = expected.map(line =>
    at(line)
      .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('…', '[\\s\\S]*'),
  )
  return new RegExp(`^${lines.join('\\n')}\\n?$`)
}

for (const path of ['docs/cli.md', 'packages/cli/README.md'])
  describe(path, () => {
    const steps = stepsOf(read(path))
    it('has examples', () => assert.ok(steps.length >= (path.startsWith('docs') ? 20 : 3)))
    for (const { line, expected } of steps)
      it(line, async () => {
        const { out, err, code } = await run(at(line))
        assert.equal(code, 0, err)
        if (expected.length > 0) assert.match(out, patternOf(expected))
      })
  })

describe('the examples of the help', () => {
  for (const name of asking)
    it(`of comity ${name}`, async () => {
      for (const line of await examplesOf(name, folder)) {
        const { code, err } = await run(at(line))
        assert.equal(code, 0, `${line}: ${err}`)
      }
    })
})
