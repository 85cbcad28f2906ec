// The session in docs/cli.md: each line is run as it stands, and prints what is below it.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openSource, type Serving, serve } from '@comity/server'

const run = promisify(execFile)
const root = new URL('../../', import.meta.url)

type Step = { readonly line: string; readonly printed: string }

/** The lines after `$` of console blocks, each with what follows it. */
function stepsOf(text: string): readonly Step[] {
  const blocks = [...text.matchAll(/^```console\n(.*?)^```$/gms)].map(([, block = '']) => block)
  return blocks.flatMap(block =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map(step => {
        const end = step.indexOf('\n')
        return { line: step.slice(0, end), printed: step.slice(end + 1) }
      }),
  )
}

const steps = stepsOf(readFileSync(new URL('docs/cli.md', root), 'utf8')).filter(({ line }) =>
  line.includes('localhost:3000'),
)
const curl = await run('curl', ['--version']).catch(() => undefined)

describe('docs/cli.md', { skip: curl === undefined && 'there is no curl' }, () => {
  let serving: Serving
  before(async () => {
    const source = await openSource(fileURLToPath(new URL('examples/placeholder/db.json', root)), { keep: 'memory' })
    serving = await serve(source.api, { port: 0, ...(source.open && { store: source.open }) })
  })
  after(() => serving.close())

  it('has a session', () => assert.ok(steps.length >= 5))
  for (const { line, printed } of steps)
    it(line, async () => {
      const here = line.replace('localhost:3000', new URL(serving.url).host)
      const { stdout } = await run('sh', ['-c', here.replace('curl ', 'curl --silent ')])
      assert.equal(stdout.replaceAll('\r\n', '\n').replace(/\n?$/, '\n'), printed)
    })
})
