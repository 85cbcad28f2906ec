import assert from 'node:assert/strict'
import { test } from 'node:test'
import Type from 'typebox'
import { text } from '../define/fields.ts'
import { defaultLimits } from '../model/build.ts'
import { fieldOf } from '../model/field.ts'
import type { Limits } from '../model/model.ts'
import type { Shape } from './format.ts'
import { xml } from './xml.ts'

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
const limits: Limits = { ...defaultLimits, depth: 4, members: 20 }
const nested: Shape = {
  singular: 'order',
  plural: 'orders',
  fields: [
    fieldOf(
      'lines',
      Type.Array(
        Type.Object({ label: text(), pieces: Type.Optional(Type.Integer()), tags: Type.Optional(Type.Array(text())) }),
      ),
    ),
    fieldOf(
      'sent',
      Type.Object({
        done: Type.Array(text(), { xml: { wrapped: true } }),
        left: Type.Array(Type.Object({ id: text() }, { xml: { name: 'order' } })),
      }),
    ),
  ],
}
const nestedText = [
  `<order ${xsi}><lines><line><label>a&lt;</label><pieces>2</pieces></line>`,
  '<line><label/><tags><tag>x</tag><tag/></tags></line></lines>',
  '<sent><done><item>y</item></done><left><order><id>1</id></order></left></sent></order>',
].join('')
const nestedValues = {
  lines: [
    { label: 'a<', pieces: 2 },
    { label: '', tags: ['x', ''] },
  ],
  sent: { done: ['y'], left: [{ id: '1' }] },
}

test('structured members are elements, as deep as their schema tells', () => {
  const written = xml.item(nestedValues, nested).slice(declaration.length)
  assert.equal(written.replace('<label></label>', '<label/>').replace('<tag></tag>', '<tag/>'), nestedText)
  const parseNested = (content: string) =>
    xml.parse(new TextEncoder().encode(content), nested, 'item', { ...limits, members: 50, depth: 9 })
  assert.deepEqual(parseNested(nestedText), { kind: 'value', value: nestedValues })
  const rows: readonly (readonly [string, unknown])[] = [
    ['<order><lines/><sent> </sent></order>', { lines: [], sent: {} }],
    ['<order><lines>[{"label":"x"}]</lines></order>', { lines: [{ label: 'x' }] }],
    ['<order><lines>\n <line>{"label":"x"}</line>\n</lines></order>', { lines: [{ label: 'x' }] }],
    [`<order ${xsi}><lines><line xsi:nil="true"/></lines></order>`, { lines: [null] }],
    [
      '<order><lines><line><pieces> 5 </pieces><lable>x</lable></line></lines></order>',
      { lines: [{ pieces: 5, lable: 'x' }] },
    ],
    ['<order><lines><line><pieces>five</pieces></line></lines></order>', { lines: [{ pieces: 'five' }] }],
  ]
  for (const [content, value] of rows) assert.deepEqual(parseNested(content), { kind: 'value', value }, content)
  const faults: readonly (readonly [string, RegExp])[] = [
    ['<order><lines><item/></lines></order>', /Expected the element line but found item/],
    ['<order><lines>x<line/></lines></order>', /lines must hold elements only/],
    ['<order><lines>x</lines></order>', /lines is not JSON/],
    ['<order><lines><line><label/><label/></line></lines></order>', /label is repeated/],
    ['<order><lines><line><lable><x/></lable></line></lines></order>', /lable is not known here/],
    ['<order><lines><line><label><x/></label></line></lines></order>', /label must hold text only/],
    ['<order><lines><line id="1"/></lines></order>', /attribute id/],
    [`<order ${xsi}><lines xsi:nil="true"><line/></lines></order>`, /nil and yet holds elements/],
  ]
  for (const [content, detail] of faults) {
    const parsed = parseNested(content)
    assert.ok(parsed.kind === 'malformed', content)
    assert.match(parsed.detail, detail)
    assert.equal(parsed.line, 1)
  }
})
