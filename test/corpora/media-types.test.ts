import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { formatMediaType, parseMediaType } from '../../packages/http/src/media-type.ts'

type Vector = { readonly input: string; readonly output: string | null }

const folder = new URL('../../../shared/corpora/media-types/', import.meta.url)
const options = { skip: existsSync(folder) ? false : 'corpora not present' }

for (const [file, least] of [
  ['mime-types.json', 60],
  ['generated-mime-types.json', 800],
] as const) {
  test(`media types of ${file} are read and written`, options, () => {
    // Strings between the vectors are headings.
    const rows: readonly (string | Vector)[] = JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
    const vectors = rows.filter(row => typeof row !== 'string')
    assert.ok(vectors.length > least, `${vectors.length} vectors`)
    for (const { input, output } of vectors) {
      const mediaType = parseMediaType(input)
      assert.equal(mediaType === undefined ? null : formatMediaType(mediaType), output, JSON.stringify(input))
    }
  })
}
