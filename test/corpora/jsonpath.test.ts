// The JSONPath Compliance Test Suite (RFC 9535), as `comity --select` reads paths. The suite is that of
// github.com/jsonpath-standard/jsonpath-compliance-test-suite; its licence is beside it.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { UsageError } from '../../packages/cli/src/output/complain.ts'
import { selectionOf } from '../../packages/cli/src/output/select.ts'

type Case = {
  readonly name: string
  readonly selector: string
  readonly document?: unknown
  readonly result?: readonly unknown[]
  /** Where the order of members leaves a choice. */
  readonly results?: readonly (readonly unknown[])[]
  readonly invalid_selector?: true
}

const { tests }: { readonly tests: readonly Case[] } = JSON.parse(
  readFileSync(new URL('./jsonpath/cts.json', import.meta.url), 'utf8'),
)

async function found({ selector, document }: Case): Promise<readonly unknown[] | 'refused'> {
  try {
    return (await selectionOf(selector)).from(document)
  } catch (error) {
    if (error instanceof UsageError) return 'refused'
    throw error
  }
}

describe('the JSONPath compliance suite', () => {
  const groups = Map.groupBy(tests, ({ name }) => name.split(',', 1)[0] ?? '')
  for (const [group, cases] of groups) {
    it(`${group}: ${cases.length} cases`, async () => {
      const wrong: unknown[] = []
      for (const each of cases) {
        const got = await found(each)
        const expected = each.invalid_selector ? ['refused'] : (each.results ?? [each.result])
        if (!expected.some(one => isDeepStrictEqual(got, one))) wrong.push({ ...each, got })
      }
      assert.deepEqual(wrong, [])
    })
  }
  it('is whole', () => assert.equal(tests.length, 687))
})

describe('a path beyond the suite', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(900)}1${'}'.repeat(900)}`)
  const rows = [
    ['takes long arrays', '$[*]', Array.from({ length: 200_000 }, () => 1), 200_000],
    ['goes deep', '$..a', deep, 900],
    ['finds members named like those of every object', '$.__proto__.x', JSON.parse('{"__proto__":{"x":1}}'), 1],
    ['finds none that were not sent', '$.constructor', {}, 0],
  ] as const
  for (const [name, path, value, count] of rows)
    it(name, async () => assert.equal((await selectionOf(path)).from(value).length, count))
})
