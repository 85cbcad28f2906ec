import assert from 'node:assert/strict'
import { test } from 'node:test'
import Type from 'typebox'
import { boolean, integer, text } from '../define/fields.ts'
import { defaultLimits } from '../model/build.ts'
import { fieldOf } from '../model/field.ts'
import type { Limits, Values } from '../model/model.ts'
import type { Shape } from './format.ts'
import { xml } from './xml.ts'

const shape: Shape = {
  singular: 'account',
  plural: 'accounts',
  fields: [
    fieldOf('id', text()),
    fieldOf('name', text()),
    fieldOf('count', integer()),
    fieldOf('open', boolean()),
    fieldOf('extra', Type.Unknown()),
  ],
}
const limits: Limits = { ...defaultLimits, depth: 4, members: 20 }
const parse = (content: string, expect: 'item' | 'list' = 'item') =>
  xml.parse(new TextEncoder().encode(content), shape, expect, limits)

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

test('an item as it is written', () => {
  const values: Values = { id: '1', name: ' <a>\r\n& ', count: null, open: false, extra: { a: ['<'] } }
  assert.equal(
    xml.item(values, shape),
    `${declaration}<account ${xsi}><id>1</id><name> &lt;a&gt;&#13;\n&amp; </name><count xsi:nil="true"/><open>false</open><extra>{"a":["&lt;"]}</extra></account>`,
  )
})

test('a list as it is written', () => {
  const writer = xml.list({ ...shape, fields: shape.fields.slice(0, 1) })
  assert.equal(
    writer.open() + writer.rows([{ id: '1' }], true) + writer.rows([{ id: '2' }], false) + writer.close(),
    `${declaration}<accounts ${xsi}>\n<account><id>1</id></account>\n<account><id>2</id></account>\n</accounts>`,
  )
})

const read: readonly (readonly [name: string, content: string, value: unknown])[] = [
  ['no declaration', '<account/>', {}],
  ['another declaration', "<?xml version='1.1' encoding='utf-8' standalone=\"yes\" ?><account></account >", {}],
  ['a byte order mark', `\uFEFF${declaration}<account/>`, {}],
  ['blanks and comments', '<!-- a -->\n<account>\n <!-- <b> -->\n <id>1</id>\n</account>\n<!-- -->\n', { id: '1' }],
  ['a comment in text', '<account><id>a<!-- b -->c</id></account>', { id: 'ac' }],
  ['CDATA', '<account><id>a<![CDATA[<b>&amp;]]>c</id></account>', { id: 'a<b>&amp;c' }],
  ['references', '<account><id>&lt;&gt;&amp;&apos;&quot;&#65;&#x1F600;&#13;</id></account>', { id: '<>&\'"A😀\r' }],
  ['a reference to a reference', '<account><id>&amp;lt;</id></account>', { id: '&lt;' }],
  ['line ends', '<account><id>a\r\nb\rc</id></account>', { id: 'a\nb\nc' }],
  ['blanks in text', '<account><id> a </id></account>', { id: ' a ' }],
  ['blanks about a number', '<account><count>\n 5 </count><open> true </open></account>', { count: 5, open: true }],
  ['text that is no number', '<account><count>05</count><open>yes</open></account>', { count: '05', open: 'yes' }],
  ['empty text', '<account><name/><id></id></account>', { name: '', id: '' }],
  ['nil', `<account ${xsi}><name xsi:nil="true"/><id xsi:nil="false">1</id></account>`, { name: null, id: '1' }],
  ['prefixes', `<a:account xmlns:a="urn:x" xmlns:i="x"><a:name i:nil="1"></a:name></a:account>`, { name: null }],
  ['an unknown member', '<account><nmae>x</nmae><deep><a/></deep></account>', { nmae: 'x', deep: '' }],
  ['names beyond ASCII', '<é:account xmlns:é="x"><ü·1>x</ü·1></é:account>', { ü·1: 'x' }],
  ['"]]" at the end of CDATA', '<account><id><![CDATA[]]]]></id></account>', { id: ']]' }],
  ['references with many zeros', '<account><id>&#x00000041;&#000000066;</id></account>', { id: 'AB' }],
  ['">" in an attribute', '<account xmlns:x="a>b"/>', {}],
]
for (const [name, content, value] of read)
  test(`read: ${name}`, () => assert.deepEqual(parse(content), { kind: 'value', value }))

const laughs = `<!DOCTYPE account [<!ENTITY a "ha">${'bcdefghij'.replace(
  /./g,
  (name, at: number) => `<!ENTITY ${name} "${`&${'abcdefghi'[at]};`.repeat(10)}">`,
)}]><account><id>&j;</id></account>`
const externalEntity = '<!DOCTYPE account [<!ENTITY a SYSTEM "file:///etc/passwd">]><account><id>&a;</id></account>'
const attributes = (count: number) => Array.from({ length: count }, (_, at) => `xml:a${at}=""`).join(' ')

