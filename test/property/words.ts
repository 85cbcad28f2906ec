// Query words: good ones of the resource, ill-typed ones, others' and unknown ones, cursors, bytes that are no words.
import fc from 'fast-check'

const values = {
  text: ['Household 1', '*o*', 'a,b', 'EUR', '', '\\,', 'x'.repeat(300), "' OR 1=1 --", '%', 'Счёт', '😀'],
  number: ['0', '100', '-5.25', '1e9', '0100', '100.123', 'x', '', '9'.repeat(30), 'NaN', '1,2'],
  time: ['2014-01-01', '2014-02-30', '2014-12-31T12:00:00Z', '2014-12-31T12:00:00+07:00', 'now', '', '9999-12-31'],
  boolean: ['true', 'false', '1', ''],
} as const

const operators = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'like', 'exists', 'none', ''] as const

type Kind = keyof typeof values
const members: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  account: { id: 'text', type: 'text', name: 'text', currency: 'text', balance: 'number', createdAt: 'time' },
  transaction: { id: 'text', type: 'text', amount: 'number', date: 'time', description: 'text', accountId: 'text' },
  transfer: { id: 'text', from: 'text', to: 'text', amount: 'number', createdAt: 'time' },
  statement: { id: 'text', date: 'time', balance: 'number', content: 'text' },
  rate: { id: 'text', base: 'text', quote: 'text', rate: 'number', asOf: 'time' },
}

type Word = readonly [name: string, value: string]

const oneOf = (name: string, ...texts: readonly string[]): fc.Arbitrary<Word> =>
  fc.constantFrom(...texts).map(text => [name, text])

const everywhere = fc.oneof(
  oneOf('always_success_code', 'true', 'true', 'false', 'yes'),
  oneOf('v', '2', '3', ''),
  oneOf('limt', '5'),
  oneOf('__proto__', 'x'),
  fc.tuple(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 })),
)

const conversion = fc.oneof(
  oneOf('from', 'EUR', 'CNY', 'XXX', 'eur', ''),
  oneOf('to', 'CNY', 'EUR', 'USD', '*'),
  oneOf('amount', '100', '0.01', '-1', 'x', '99999999999999999999'),
)

function wordsFor(resource: string): fc.Arbitrary<Word> {
  if (resource === 'synchronization') return fc.oneof(oneOf('prefer', 'client', 'server', 'x'), everywhere)
  if (resource === 'convert') return fc.oneof({ weight: 6, arbitrary: conversion }, everywhere)
  const known = members[resource]
  if (known === undefined) return everywhere
  const names = Object.keys(known)
  const compared = fc.constantFrom(...names).chain(name => {
    const operator = fc.oneof(fc.constant(undefined), fc.constantFrom(...operators))
    const value = fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom<string>(...values[known[name] ?? 'text']) },
      fc.constantFrom<string>(...Object.values(values).flat()),
    )
    return fc.tuple(operator, value).map(([op, text]): Word => [op === undefined ? name : `${name}.${op}`, text])
  })
  const listed = fc.subarray([...names, 'none'], { minLength: 1 })
  return fc.oneof(
    { weight: 4, arbitrary: compared },
    oneOf('type', 'current', 'debit', 'credit,debit', 'current,savings', 'none'),
    { weight: 2, arbitrary: listed.map((shown): Word => ['fields', shown.filter(name => name !== 'none').join()]) },
    listed.map((shown): Word => ['fields', shown.join()]),
    fc
      .tuple(listed, fc.boolean())
      .map(([order, down]): Word => ['sort', order.map(name => (down ? `-${name}` : name)).join()]),
    oneOf('limit', '1', '3', '1000', '0', '1001', 'all', 'x', ''),
    oneOf('offset', '0', '2', '60', '-1', 'x', '9'.repeat(20)),
    oneOf('after', '@cursor', '@cursor', 'x', '', 'eyJhIjoxfQ'),
    oneOf('before', '@cursor', 'bnVsbA'),
    oneOf('dateFrom', '2014-06-01', 'x'),
    everywhere,
  )
}

const raw = fc.constantFrom(
  '?',
  '&&',
  '=',
  '%zz',
  'a=%ff',
  'a=%00',
  'a[b]=c',
  ';',
  'limit=1&limit=2',
  'a=b?c',
  '+',
  `a=${'x'.repeat(9_000)}`,
)

/** What /convert needs. */
export const wholeQuestion = '?from=EUR&to=CNY&amount=12.50'

/** The query of a target with its question mark, or nothing. */
export function queryFor(resource: string): fc.Arbitrary<string> {
  const words = fc
    .array(wordsFor(resource), { minLength: 1, maxLength: 3 })
    .map(
      all =>
        `?${all.map(word => word.map(text => encodeURIComponent(text).replaceAll('%40', '@')).join('=')).join('&')}`,
    )
  return fc.oneof(
    { weight: 10, arbitrary: fc.constant(resource === 'convert' ? wholeQuestion : '') },
    { weight: 10, arbitrary: words },
    { weight: 1, arbitrary: raw.map(text => `?${text}`) },
  )
}
