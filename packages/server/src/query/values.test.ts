import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Field } from '../model/model.ts'
import { entriesModel } from './fixtures/query-model.ts'
import { readValue } from './values.ts'

const field = (name: string) => entriesModel.byName.get(name) as Field

const good: readonly (readonly [member: string, text: string, value: unknown])[] = [
  ['amount', '100', '100.00'],
  ['amount', '100.5', '100.50'],
  ['amount', '100.500', '100.50'],
  ['amount', '0', '0.00'],
  ['amount', '-0.00', '0.00'],
  ['amount', '-5', '-5.00'],
  ['amount', '007.10', '7.10'],
  ['amount', '9999999999999.99', '9999999999999.99'],
  ['count', '12', 12],
  ['count', '-12', -12],
  ['count', '-0', 0],
  ['count', '9007199254740991', 9007199254740991],
  ['weight', '1.5', 1.5],
  ['weight', '1e21', 1e21],
  ['weight', '-2.5E-3', -0.0025],
  ['open', 'true', true],
  ['open', 'false', false],
  ['date', '2014-12-31', '2014-12-31'],
  ['date', '2012-02-29', '2012-02-29'],
  ['bookedAt', '2014-12-31', '2014-12-31T00:00:00.000Z'],
  ['bookedAt', '2014-12-31T23:59:59Z', '2014-12-31T23:59:59.000Z'],
  ['bookedAt', '2014-12-31t23:59:59.5z', '2014-12-31T23:59:59.500Z'],
  ['bookedAt', '2014-12-31T23:59:59.123456Z', '2014-12-31T23:59:59.123Z'],
  ['bookedAt', '2015-01-01T01:00:00+02:00', '2014-12-31T23:00:00.000Z'],
  ['bookedAt', '2015-01-01T01:00:00 02:00', '2014-12-31T23:00:00.000Z'],
  ['description', '', ''],
  ['description', ' a\tb ', ' a\tb '],
]
for (const [member, text, value] of good)
  test(`${member} reads ${text}`, () => assert.deepEqual(readValue(field(member), text), { kind: 'value', value }))

const bad: readonly (readonly [member: string, text: string])[] = [
  ['amount', ''],
  ['amount', '1.005'],
  ['amount', '1e3'],
  ['amount', '+1'],
  ['amount', '.5'],
  ['amount', '5.'],
  ['amount', '1 '],
  ['amount', '10000000000000'],
  ['amount', 'NaN'],
  ['amount', '0'.repeat(100_000)],
  ['count', ''],
  ['count', '1.0'],
  ['count', '0x10'],
  ['count', '9007199254740992'],
  ['weight', ''],
  ['weight', 'Infinity'],
  ['weight', '1e999'],
  ['weight', ' 1'],
  ['open', '1'],
  ['open', 'TRUE'],
  ['date', '2014-02-30'],
  ['date', '2013-02-29'],
  ['date', '2014-13-01'],
  ['date', '2014-1-1'],
  ['date', '2014-12-31T00:00:00Z'],
  ['bookedAt', '2014-02-30'],
  ['bookedAt', '2014-02-30T00:00:00Z'],
  ['bookedAt', '2014-12-31T24:00:00Z'],
  ['bookedAt', '2014-12-31T23:59:59'],
  ['bookedAt', '2014-12-31T23:59:60Z'],
  ['bookedAt', '0000-01-01T00:00:00+23:00'],
  ['bookedAt', '9999-12-31T23:00:00-23:00'],
  ['description', 'a\0b'],
  ['description', '\ud800'],
  ['extra', '{}'],
]
for (const [member, text] of bad)
  test(`${member} refuses ${JSON.stringify(text.slice(0, 40))}`, () =>
    assert.equal(readValue(field(member), text).kind, 'refused'))
