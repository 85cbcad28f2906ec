// Every curl line of the guide, run against the bank as `npm start` serves it: the status is the one it says.
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { serve } from '@comity/server'
import bank from '../../examples/bank/api.ts'

const guide = readFileSync(new URL('../../docs/writes.md', import.meta.url), 'utf8')
const shell = [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, lines = '']) => lines).join('\n')
const tools = spawnSync('bash', ['-c', 'curl --json x --version']).status === 0

/** Lines that ask for the head say its status on the third descriptor; the others are let through. */
const asked = `curl() {
  if [ "$1" = -i ]; then shift; command curl -s -o /dev/null -w '%{http_code}\\n' "$@" >&3; else command curl "$@"; fi
}
exec 3>&1 >/dev/null
`

test('the guide to writes', { skip: tools ? false : 'bash and curl are not here' }, async () => {
  const { url, close } = await serve(bank, { port: 0 })
  try {
    const script = asked + shell.replaceAll('http://127.0.0.1:3000', url)
    const { stdout } = await promisify(execFile)('bash', ['-euc', script])
    const said = [...shell.matchAll(/^(?:curl -i|rename ).*?# (\d{3})\b/gm)].map(([, status]) => status)
    assert.ok(said.length > 8)
    assert.deepEqual(stdout.trim().split('\n'), said)
  } finally {
    await close()
  }
})
