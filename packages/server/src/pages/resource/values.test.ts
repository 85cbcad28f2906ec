import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import Type from 'typebox'
import { boolean, date, dateTime, decimal, text } from '../../define/fields.ts'
import { fieldOf } from '../../model/field.ts'
import { structured, valueWriter } from './values.ts'

const of = (schema: Parameters<typeof fieldOf>[1]) => valueWriter(fieldOf('member', schema))
const none = '<span class="none" aria-label="none">–</span>'

const rows: readonly (readonly [name: string, write: (value: unknown) => string, value: unknown, markup: string])[] = [
  ['text', of(text()), 'a < b & "c"', 'a &lt; b &amp; &quot;c&quot;'],
  ['null', of(text()), null, none],
  ['empty text', of(text()), '', ''],
  ['a script', of(text()), '</td><script>alert(1)</script>', '&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['a script as an address', of(text()), 'javascript:alert(1)', 'javascript:alert(1)'],
  ['data as an address', of(text()), 'data:text/html,x', 'data:text/html,x'],
  ['an address with a quote', of(text()), 'https://a/"onmouseover="x', 'https://a/&quot;onmouseover=&quot;x'],
  [
    'an address across lines',
    of(text()),
    'https://a\njavascript:x',
    '<span class="lines">https://a\njavascript:x</span>',
  ],
  [
    'a web address',
    of(text()),
    'https://example.org/?a=1&b=2',
    '<a href="https://example.org/?a=1&amp;b=2" rel="external nofollow noopener noreferrer">https://example.org/?a=1&amp;b=2</a>',
  ],
  ['a decimal', of(decimal()), '12.50', '12.50'],
  ['false', of(boolean()), false, 'false'],
  ['a date', of(date()), '2014-12-31', '<time datetime="2014-12-31">2014-12-31</time>'],
  [
    'an instant',
    of(dateTime()),
    '2014-12-31T23:59:59.000Z',
    '<time datetime="2014-12-31T23:59:59.000Z">2014-12-31 23:59:59 UTC</time>',
  ],
  [
    'an object',
    of(Type.Unknown()),
    { '<b>': ['<i>'] },
    '<dl class="inner"><div><dt>&lt;b&gt;</dt><dd><ol class="inner"><li>&lt;i&gt;</li></ol></dd></div></dl>',
  ],
  ['an empty list', of(Type.Unknown()), [], '<span class="none">empty list</span>'],
  [
    'an id',
    valueWriter(fieldOf('to', text()), id => `/x/${encodeURIComponent(id)}`),
    '"><a',
    '<a class="id" href="/x/%22%3E%3Ca">&quot;&gt;&lt;a</a>',
  ],
]
for (const [name, write, value, markup] of rows) test(name, () => assert.equal(write(value), markup))

test('what nests without end is cut', () => {
  let value: unknown = '<x>'
  for (let level = 0; level < 500; level++) value = [value]
  assert.ok(structured(value).includes('&lt;x&gt;'))
})

test('no value whatever opens a tag that is not ours', () => {
  const ours = /<\/?(?:span|a|time|ol|li|dl|div|dt|dd|code)(?: (?:class|href|rel|datetime|aria-label)="[^"<>]*")*>/g
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: fc.constantFrom(...'<>"\'&/=:javscripthtps \n`') }), fc.jsonValue()),
      value => {
        assert.doesNotMatch(structured(value).replaceAll(ours, ''), /[<>"]/)
      },
    ),
    { numRuns: 500 },
  )
})
