import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { negotiateCharset, negotiateEncoding, negotiateLanguage, negotiateMediaType } from './negotiate.ts'

type Row = readonly [
  name: string,
  field: string | undefined,
  offers: readonly string[],
  chosen: string | undefined, // undefined: none is acceptable
]

const types = ['application/json', 'application/xml', 'text/csv']
const mediaTypes: readonly Row[] = [
  ['absent', undefined, types, 'application/json'],
  ['empty', '', types, 'application/json'],
  ['unreadable is ignored', 'text/html;q=5', types, 'application/json'],
  ['no offers', '*/*', [], undefined],
  ['anything', '*/*', types, 'application/json'],
  ['anything but with less weight', '*/*;q=0.1', types, 'application/json'],
  ['nothing', '*/*;q=0', types, undefined],
  ['exact', 'text/csv', types, 'text/csv'],
  ['case does not count', 'Text/CSV', types, 'text/csv'],
  ['any subtype', 'text/*', types, 'text/csv'],
  ['none acceptable', 'image/png', types, undefined],
  ['none acceptable but many asked', 'image/png, image/*, text/html', types, undefined],
  ['ties go to the server', 'text/csv, application/json', types, 'application/json'],
  ['weights', 'application/json;q=0.5, text/csv;q=0.8', types, 'text/csv'],
  ['q=0 excludes', 'application/json;q=0, */*', types, 'application/xml'],
  ['q=0 excludes all of a type', 'application/*;q=0, */*;q=0.1', types, 'text/csv'],
  ['q=0 alone leaves nothing', 'application/json;q=0', ['application/json'], undefined],
  [
    'exact speaks before wildcard',
    'application/*;q=0.9, application/json;q=0.1, text/csv;q=0.5',
    types,
    'application/xml',
  ],
  ['subtype wildcard speaks before */*', 'text/*;q=0.1, */*;q=0.5', ['text/csv', 'image/png'], 'image/png'],
  ['order of ranges does not count', '*/*, application/*;q=0.2, application/json;q=0.1', types, 'text/csv'],
  ['parameters speak first', 'text/html, text/html;level=1;q=0.1', ['text/html;level=1', 'text/html'], 'text/html'],
  ['more parameters speak first', 'a/b;x=1;q=0.9, a/b;x=1;y=2;q=0.1', ['a/b;x=1;y=2', 'a/b;x=1'], 'a/b;x=1'],
  ['a parameter the offer lacks', 'text/html;level=1', ['text/html'], undefined],
  ['a parameter of another value', 'text/html;level=1', ['text/html;level=2'], undefined],
  ['a parameter asked in quotes', 'text/html;level="1"', ['text/html; level=1'], 'text/html; level=1'],
  ['an offer with parameters the range lacks', 'text/csv', ['text/csv; header=present'], 'text/csv; header=present'],
  ['charset of JSON', 'application/json; charset=utf-8', types, 'application/json'],
  ['charset of JSON, capital', 'application/json; charset="UTF-8"', types, 'application/json'],
  ['another charset', 'application/json; charset=latin1', types, undefined],
  ['no implicit suffix', 'application/json', ['application/problem+json'], undefined],
  ['no implicit suffix either way', 'application/problem+json', ['application/json'], undefined],
  ['not a prefix', 'text/cs', ['text/csv'], undefined],
  ['a type that begins alike', 'tex/*', ['text/csv'], undefined],
  ['half a wildcard means nothing', '*/csv, text/html', ['text/csv'], undefined],
  ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', types, 'application/xml'],
  ['Java', 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2', types, 'application/json'],
]

const languages: readonly Row[] = [
  ['absent', undefined, ['en', 'ru'], 'en'],
  ['empty', '', ['en', 'ru'], 'en'],
  ['exact', 'ru', ['en', 'ru'], 'ru'],
  ['case does not count', 'RU', ['en', 'ru'], 'ru'],
  ['lookup cuts the range down', 'ru-RU', ['en', 'ru'], 'ru'],
  ['lookup cuts twice', 'zh-Hans-CN', ['en', 'zh'], 'zh'],
  ['filtering extends the range', 'en', ['ru', 'en-GB'], 'en-GB'],
  ['not a prefix without a hyphen', 'en', ['eng'], undefined],
  ['siblings do not match', 'en-US', ['en-GB'], undefined],
  ['none', 'fr', ['en', 'ru'], undefined],
  ['wildcard', 'fr, *;q=0.1', ['en', 'ru'], 'en'],
  ['weights', 'en;q=0.5, vi;q=0.9', ['en', 'ru', 'vi'], 'vi'],
  ['q=0 excludes', 'en;q=0, *', ['en', 'ru'], 'ru'],
  ['q=0 excludes what it begins', 'en;q=0, *', ['en-GB', 'ru'], 'ru'],
  ['q=0 of a region leaves the language', 'en-GB;q=0, en', ['en-GB', 'en'], 'en'],
  ['q=0 of a region says nothing of the language', 'en-GB;q=0', ['en'], undefined],
  ['only excluded', '*;q=0', ['en'], undefined],
  ['looked up in spite of *;q=0', 'ru-RU, *;q=0', ['en', 'ru'], 'ru'],
  ['the longest range speaks', 'en;q=0.9, en-GB;q=0.1, fr;q=0.5', ['en-GB', 'fr'], 'fr'],
  ['ties go to the one named first', 'ru-RU, en', ['en', 'ru'], 'ru'],
  ['the closer match wins', 'en-US, en;q=0.8', ['en', 'en-US'], 'en-US'],
  ['the usual browser', 'vi-VN,vi;q=0.9,en-US;q=0.8,en;q=0.7', ['en', 'ru', 'vi'], 'vi'],
  ['falls through to what exists', 'fr-FR,fr;q=0.9,en;q=0.8', ['ru', 'en'], 'en'],
]

const codings = ['zstd', 'br', 'gzip', 'identity']
const encodings: readonly Row[] = [
  ['absent', undefined, codings, 'identity'],
  ['absent without identity on offer', undefined, ['gzip'], 'gzip'],
  ['empty', '', codings, 'identity'],
  ['empty without identity on offer', '', ['gzip'], undefined],
  ['ties go to the server', 'gzip, deflate, br, zstd', codings, 'zstd'],
  ['what is named', 'gzip', codings, 'gzip'],
  ['even at little weight', 'gzip;q=0.001', codings, 'gzip'],
  ['x-gzip', 'x-gzip', codings, 'gzip'],
  ['case does not count', 'GZIP', codings, 'gzip'],
  ['q=0', 'gzip;q=0', codings, 'identity'],
  ['unknown', 'exi', codings, 'identity'],
  ['unreadable', 'gzip;q=9', codings, 'identity'],
  ['wildcard', '*', codings, 'zstd'],
  ['wildcard with a preference', 'gzip;q=1.0, *;q=0.5', codings, 'gzip'],
  ['identity preferred', 'identity, gzip;q=0.5', codings, 'identity'],
  ['identity excluded', 'identity;q=0', ['identity'], undefined],
  ['everything excluded', '*;q=0', codings, undefined],
  ['identity excluded by *', 'br, *;q=0', ['gzip', 'identity'], undefined],
  ['identity kept in spite of *', 'identity;q=0.5, *;q=0', codings, 'identity'],
  ['RFC 9110 §12.5.3', 'gzip;q=1.0, identity; q=0.5, *;q=0', codings, 'gzip'],
]

const charsets: readonly Row[] = [
  ['absent', undefined, ['utf-8'], 'utf-8'],
  ['named', 'ISO-8859-1, UTF-8;q=0.5', ['utf-8'], 'utf-8'],
  ['weights', 'iso-8859-1;q=0.1, utf-8', ['iso-8859-1', 'utf-8'], 'utf-8'],
  ['wildcard', 'x, *;q=0.1', ['utf-8'], 'utf-8'],
  ['excluded', 'utf-8;q=0, *', ['utf-8'], undefined],
  ['none', 'iso-8859-1', ['utf-8'], undefined],
]

for (const [noun, negotiate, rows] of [
  ['media type', negotiateMediaType, mediaTypes],
  ['language', negotiateLanguage, languages],
  ['encoding', negotiateEncoding, encodings],
  ['charset', negotiateCharset, charsets],
] as const) {
  for (const [name, field, offers, chosen] of rows) {
    test(`${noun}: ${name}`, () => assert.equal(offers[negotiate(field, offers)], chosen))
  }
}

// The oracle: every range that matches, most specific first, says the weight of an offer; the first highest one wins.
type Range = { type: string; subtype: string; level: string | undefined; thousandths: number }
const letter = fc.constantFrom('a', 'b')
const range: fc.Arbitrary<Range> = fc
  .record({
    type: letter,
    subtype: letter,
    level: fc.constantFrom(undefined, '1', '2'),
    thousandths: fc.constantFrom(0, 1, 500, 999, 1000),
    wild: fc.constantFrom('none', 'none', 'subtype', 'both'),
  })
  .map(({ wild, ...rest }) => ({
    ...rest,
    type: wild === 'both' ? '*' : rest.type,
    subtype: wild === 'none' ? rest.subtype : '*',
  }))

const specificity = ({ type, subtype, level }: Range) =>
  (type === '*' ? 0 : subtype === '*' ? 2 : 4) + (level === undefined ? 0 : 1)

test('media types: as an exhaustive search would choose', () => {
  const offer = fc.record({ type: letter, subtype: letter, level: fc.constantFrom(undefined, '1', '2') })
  const written = ({ type, subtype, level }: Omit<Range, 'thousandths'>) =>
    `${type}/${subtype}${level === undefined ? '' : `;level=${level}`}`
  fc.assert(
    fc.property(
      fc.array(range, { minLength: 1, maxLength: 8 }),
      fc.array(offer, { maxLength: 5 }),
      (ranges, offers) => {
        const weights = offers.map(({ type, subtype, level }) => {
          const matching = ranges.filter(
            asked =>
              (asked.type === '*' || asked.type === type) &&
              (asked.subtype === '*' || asked.subtype === subtype) &&
              (asked.level === undefined || asked.level === level),
          )
          return matching.sort((a, b) => specificity(b) - specificity(a))[0]?.thousandths ?? 0
        })
        const highest = Math.max(0, ...weights)
        const expected = highest === 0 ? -1 : weights.indexOf(highest)
        const accept = ranges.map(asked => `${written(asked)};q=${asked.thousandths / 1000}`).join(', ')
        assert.equal(negotiateMediaType(accept, offers.map(written)), expected, accept)
      },
    ),
    { numRuns: 1000 },
  )
})

test('any field gives an offer or -1', () => {
  const field = fc.string({ unit: fc.constantFrom(...'ab*/;,="\\ q0.1-', 'gzip', 'en'), maxLength: 40 })
  fc.assert(
    fc.property(field, text => {
      for (const negotiate of [negotiateMediaType, negotiateLanguage, negotiateEncoding, negotiateCharset]) {
        assert.ok([-1, 0, 1].includes(negotiate(text, ['a/b', 'en'])))
      }
    }),
    { numRuns: 1000 },
  )
})
