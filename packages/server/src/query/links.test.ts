import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from '../store/store.ts'
import { formatCursor } from './cursor.ts'
import { entriesModel, wordsIn } from './fixtures/query-model.ts'
import { pageLinks } from './links.ts'
import { planList } from './plan.ts'

const key = (id: string): string => formatCursor(entriesModel, entriesModel.sort, [id])
const a = key('a')
const z = key('z')

/** Links as `rel query`, for a page of the entries with edge keys a and z. */
function links(
  search: string,
  { more, empty = 'no', total }: { more: boolean; empty?: 'yes' | 'no'; total?: number },
): readonly string[] {
  const words = wordsIn(search)
  const planned = planList(entriesModel, undefined, words, { values: 5 })
  assert.ok(planned.kind === 'plan', JSON.stringify(planned))
  const edge = (value: string) =>
    empty === 'yes'
      ? undefined
      : planned.query.plan.sort.map(({ field }) => (field.name === 'id' ? value : '2014-12-31'))
  const page: Page = { rows: empty === 'yes' ? [] : [{}], first: edge('a'), last: edge('z'), more }
  return pageLinks({ base: '/entries', words, query: planned.query, page, total }).map(
    ({ rel, target }) => `${rel.join(' ')} ${target.replace('/entries', '')}`,
  )
}

const rows: readonly (readonly [
  why: string,
  search: string,
  page: Parameters<typeof links>[1],
  expected: readonly string[],
])[] = [
  ['the only page', '', { more: false }, ['first ']],
  ['the first of several', '', { more: true }, ['first ', `next ?after=${z}`]],
  [
    'with the total',
    'limit=10',
    { more: true, total: 35 },
    ['first ?limit=10', `next ?limit=10&after=${z}`, 'last ?limit=10&offset=30'],
  ],
  [
    'a total that fills its pages',
    'limit=10',
    { more: true, total: 30 },
    ['first ?limit=10', `next ?limit=10&after=${z}`, 'last ?limit=10&offset=20'],
  ],
  ['a total of one page', 'limit=10', { more: false, total: 10 }, ['first ?limit=10', 'last ?limit=10']],
  ['an empty list', '', { more: false, empty: 'yes', total: 0 }, ['first ', 'last ']],
  ['in the middle by offset', 'offset=50', { more: true }, ['first ', `prev ?before=${a}`, `next ?after=${z}`]],
  [
    'the last keeps step with an odd offset',
    'offset=5&limit=10',
    { more: true, total: 30 },
    ['first ?limit=10', `prev ?limit=10&before=${a}`, `next ?limit=10&after=${z}`, 'last ?limit=10&offset=25'],
  ],
  [
    'beyond the end',
    'offset=500&limit=10',
    { more: false, empty: 'yes' },
    ['first ?limit=10', 'prev ?limit=10&offset=490'],
  ],
  [
    'beyond a known end',
    'offset=500&limit=10',
    { more: false, empty: 'yes', total: 35 },
    ['first ?limit=10', 'prev ?limit=10&offset=30', 'last ?limit=10&offset=30'],
  ],
  ['after a row', `after=${a}`, { more: true }, ['first ', `prev ?before=${a}`, `next ?after=${z}`]],
  ['after a row, at the end', `after=${a}`, { more: false }, ['first ', `prev ?before=${a}`]],
  ['before a row', `before=${z}`, { more: true }, ['first ', `prev ?before=${a}`, `next ?after=${z}`]],
  ['before a row, at the start', `before=${z}`, { more: false }, ['first ', `next ?after=${z}`]],
  ['after a row that was the last', `after=${a}`, { more: false, empty: 'yes' }, ['first ']],
  [
    'a sort without keys goes by offset',
    'sort=note&offset=10&limit=10',
    { more: true },
    ['first ?sort=note&limit=10', 'prev ?sort=note&limit=10', 'next ?sort=note&limit=10&offset=20'],
  ],
  [
    'a sort without keys, short of one page',
    'sort=note&offset=4&limit=10',
    { more: false },
    ['first ?sort=note&limit=10', 'prev ?sort=note&limit=10'],
  ],
  [
    'other words are kept in order, in one encoding',
    `type=debit%2Ccredit&v=1&after=${a}&description=a%20b+c`,
    { more: false },
    [
      'first ?type=debit,credit&v=1&description=a%20b%20c',
      `prev ?type=debit,credit&v=1&description=a%20b%20c&before=${a}`,
    ],
  ],
  ['the whole list has no pages', 'limit=all', { more: false, total: 3 }, []],
]
for (const [why, search, page, expected] of rows)
  test(`links: ${why}`, () => assert.deepEqual(links(search, page), expected))

test('a link is read as the plan it was made for', () => {
  const [, next] = links('sort=-date', { more: true })
  const planned = planList(entriesModel, undefined, wordsIn(next?.replace('next ', '') ?? ''), { values: 5 })
  assert.ok(planned.kind === 'plan')
  assert.deepEqual(planned.query.plan.start, { kind: 'after', key: ['2014-12-31', 'z'] })
})
