// The files of JSONTestSuite: y_ must be read, n_ refused, i_ either, none may throw.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseJson } from '../../packages/server/src/content/parse-json.ts'

const folder = new URL('../../../shared/corpora/json-parsing/', import.meta.url)
const bounds = { depth: 1000, members: 100_000 }

if (!existsSync(folder)) test('JSON parsing vectors', { skip: 'corpora not present' }, () => {})
else {
  const files = readdirSync(folder).filter(name => name.endsWith('.json'))
  test('the vectors are all there', () => assert.ok(files.length >= 300))
  for (const file of files)
    test(file, () => {
      const content = readFileSync(new URL(encodeURIComponent(file), folder))
      const parsed = parseJson(content, bounds)
      if (file.startsWith('y_')) assert.deepEqual(parsed, { kind: 'value', value: JSON.parse(content.toString()) })
      else if (file.startsWith('n_')) assert.equal(parsed.kind, 'malformed')
      if (parsed.kind === 'malformed') assert.ok((parsed.line ?? 0) >= 1 && (parsed.column ?? 0) >= 1)
    })
}