const refused: readonly (readonly [name: string, content: string, line: number, column: number, detail: RegExp])[] = [
  ['nothing', '', 1, 1, /must contain a root element/],
  ['text', 'hello', 1, 6, /text data outside of root/],
  ['a DOCTYPE', '<!DOCTYPE account [<!ENTITY a "b">]><account/>', 1, 1, /DOCTYPE are refused/],
  ['a DOCTYPE in lower case', '\n<!doctype account><account/>', 2, 9, /incorrect syntax/],
  ['a DOCTYPE within', '<account><!DOCTYPE a></account>', 1, 18, /inappropriately located doctype/],
  ['a processing instruction', '<?xml-stylesheet href="x"?><account/>', 1, 1, /Processing instructions are refused/],
  ['a declaration that is not first', '\n<?xml version="1.0"?><account/>', 2, 6, /must be at the start/],
  ['another version', '<?xml version="2.0"?><account/>', 1, 19, /version number must match/],
  [
    'another encoding',
    '<?xml version="1.0" encoding="ISO-8859-1"?><account/>',
    1,
    1,
    /encoding ISO-8859-1 is not read/,
  ],
  ['an entity', '<account><id>a&b;</id></account>', 1, 17, /undefined entity/],
  ['an entity of HTML', '<account><id>&nbsp;</id></account>', 1, 19, /undefined entity/],
  ['an ampersand', '<account><id>a & b</id></account>', 1, 16, /"&" must start a reference/],
  ['a reference to nothing', '<account><id>&#0;</id></account>', 1, 17, /malformed character entity/],
  ['a reference to a surrogate', '<account><id>&#xD800;</id></account>', 1, 21, /malformed character entity/],
  ['a reference beyond Unicode', '<account><id>&#x110000;</id></account>', 1, 23, /malformed character entity/],
  ['a control character', '<account>\n<id>\u0001</id></account>', 2, 5, /disallowed character/],
  ['"]]>" in text', '<account><id>a]]></id></account>', 1, 17, /disallowed in char data/],
  ['an open comment', '<account><!-- </account>', 1, 10, /ends within what starts here/],
  ['"--" in a comment', '<!-- a -- b --><account/>', 1, 10, /malformed comment/],
  ['an open CDATA section', '<account><id><![CDATA[ </id></account>', 1, 14, /ends within what starts here/],
  ['two roots', '<account/>\n<account/>', 2, 9, /only one root/],
  ['text after the root', '<account/>x', 1, 12, /text data outside of root/],
  ['an element that is not closed', '<account>\n <id>1</account>', 2, 7, /Expected <\/id>/],
  ['an end without a start', '<account/></account>', 1, 20, /unmatched closing tag: account/],
  ['the end of the content', '<account>\n <id>', 2, 2, /element id is not closed/],
  ['a tag cut off', '<account', 1, 1, /ends within what starts here/],
  ['a lone "<"', '<account>< id></account>', 1, 11, /disallowed character in tag name/],
  ['an attribute without quotes', '<account a=1/>', 1, 12, /unquoted attribute value/],
  ['an attribute without a value', '<account a >', 1, 12, /attribute without value/],
  ['a repeated attribute', '<account xml:a="1" xml:a="2"/>', 1, 30, /duplicate attribute: xml:a/],
  ['"<" in an attribute', '<account xml:a="<"/>', 1, 17, /disallowed character/],
  ['attributes that touch', '<account xml:a="1"xml:b="2"/>', 1, 19, /no whitespace between attributes/],
  ['a member as an attribute', '<account id="1"/>', 1, 1, /members are elements/],
  ['a member twice', '<account><id>1</id><id>2</id></account>', 1, 20, /id is repeated/],
  ['elements where text is due', '<account><id><b/></id></account>', 1, 10, /must hold text only/],
  ['text where elements are due', '<account>x<id/></account>', 1, 1, /must hold elements only/],
  ['nil with text', `<account ${xsi}><id xsi:nil="true">x</id></account>`, 1, 64, /is nil and yet/],
  ['another root', '<accounts/>', 1, 1, /Expected the element account but found accounts/],
  ['text that is not JSON', '<account><extra>{</extra></account>', 1, 10, /is not JSON: Expected/],
  ['too deep', '<account><a><b><c><d/></c></b></a></account>', 1, 19, /deeper than 4/],
  ['too many', `<account>${'<a/>'.repeat(20)}</account>`, 1, 86, /more than 20/],
  ['too many attributes', `<account ${attributes(100_000)}/>`, 1, 229, /more than 20/],
  ['one attribute very often', `<account ${'xml:a="" '.repeat(100_000)}/>`, 1, 197, /more than 20/],
  ['too deep without an end', '<a>'.repeat(100_000), 1, 13, /deeper than 4/],
  ['entities within entities', laughs, 1, 1, /DOCTYPE are refused/],
  ['an external entity', externalEntity, 1, 1, /DOCTYPE are refused/],
  ['an external subset', '<!DOCTYPE account SYSTEM "file:///etc/passwd"><account/>', 1, 1, /DOCTYPE are refused/],
  ['a parameter entity', '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://x/"> %p;]><a/>', 1, 1, /DOCTYPE are refused/],
  ['a DOCTYPE cut off', '<!DOCTYPE account [', 1, 1, /ends within what starts here/],
  ['an ATTLIST', '<!ATTLIST account id CDATA "1"><account/>', 1, 9, /incorrect syntax/],
  ['a conditional section', '<![INCLUDE[ ]]><account/>', 1, 9, /incorrect syntax/],
  ['a processing instruction within', '<account><?php ?></account>', 1, 10, /Processing instructions are refused/],
  ['a processing instruction after', '<account/><?a <b?>', 1, 11, /Processing instructions are refused/],
  ['a processing instruction cut off', '<account/><?a <b>', 1, 11, /ends within what starts here/],
  ['a declaration in upper case', '<?XML version="1.0"?><account/>', 1, 21, /must appear at the start/],
  ['a declaration without a version', '<?xml encoding="UTF-8"?><account/>', 1, 15, /expected one of version/],
  ['UTF-16 declared', '<?xml version="1.0" encoding="UTF-16"?><account/>', 1, 1, /encoding UTF-16 is not read/],
  ['no encoding declared', '<?xml version="1.0" encoding="&x;"?><account/>', 1, 34, /encoding value must match/],
  ['an ampersand long before a reference', '<account>\n<id>a & b</id>\n<name>&amp;</name></account>', 2, 7, /"&" must/],
  ['an ampersand in an attribute', '<account xml:a="&amp; &"/>', 1, 23, /"&" must start a reference/],
  ['an entity in an attribute', '<account xml:a="&b;"/>', 1, 19, /undefined entity/],
  ['an entity named as a property', '<account>&__proto__;&constructor;</account>', 1, 20, /undefined entity/],
  [
    'a control character of XML 1.1',
    '<?xml version="1.1"?><account>&#1;</account>',
    1,
    34,
    /malformed character entity/,
  ],
  ['U+FFFE', '<account>\u{1F600}\uFFFE</account>', 1, 11, /disallowed character/],
  ['a control character in a name', '<a\u0000/>', 1, 3, /disallowed character/],
  ['a name that starts with a digit', '<account><1a/></account>', 1, 11, /disallowed character in tag name/],
  ['a name with a comma', '<account><a,b/></account>', 1, 12, /disallowed character in tag name/],
  ['an attribute that starts with a digit', '<account 1a="x"/>', 1, 10, /disallowed character in attribute name/],
  ['an end tag with an attribute', '<account></account a="1">', 1, 20, /disallowed character in closing tag/],
  ['an end tag with a longer name', '<account></accounts>', 1, 20, /unexpected close tag/],
  ['CDATA before the root', '<![CDATA[x]]><account/>', 1, 9, /text data outside of root/],
  ['CDATA after the root', '<account/><![CDATA[x]]>', 1, 19, /text data outside of root/],
  ['CDATA within CDATA', '<account><![CDATA[<![CDATA[]]>]]></account>', 1, 33, /disallowed in char data/],
]
for (const [name, content, line, column, detail] of refused)
  test(`refused: ${name}`, () => {
    const parsed = parse(content)
    assert.equal(parsed.kind, 'malformed')
    assert.match(parsed.detail, detail)
    assert.deepEqual({ line: parsed.line, column: parsed.column }, { line, column })
  })

