// The lesson of docs/course.*.md: the three languages have the same commands, and each prints what the lesson says, on a
// terminal of 80 columns. `…` stands for anything; TAG1 is what stood there first.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify, stripVTControlCharacters } from 'node:util'
import { run } from 'comity'
import { serveSite } from '../../examples/site/serve.ts'
import { type Running, start } from './support/comity.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const lessons = { en: read('docs/course.en.md'), ru: read('docs/course.ru.md'), vi: read('docs/course.vi.md') }

/** The blocks of one kind, as they stand. */
const blocksOf = (text: string, kind: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${kind}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, block = '']) => block.trimEnd())

type Step = { readonly line: string; readonly expected: string }

const steps: readonly Step[] = blocksOf(lessons.en, 'console').flatMap(block =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map(step => {
      const [line = '', ...expected] = step.trimEnd().split('\n')
      return { line, expected: expected.join('\n') }
    }),
)

describe('the lesson', () => {
  const commands = blocksOf(lessons.en, 'sh')
  for (const language of ['ru', 'vi'] as const) {
    it(`has the same commands and answers in ${language}`, () => {
      assert.deepEqual(blocksOf(lessons[language], 'console'), blocksOf(lessons.en, 'console'))
      assert.deepEqual(blocksOf(lessons[language], 'sh'), commands)
    })
    it(`has as many chapters, exercises and answers in ${language}`, () => {
      for (const mark of [/^## /gm, /^### /gm, /<details>/g, /^\|/gm])
        assert.equal(lessons[language].match(mark)?.length, lessons.en.match(mark)?.length, String(mark))
    })
  }
})

const folder = mkdtempSync(join(tmpdir(), 'comity-course-'))
const pace = { bytesPerSecond: 200_000 }
const started: Running[] = []
const ports: Record<string, string> = {}
let site: Awaited<ReturnType<typeof serveSite>>

before(async () => {
  // What the lesson says is started: `comity serve …`, each at its port.
  const serving = blocksOf(lessons.en, 'sh').flatMap(block => block.match(/^comity serve .*$/gm) ?? [])
  assert.equal(serving.length, 2)
  for (const line of serving) {
    const [, port = '3000'] = / --port (\d+)/.exec(line) ?? []
    const words = line
      .replace(/ --port \d+/, '')
      .split(' ')
      .slice(1)
    const running = start([...words, '--port', '0'], root)
    started.push(running)
    let said = ''
    running.child.stdout?.on('data', piece => {
      said += piece
    })
    await running.said(/http:\/\/127\.0\.0\.1:\d+/)
    ports[port] = /127\.0\.0\.1:(\d+)/.exec(said)?.[1] ?? ''
  }
  assert.ok(lessons.en.includes(`\nnode examples/site/serve.ts 8080 ${pace.bytesPerSecond}\n`))
  site = await serveSite(0, pace)
  ports[8080] = new URL(site.url).port
  ports[3999] = await portOfNobody()
})
after(async () => {
  for (const { child } of started) child.kill()
  await Promise.all(started.map(({ ended }) => ended))
  site.server.closeAllConnections()
  await new Promise(resolve => site.server.close(resolve))
  rmSync(folder, { recursive: true })
})

async function portOfNobody(): Promise<string> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return String(port)
}

const tags = new Map<string, string>()
/** With the ports that are free here, and the entity tags that were seen. */
const at = (text: string): string =>
  text
    .replaceAll(/(?<=:)(?:3000|3001|3999|8080)\b/g, port => ports[port] ?? port)
    .replaceAll(/TAG\d/g, tag => tags.get(tag) ?? tag)

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '[\\s\\S]*?')

/** Asserts that what was printed is what the lesson shows, and takes up the tags in it. */
function compare(printed: string, expected: string): void {
  const named: string[] = []
  const pattern = escaped(at(expected)).replaceAll(/TAG\d/g, tag => {
    if (named.includes(tag)) return `\\k<${tag}>`
    named.push(tag)
    return `(?<${tag}>[^"]+)`
  })
  assert.match(printed.trimEnd(), new RegExp(`^${pattern}$`))
  const { groups } = new RegExp(`^${pattern}$`).exec(printed.trimEnd()) ?? {}
  for (const tag of named) tags.set(tag, groups?.[tag] ?? '')
}

/** What is seen at the end: without colours, each bar as it was last. */
const seen = (written: string): string =>
  written
    .split('\n')
    .map(line => stripVTControlCharacters(line.split('\u001b[1G').at(-1) ?? ''))
    .join('\n')

const wordsOf = (line: string): readonly string[] =>
  (line.match(/(?:'[^']*'|[^\s'])+/g) ?? []).map(word => word.replaceAll("'", ''))

let last: number | null = 0

async function onTerminal(line: string, interrupted: AbortSignal): Promise<string> {
  let written = ''
  const sink = () =>
    Object.assign(
      new Writable({
        write(piece, _encoding, done) {
          written += piece
          done()
        },
      }),
      { isTTY: true, columns: 80 },
    )
  const env = { HOME: folder, NO_COLOR: '1', LANG: 'C.UTF-8' }
  const io = { stdin: Readable.from([]), stdout: sink(), stderr: sink(), env, cwd: folder, interrupted }
  last = await run(wordsOf(line).slice(1), io)
  return seen(written)
}

async function inShell(line: string): Promise<string> {
  const { stdout } = await promisify(execFile)('sh', ['-c', line], { cwd: folder })
  return stdout
}

/** Ctrl-C once a part of the file is there; the site then sends as fast as it can. */
async function interruptedAt(path: string, line: string): Promise<string> {
  const stopping = new AbortController()
  const ending = onTerminal(line, stopping.signal)
  while (!existsSync(path) || statSync(path).size === 0) await sleep(20)
  stopping.abort()
  const printed = await ending
  pace.bytesPerSecond = Infinity
  return printed.replace('Stopped:', '^C\nStopped:')
}

describe('each command of the lesson', () => {
  it('is there', () => assert.ok(steps.length > 60))
  for (const { line, expected } of steps)
    it(line, async () => {
      const command = at(line)
      const printed = !line.startsWith('comity ')
        ? line === 'echo $?'
          ? String(last)
          : await inShell(command)
        : expected.includes('^C')
          ? await interruptedAt(join(folder, 'tides.csv.part'), command)
          : await onTerminal(command, new AbortController().signal)
      compare(printed, expected)
    })
})

/** Commands within sentences: whole ones, and names of commands. */
const mentioned = (text: string): readonly string[] =>
  [...text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/`(comity [a-z][^`]*)`/g)].map(([, line = '']) => line)

describe('each command that the lesson names', () => {
  for (const language of ['ru', 'vi'] as const)
    it(`is named in ${language}`, () => assert.deepEqual(mentioned(lessons[language]), mentioned(lessons.en)))
  for (const line of new Set(mentioned(lessons.en)))
    it(line, async () => {
      const isName = !line.slice('comity '.length).includes(' ')
      await onTerminal(at(isName ? `${line} --help` : line), new AbortController().signal)
      assert.equal(last, 0)
    })
})

it('the word `comity` of the lesson is bin/comity', { skip: process.platform === 'win32' }, async () => {
  const { stdout } = await promisify(execFile)(join(root, 'bin/comity'), ['--version'])
  assert.equal(stdout.trim(), JSON.parse(read('packages/cli/package.json')).version)
})
