// What is understood of a source, row by row.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TSchema } from 'typebox'
import type { FoundList, Row } from '../found.ts'
import { SourceError } from '../source.ts'
import { infer } from './definition.ts'
import { idsOf } from './ids.ts'
import { schemaOf } from './member.ts'
import { memberNames, segmentNames } from './names.ts'

const list = (name: string, rows: readonly Row[], form: FoundList['form'] = 'json'): FoundList => ({
  name,
  rows,
  form,
  place: `db.json: ${name}`,
})

const plain = (schema: TSchema): Record<string, unknown> => {
  const { examples: _, maxLength: __, minimum: ___, maximum: ____, ...rest } = JSON.parse(JSON.stringify(schema))
  return rest
}

describe('a member holds', () => {
  const any = {}
  const rows: readonly (readonly [string, readonly unknown[], 'json' | 'text', Record<string, unknown>])[] = [
    ['whole numbers', [1, 2], 'json', { type: 'integer' }],
    ['numbers', [1, 2.5], 'json', { type: 'number' }],
    ['true and false', [true, false], 'json', { type: 'boolean' }],
    ['text', ['a', ''], 'json', { type: 'string' }],
    ['dates', ['2026-01-31'], 'json', { type: 'string', format: 'date' }],
    ['no dates, where one does not exist', ['2026-02-31'], 'json', { type: 'string' }],
    ['instants in their one form', ['2026-01-31T12:00:00.000Z'], 'json', { type: 'string', format: 'date-time' }],
    ['text, where instants would be answered otherwise', ['2026-01-31T12:00:00Z'], 'json', { type: 'string' }],
    ['text in JSON, though it looks like money', ['12.50', '3.00'], 'json', { type: 'string' }],
    ['any JSON, of two kinds', [1, 'a'], 'json', any],
    ['any JSON, where text could not be sent', ['bell \u0007'], 'json', any],
    ['any JSON, where nothing is known', [], 'json', any],
    ['lists of one kind', [[1], [2, 3]], 'json', { type: 'array', items: { type: 'integer' } }],
  ]
  for (const [title, values, form, expected] of rows)
    it(title, () => {
      const { items, ...rest } = plain(schemaOf(values, form)) as { items?: TSchema }
      assert.deepEqual({ ...rest, ...(items && { items: plain(items) }) }, expected)
    })

  it('decimals in CSV, exact to the last digit', () => {
    assert.deepEqual(plain(schemaOf(['12.50', '3.00'], 'text'))['x-decimal'], { digits: 15, scale: 2 })
    assert.equal(plain(schemaOf(['12.50', '3.0'], 'text')).format, undefined)
  })

  it('objects with their members, each of which may be left out', () => {
    const { properties, additionalProperties, required } = plain(schemaOf([{ a: 1 }, { b: 'x' }], 'json'))
    assert.deepEqual(
      [Object.keys(properties as object), additionalProperties, required],
      [['a', 'b'], false, undefined],
    )
  })
})

describe('names', () => {
  it('of members stay where they can', () => {
    const names = [
      'user_id',
      'URL',
      'x',
      'имя',
      'Video Title (en)',
      'limit',
      '2nd',
      '__proto__',
      'toString',
      'videoTitleEn',
    ]
    assert.deepEqual(
      [...memberNames(names).values()],
      [
        'user_id',
        'URL',
        'x',
        'имя',
        'videoTitleEn2',
        'limitValue',
        'member2nd',
        '__proto__Value',
        'toStringValue',
        'videoTitleEn',
      ],
    )
  })

  it('of lists stay where they can', () => {
    const names = ['todos', 'user_profiles', 'userProfiles', 'My List', 'jobs', 'v1', 'Đồ uống']
    assert.deepEqual(
      [...segmentNames(names).values()],
      ['todos', 'user_profiles', 'userProfiles', 'My-List', 'jobs-data', 'v1-data', 'o-uong'],
    )
  })
})

describe('ids', () => {
  const rows = [
    ['whole numbers are counted on', [{ id: 3 }, { id: 1 }], 'integer', [3, 1], 0],
    ['those that are missing are numbered', [{ id: 3 }, {}, { id: null }], 'integer', [3, 4, 5], 2],
    ['texts stay', [{ id: 'a' }, { id: '7' }], 'text', ['a', '7'], 0],
    ['UUIDs', [{ id: '0149f2c1-5c00-7a3e-8f4d-2b6c9e1d7a50' }], 'uuid', ['0149f2c1-5c00-7a3e-8f4d-2b6c9e1d7a50'], 0],
  ] as const
  for (const [title, rowsOf, policy, values, given] of rows)
    it(title, () => assert.deepEqual(idsOf(list('todos', rowsOf)), { policy, values, given }))

  const faults = [
    [
      'two items with one id',
      [{ id: 1 }, { id: 2 }, { id: 1 }],
      /todos\[0\] and db\.json: todos\[2\] have the same id, 1/,
    ],
    ['ids of two kinds', [{ id: 1 }, { id: 'b' }], /todos\[0\] has the id 1, which is not of the kind of all others/],
    ['texts that are missing', [{ id: 'a' }, {}], /todos\[1\] has the id null/],
  ] as const
  for (const [title, rowsOf, message] of faults)
    it(`refuses ${title}`, () =>
      assert.throws(
        () => idsOf(list('todos', rowsOf)),
        (error: unknown) => error instanceof SourceError && message.test(error.message) && error.cure !== '',
      ))
})

describe('links', () => {
  const users = list('users', [{ id: 1 }, { id: 2 }])
  const nestedIn = (lists: readonly FoundList[], name: string) => {
    const { definition, notes } = infer('db.json', lists, [])
    const resource = definition.resources[name]
    assert.ok(resource?.kind === 'collection')
    return { nested: resource.definition.nested ?? {}, notes }
  }

  for (const member of ['userId', 'user_id', 'userID'])
    it(`${member} leads to users, and is below them`, () => {
      const { nested } = nestedIn([list('posts', [{ id: 1, [member]: 2 }, { id: 2 }]), users], 'users')
      assert.deepEqual(nested, { posts: { kind: 'related', collection: 'posts', by: member } })
    })

  it('is none where somebody named is not there, and says so', () => {
    const { nested, notes } = nestedIn(
      [
        users,
        list('posts', [
          { id: 1, userId: 2 },
          { id: 2, userId: 9 },
        ]),
      ],
      'users',
    )
    assert.deepEqual(nested, {})
    assert.match(notes.join('\n'), /posts\[1\]\.userId is 9, which none of the users has/)
  })

  it('close no circle', () => {
    const authors = list('authors', [{ id: 1, bookId: 1 }])
    const { definition, notes, lists } = infer('db.json', [authors, list('books', [{ id: 1, authorId: 1 }])], [])
    assert.match(notes.join('\n'), /authorId would close a circle/)
    assert.deepEqual(
      lists.map(({ segment }) => segment),
      ['books', 'authors'],
    )
    assert.ok(definition.resources.books)
  })

  it('keeps to the style of names where the source does', () => {
    assert.equal(infer('t', [users], []).definition.names, undefined)
    assert.equal(infer('t', [list('user_data', [{ id: 1 }])], []).definition.names, 'found')
  })
})
