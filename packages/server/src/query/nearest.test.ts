import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearest } from './nearest.ts'

const known = ['type', 'amount', 'amount.gte', 'createdAt', 'dateFrom', 'dateTo', 'id', 'sort', 'limit']

const rows: readonly (readonly [why: string, name: string, found: string | undefined])[] = [
  ['neighbours swapped', 'tpye', 'type'],
  ['a letter missing', 'amont', 'amount'],
  ['a letter too many', 'typpe', 'type'],
  ['a letter wrong', 'tyqe', 'type'],
  ['letter case', 'datefrom', 'dateFrom'],
  ['snake case', 'created_at', 'createdAt'],
  ['with its operator', 'amuont.gte', 'amount.gte'],
  ['the nearer of two', 'dateT', 'dateTo'],
  ['a plural', 'limits', 'limit'],
  ['nothing near', 'colour', undefined],
  ['short names have little room', 'xy', undefined],
  ['empty', '', undefined],
  ['long names are not looked at', `amount${'t'.repeat(10_000)}`, undefined],
]
for (const [why, name, found] of rows) test(`nearest: ${why}`, () => assert.equal(nearest(name, known), found))
