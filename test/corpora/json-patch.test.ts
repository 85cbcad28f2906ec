// The vectors of json-patch-tests: every patch gives what is expected, or is refused where an error is.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { applyJsonPatch } from '../../packages/server/src/content/json-patch.ts'

type Vector = {
  readonly comment?: string
  readonly doc: unknown
  readonly patch: readonly unknown[]
  readonly expected?: unknown
  readonly error?: string
  readonly disabled?: boolean
}

const folder = new URL('../../../shared/corpora/json-patch/', import.meta.url)

if (!existsSync(folder)) test('JSON Patch vectors', { skip: 'corpora not present' }, () => {})
else
  for (const file of ['spec_tests.json', 'tests.json']) {
    const vectors: readonly Vector[] = JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
    for (const [index, { comment, doc, patch, expected, error, disabled }] of vectors.entries()) {
      if (!patch) continue
      test(`${file} ${index}: ${comment ?? error ?? JSON.stringify(patch)}`, {
        skip: disabled ? 'disabled' : false,
      }, () => {
        const outcome = applyJsonPatch(doc, patch)
        if (error !== undefined) assert.notEqual(outcome.kind, 'ok')
        else assert.deepEqual(outcome, { kind: 'ok', value: expected ?? doc })
      })
    }
  }
