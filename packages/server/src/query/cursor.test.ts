import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Sort } from '../model/model.ts'
import { formatCursor, parseCursor, unkeyable } from './cursor.ts'
import { entriesModel, secretsModel } from './fixtures/query-model.ts'
import { readSort } from './order.ts'

function sortOf(text: string): readonly Sort[] {
  const read = readSort(entriesModel, text)
  assert.equal(read.kind, 'sort')
  return read.kind === 'sort' ? read.sort : []
}

const text = fc
  .string({ unit: 'grapheme', maxLength: 30 })
  .filter(value => !value.includes('\0') && value.isWellFormed())
const cents = fc
  .integer({ min: -1_000_000, max: 1_000_000 })
  .map(value => (value / 100 + 0).toFixed(2).replace('-0.00', '0.00'))
const instant = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map(date => date.toISOString())

const kinds: readonly (readonly [member: string, values: fc.Arbitrary<unknown>])[] = [
  ['type', fc.constantFrom('debit', 'credit')],
  ['amount', cents],
  ['date', instant.map(value => value.slice(0, 10))],
  ['bookedAt', instant],
  ['count', fc.maxSafeInteger().map(value => value + 0)],
  ['weight', fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => value + 0)],
  ['open', fc.boolean()],
  ['description', text],
  ['createdAt', instant],
]
for (const [member, values] of kinds)
  test(`a cursor over ${member} round-trips`, () => {
    const sort = sortOf(`-${member}`)
    fc.assert(
      fc.property(values, text, (value, id) => {
        const cursor = formatCursor(entriesModel, sort, [value, id])
        assert.match(cursor, /^[\w-]+$/)
        assert.deepEqual(parseCursor(entriesModel, sort, cursor), { kind: 'key', key: [value, id] })
      }),
    )
  })

const pack = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const sort = sortOf('-date')
const cursor = formatCursor(entriesModel, sort, ['2014-12-31', 'a1'])
const [mark] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string]

test('the cursor that the hostile ones start from is read', () => {
  assert.equal(parseCursor(entriesModel, sort, pack([mark, '2014-12-31', 'a1'])).kind, 'key')
})

const hostile: readonly (readonly [why: string, cursor: string])[] = [
  ['empty', ''],
  ['not base64url', `${cursor}=`],
  ['standard base64', 'a+b/'],
  ['not JSON', Buffer.from('[').toString('base64url')],
  ['not UTF-8', Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d]).toString('base64url')],
  ['an object', pack({ 0: mark })],
  ['null', pack(null)],
  ['an empty array', pack([])],
  ['no fingerprint', pack(['2014-12-31', 'a1'])],
  ['another fingerprint', pack(['x', '2014-12-31', 'a1'])],
  ['a number as fingerprint', pack([1, '2014-12-31', 'a1'])],
  ['too few keys', pack([mark, '2014-12-31'])],
  ['too many keys', pack([mark, '2014-12-31', 'a1', 1])],
  ['null as a key', pack([mark, null, 'a1'])],
  ['a date that is not', pack([mark, '2014-02-30', 'a1'])],
  ['an object as a key', pack([mark, { toString: '2014-12-31' }, 'a1'])],
  ['an array as a key', pack([mark, ['2014-12-31'], 'a1'])],
  ['a number as an id', pack([mark, '2014-12-31', 1])],
  ['U+0000 in an id', pack([mark, '2014-12-31', 'a\0'])],
  ['a lone surrogate in an id', pack([mark, '2014-12-31', '\ud800'])],
  ['deeply nested', Buffer.from('['.repeat(100_000)).toString('base64url')],
]
for (const [why, text] of hostile)
  test(`refused: ${why}`, () => assert.equal(parseCursor(entriesModel, sort, text).kind, 'refused'))

test('values of another form than the kept one are refused', () => {
  const byAmount = sortOf('amount')
  const [mark] = JSON.parse(
    Buffer.from(formatCursor(entriesModel, byAmount, ['1.00', 'a']), 'base64url').toString(),
  ) as [string]
  assert.equal(parseCursor(entriesModel, byAmount, pack([mark, '1.00', 'a'])).kind, 'key')
  assert.equal(parseCursor(entriesModel, byAmount, pack([mark, '1', 'a'])).kind, 'refused')
  assert.equal(parseCursor(entriesModel, byAmount, pack([mark, 1, 'a'])).kind, 'refused')
})

test('a cursor of another sort, direction or collection is refused', () => {
  for (const other of ['date', '-bookedAt', '-date,amount', 'id'])
    assert.equal(parseCursor(entriesModel, sortOf(other), cursor).kind, 'refused', other)
  const byId = sortOf('id')
  const ofEntries = formatCursor(entriesModel, byId, ['a1'])
  assert.equal(parseCursor(entriesModel, byId, ofEntries).kind, 'key')
  assert.equal(parseCursor(secretsModel, byId, ofEntries).kind, 'refused')
})

test('sorts by what may be absent or is unbounded have no cursors', () => {
  assert.equal(unkeyable(sortOf('date,description'))?.name, undefined)
  assert.equal(unkeyable(sortOf('date,note'))?.name, 'note')
  assert.equal(unkeyable(sortOf('essay'))?.name, 'essay')
  const key = formatCursor(entriesModel, sortOf('note'), ['x', 'a1'])
  const read = parseCursor(entriesModel, sortOf('note'), key)
  assert.match(read.kind === 'refused' ? read.detail : '', /“note” may be absent/)
})

test('random text never throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String(), fc.jsonValue().map(pack)), text => {
      assert.equal(parseCursor(entriesModel, sort, text).kind, 'refused')
    }),
  )
})
