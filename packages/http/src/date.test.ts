import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatDate, parseDate } from './date.ts'

const now = Date.UTC(2026, 5, 15, 12)
const example = Date.UTC(1994, 10, 6, 8, 49, 37)

const rows: readonly (readonly [name: string, text: string, ms: number | undefined])[] = [
  ['IMF-fixdate', 'Sun, 06 Nov 1994 08:49:37 GMT', example],
  ['RFC 850', 'Sunday, 06-Nov-94 08:49:37 GMT', example],
  ['asctime', 'Sun Nov  6 08:49:37 1994', example],
  ['asctime with a day of two digits', 'Wed Nov 16 08:49:37 1994', Date.UTC(1994, 10, 16, 8, 49, 37)],
  ['space around', ' Sun, 06 Nov 1994 08:49:37 GMT\t', example],
  ['either case', 'sun, 06 NOV 1994 08:49:37 gmt', example],
  ['leap day', 'Thu, 29 Feb 2024 00:00:00 GMT', Date.UTC(2024, 1, 29)],
  ['leap day of 2000', 'Tue, 29 Feb 2000 00:00:00 GMT', Date.UTC(2000, 1, 29)],
  ['leap second', 'Sat, 31 Dec 2016 23:59:60 GMT', Date.UTC(2017, 0, 1)],
  ['a day name that does not fit', 'Mon, 06 Nov 1994 08:49:37 GMT', example],
  ['before the epoch', 'Wed, 31 Dec 1969 23:59:59 GMT', -1000],
  ['a year below 100', 'Sat, 01 Jan 0050 00:00:00 GMT', -60_589_296_000_000],
  ['30 February', 'Fri, 30 Feb 2024 00:00:00 GMT', undefined],
  ['29 February of a common year', 'Wed, 29 Feb 2023 00:00:00 GMT', undefined],
  ['29 February of 1900', 'Thu, 29 Feb 1900 00:00:00 GMT', undefined],
  ['31 November', 'Sun, 31 Nov 1994 08:49:37 GMT', undefined],
  ['day 0', 'Sun, 00 Nov 1994 08:49:37 GMT', undefined],
  ['hour 24', 'Sun, 06 Nov 1994 24:00:00 GMT', undefined],
  ['minute 60', 'Sun, 06 Nov 1994 08:60:37 GMT', undefined],
  ['second 61', 'Sun, 06 Nov 1994 08:49:61 GMT', undefined],
  ['another zone', 'Sun, 06 Nov 1994 08:49:37 CET', undefined],
  ['an offset', 'Sun, 06 Nov 1994 08:49:37 +0000', undefined],
  ['no zone', 'Sun, 06 Nov 1994 08:49:37', undefined],
  ['a day of one digit', 'Sun, 6 Nov 1994 08:49:37 GMT', undefined],
  ['no such month', 'Sun, 06 Nvb 1994 08:49:37 GMT', undefined],
  ['no such day name', 'Son, 06 Nov 1994 08:49:37 GMT', undefined],
  ['a long day name in the short form', 'Sunday, 06 Nov 1994 08:49:37 GMT', undefined],
  ['a year of four digits in the RFC 850 form', 'Sunday, 06-Nov-1994 08:49:37 GMT', undefined],
  ['RFC 3339', '1994-11-06T08:49:37Z', undefined],
  ['a number', '784111777', undefined],
  ['zero, as some send in Expires', '0', undefined],
  ['nothing', '', undefined],
  ['two dates', 'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT', undefined],
]

test('the three forms are read and nothing else', () => {
  for (const [name, text, ms] of rows) assert.equal(parseDate(text, now), ms, name)
})

const centuries: readonly (readonly [name: string, now: number, text: string, ms: number])[] = [
  ['50 years ahead to the second', Date.UTC(2026, 0, 1), 'Wednesday, 01-Jan-76 00:00:00 GMT', Date.UTC(2076, 0, 1)],
  ['a second more', Date.UTC(2026, 0, 1), 'Wednesday, 01-Jan-76 00:00:01 GMT', Date.UTC(1976, 0, 1, 0, 0, 1)],
  ['this year', now, 'Monday, 15-Jun-26 12:00:00 GMT', now],
  ['the next century', Date.UTC(2090, 0, 1), 'Friday, 01-Jan-10 00:00:00 GMT', Date.UTC(2110, 0, 1)],
  ['the century before', Date.UTC(2026, 0, 1), 'Friday, 31-Dec-99 23:59:59 GMT', Date.UTC(1999, 11, 31, 23, 59, 59)],
  ['a leap day that only the past has', Date.UTC(2060, 0, 1), 'Tuesday, 29-Feb-00 00:00:00 GMT', Date.UTC(2000, 1, 29)],
]

test('a year of two digits lies at most 50 years ahead', () => {
  for (const [name, at, text, ms] of centuries) assert.equal(parseDate(text, at), ms, name)
})

test('one form is written, and cut to the second', () => {
  assert.equal(formatDate(example), 'Sun, 06 Nov 1994 08:49:37 GMT')
  assert.equal(formatDate(example + 999), 'Sun, 06 Nov 1994 08:49:37 GMT')
  assert.equal(formatDate(example + 1000), 'Sun, 06 Nov 1994 08:49:38 GMT')
  assert.equal(formatDate(-1), 'Wed, 31 Dec 1969 23:59:59 GMT')
  assert.equal(formatDate(0), 'Thu, 01 Jan 1970 00:00:00 GMT')
  assert.equal(formatDate(Date.UTC(9999, 11, 31, 23, 59, 59)), 'Fri, 31 Dec 9999 23:59:59 GMT')
})

test('what is written reads as the same second', () => {
  for (let ms = -62_167_219_200_000; ms < 253_402_300_800_000; ms += 86_400_000 * 997 + 12_345_000) {
    assert.equal(parseDate(formatDate(ms), now), ms)
  }
})

test('a time that has no form is a bug of the caller', () => {
  for (const ms of [Number.NaN, Number.POSITIVE_INFINITY, 253_402_300_800_000, -62_167_219_200_001]) {
    assert.throws(() => formatDate(ms), RangeError)
  }
})
