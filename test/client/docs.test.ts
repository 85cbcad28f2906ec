// Every example of docs/client.md, docs/from-requests.md and of the READMEs that is about the client, run against the bank. What `console.log` writes has to be
// what the comment behind it says.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import * as comity from '@comity/client'
import { type Served, startBank } from '../support/bank.ts'
import { agent } from '../support/call.ts'

let served: Served
let files: Server
const folder = mkdtempSync(join(tmpdir(), 'comity-docs-'))
before(async () => {
  served = await startBank()
  files = createServer(fileOf).listen(0, '127.0.0.1')
  await once(files, 'listening')
})
after(async () => {
  files.close()
  rmSync(folder, { recursive: true })
  agent.destroy()
  await served.close()
})

/** Stands in for https://files.example. */
function fileOf({ method, url }: IncomingMessage, response: ServerResponse): void {
  const content = url === '/robots.txt' ? 'user-agent: *\ndisallow: /private\n' : 'x'.repeat(100_000)
  const digest = createHash('sha256').update(content).digest('base64')
  response.writeHead(method === 'PUT' ? 201 : 200, { 'repr-digest': `sha-256=:${digest}:`, connection: 'close' })
  response.end(method === 'PUT' ? '' : content)
}

type Example = { readonly section: string; readonly code: string }

/** The blocks of TypeScript below the headings that this test answers for. */
function examplesOf(path: string, sections: RegExp): readonly Example[] {
  const examples: Example[] = []
  let section = ''
  const text = readFileSync(new URL(path, import.meta.url), 'utf8')
  for (const [, heading, code] of text.matchAll(/^## (.+)$|^```ts\n([\s\S]*?)^```$/gm)) {
    if (heading !== undefined) section = heading
    else if (code !== undefined && sections.test(section)) examples.push({ section, code })
  }
  return examples
}

const AsyncFunction = (async () => {}).constructor as new (...words: string[]) => (...given: unknown[]) => Promise<void>

async function run(code: string): Promise<void> {
  const expected = [...code.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map(([, text]) => text)
  const told: string[] = []
  const log = (...values: readonly unknown[]) => void told.push(values.join(' '))
  const { port } = files.address() as AddressInfo
  const here = code
    .replaceAll('https://bank.example', served.url)
    .replaceAll('https://files.example', `http://127.0.0.1:${port}`)
    .replaceAll('downloads/', `${folder}/`)
  const stripped = stripTypeScriptTypes(here, { mode: 'strip' })
  const body = stripped
    .replace(/^import (\{.*\}) from '@comity\/client'$/gm, 'const $1 = comity')
    .replace(/^import (\w+) from '(node:\w+)'$/gm, "const $1 = process.getBuiltinModule('$2')")
  await new AsyncFunction('comity', 'console', body)(comity, { log })
  // A loop may write nothing at all, and what it writes is not foretold.
  if (expected.length > 0) assert.deepEqual(told, expected)
}

describe('docs/client.md', () => {
  const sections =
    /^(?:Calls|Errors|Retries and deadlines|Redirects|Negotiation|Types|Cache|Conditional writes|Paging|Metrics|HAR|Authentication|Cookies|Downloads and uploads|Politeness)$/
  const examples = examplesOf('../../docs/client.md', sections)
  it('has an example for each section', () => {
    assert.ok(new Set(examples.map(({ section }) => section)).size >= 15)
  })
  for (const [index, { section, code }] of examples.entries()) it(`example ${index + 1}: ${section}`, () => run(code))
})

describe('docs/from-requests.md', () => {
  for (const { section, code } of examplesOf('../../docs/from-requests.md', /./)) it(section, () => run(code))
})

describe('the README of the repository', () => {
  for (const { code } of examplesOf('../../README.md', /^Call it$/)) it('has an example that runs', () => run(code))
})

describe('the README of @comity/client', () => {
  for (const { code } of examplesOf('../../packages/client/README.md', /./))
    it('has an example that runs', () => run(code))
})