test('a list holds its items only', () => {
  const list = '<accounts><account><id>1</id></account> <account/></accounts>'
  assert.deepEqual(parse(list, 'list'), { kind: 'value', value: [{ id: '1' }, {}] })
  assert.equal(parse('<accounts><acount/></accounts>', 'list').kind, 'malformed')
  assert.equal(parse('<accounts>x</accounts>', 'list').kind, 'malformed')
  assert.equal(parse('<account/>', 'list').kind, 'malformed')
})

test('__proto__ is an own member and changes no prototype', () => {
  const parsed = parse('<account><__proto__>1</__proto__></account>')
  assert.equal(parsed.kind, 'value')
  assert.deepEqual(Object.keys(parsed.value as object), ['__proto__'])
  assert.equal(Object.getPrototypeOf(parsed.value), Object.prototype)
})

test('what XML cannot carry is replaced, so that the document stays well-formed', () => {
  const parsed = parse(xml.item({ id: 'a\u0001\uFFFF\uD800b' }, shape))
  assert.equal(parsed.kind, 'value')
  assert.equal((parsed.value as Values).id, 'a\uFFFD\uFFFD\uFFFDb')
})

test('long content is read in time that grows with its length', () => {
  const wide = { ...limits, members: 1_000_000 }
  const started = performance.now()
  for (const content of [
    `<account>${' '.repeat(1e6)}`,
    `<account ${' '.repeat(1e6)}`,
    `<account a="${'&amp;'.repeat(2e5)}`,
    `<${'a'.repeat(1e6)}`,
    `<account><id>${'&amp;'.repeat(2e5)}</id></account>`,
    `<account><count>${' '.repeat(5e5)}x${' '.repeat(5e5)}x</count></account>`,
  ])
    xml.parse(new TextEncoder().encode(content), shape, 'item', wide)
  assert.ok(performance.now() - started < 60_000)
})
