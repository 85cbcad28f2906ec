import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { linear, processorTime } from './fixtures/processor.ts'
import { findLink, formatLinks, type Link, parseLinks } from './link.ts'

const rows: readonly (readonly [string, string, readonly string[]])[] = [
  ['one', '</a>; rel="next"', ['/a [next]']],
  ['bare rel', '</a>;rel=next', ['/a [next]']],
  ['several', '</a>; rel="next", </b>; rel=prev', ['/a [next]', '/b [prev]']],
  ['several relations', '</a>; rel="next  Last\thttps://x.example/REL"', ['/a [next last https://x.example/rel]']],
  ['the first rel counts', '</a>; rel=next; rel=prev', ['/a [next]']],
  ['no rel', '</a>', ['/a []']],
  ['empty rel', '</a>; rel=""', ['/a []']],
  ['empty target', '<>; rel=self', [' [self]']],
  ['commas, semicolons and quotes in the target', '</a?x=1,2;3&y="">; rel=next', ['/a?x=1,2;3&y="" [next]']],
  ['commas in quotes', '</a>; title="x, </b>; rel=prev"; rel=next', ['/a [next] title=x, </b>; rel=prev']],
  ['escapes', '</a>; title="a \\"b\\" \\\\"', ['/a [] title=a "b" \\']],
  ['names in any case', '</a>; REL=Next; Title=x', ['/a [next] title=x']],
  ['parameter without value', '</a>; rel=next; crossorigin', ['/a [next] crossorigin=']],
  ['bare media type', '</a>; type=text/html; rel=next', ['/a [next] type=text/html']],
  ['anchor', '</a>; rel=next; anchor="#x"', ['/a [next] anchor=#x']],
  ['title*', "</a>; title*=UTF-8''%e2%82%ac%20rates", ['/a [] title=€ rates']],
  ['title* with a language', "</a>; title*=utf-8'de'n%c3%a4chstes", ['/a [] title=nächstes']],
  ['title* before title', "</a>; title=plain; title*=UTF-8''%c3%a9", ['/a [] title=é']],
  ['title* before title in any order', "</a>; title*=UTF-8''%c3%a9; title=plain", ['/a [] title=é']],
  ['unreadable title* leaves title', "</a>; title*=UTF-8''%ff; title=plain", ['/a [] title=plain']],
  ['title* of another charset leaves title', "</a>; title*=utf-16''%00a; title=plain", ['/a [] title=plain']],
  ['title* without quotes leaves title', '</a>; title*=x; title=plain', ['/a [] title=plain']],
  ['empty parameters', '</a> ;; ; rel=next;', ['/a [next]']],
  ['space everywhere', ' < /a > ; rel = "next" , </b>', ['/a [next]', '/b []']],
  ['empty members', ',, </a>,, </b>,', ['/a []', '/b []']],
  ['a prototype name', '</a>; __proto__=x; rel=next', ['/a [next] __proto__=x']],
  ['nothing', '', []],
  // malformed links are left out, their neighbours are not
  ['no brackets', '/a; rel=next, </b>; rel=prev', ['/b [prev]']],
  ['bracket not closed', '</b>; rel=prev, </a; rel=next', ['/b [prev]']],
  ['quote not closed', '</b>; rel=prev, </a>; rel="next', ['/b [prev]']],
  ['something after the target', '</a> x, </b>; rel=prev', ['/b [prev]']],
  ['something after a value', '</a>; rel="next"x, </b>; rel=prev', ['/b [prev]']],
  ['no name', '</a>; =x, </b>; rel=prev', ['/b [prev]']],
  ['malformed before a comma in brackets', 'x </a,b>, </b>; rel=prev', ['/b [prev]']],
]
for (const [name, field, expected] of rows) {
  test(`link: ${name}`, () => {
    const read = parseLinks(field).map(({ target, rel, params }) => {
      return [`${target} [${rel.join(' ')}]`, ...Object.entries(params).map(([p, v]) => `${p}=${v}`)].join(' ')
    })
    assert.deepEqual(read, expected)
  })
}

const written: readonly (readonly [string, readonly Link[], string])[] = [
  ['none', [], ''],
  ['one', [{ target: '/a?x=1&y=2', rel: ['next'], params: {} }], '</a?x=1&y=2>; rel="next"'],
  [
    'two',
    [
      { target: '/a', rel: ['next', 'last'], params: {} },
      { target: '/b', rel: [], params: { type: 'text/csv' } },
    ],
    '</a>; rel="next last", </b>; type="text/csv"',
  ],
  ['quotes', [{ target: '/a', rel: [], params: { title: 'a "b" \\' } }], '</a>; title="a \\"b\\" \\\\"'],
  [
    'beyond ASCII',
    [{ target: '/a', rel: [], params: { title: "€ (x')*" } }],
    "</a>; title*=UTF-8''%E2%82%AC%20%28x%27%29%2A",
  ],
  [
    'target that breaks out',
    [{ target: '/a>; rel="x", <b é', rel: [], params: {} }],
    '</a%3E;%20rel=%22x%22,%20%3Cb%20%C3%A9>',
  ],
  ['line break in the target', [{ target: '/a\r\nb', rel: [], params: {} }], '</a%0D%0Ab>'],
  ['line break in a value', [{ target: '/a', rel: [], params: { title: 'a\r\nb' } }], "</a>; title*=UTF-8''a%0D%0Ab"],
  ['name that is no token', [{ target: '/a', rel: ['next'], params: { 'a b': 'x' } }], '</a>; rel="next"'],
  [
    'half a character',
    [{ target: '/\ud800', rel: [], params: { title: '\ud800' } }],
    "</%EF%BF%BD>; title*=UTF-8''%EF%BF%BD",
  ],
]
for (const [name, links, expected] of written) {
  test(`link: written, ${name}`, () => assert.equal(formatLinks(links), expected))
}

test('link: what is written is read back', () => {
  const link = fc.record({
    target: fc.webUrl({ withQueryParameters: true }),
    rel: fc.array(fc.constantFrom('next', 'prev', 'https://x.example/rel'), { maxLength: 3 }),
    params: fc.dictionary(fc.constantFrom('title', 'type', 'anchor', '__proto__'), fc.string({ unit: 'grapheme' })),
  })
  fc.assert(
    fc.property(fc.array(link, { maxLength: 4 }), links => {
      const read = parseLinks(formatLinks(links))
      assert.equal(read.length, links.length)
      for (const [index, { target, rel, params }] of links.entries()) {
        assert.equal(read[index]?.target, target.replace(/[<>"]/g, encodeURIComponent))
        assert.deepEqual(read[index]?.rel, rel)
        assert.deepEqual({ ...read[index]?.params }, { ...params })
      }
    }),
  )
})

test('link: found by relation', () => {
  const links = parseLinks('</x>; rel=next; anchor="/other", </a>; rel="prev next", </b>; rel=next')
  assert.equal(findLink(links, 'next')?.target, '/a')
  assert.equal(findLink(links, 'NEXT')?.target, '/a')
  assert.equal(findLink(links, 'last'), undefined)
})

test('hostile fields take linear time', () => {
  const started = processorTime()
  for (const unit of [
    '<',
    '>',
    '"',
    ';',
    ',',
    ' ',
    '<a',
    '<a>',
    '<a>,',
    '<a>;x="',
    '<a>;x="\\',
    '<a>;x=\x01"',
    ';x=y',
  ]) {
    parseLinks(unit.repeat(100_000))
    parseLinks(`<a>${unit.repeat(100_000)}`)
  }
  assert.ok(processorTime() - started < linear)
})
