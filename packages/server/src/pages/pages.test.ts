// What holds for every page: nothing is loaded, nothing runs, nothing of a definition becomes markup.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineApi } from '../define/api.ts'
import { collection } from '../define/collection.ts'
import { decimal, oneOf, optional, reference, text } from '../define/fields.ts'
import { service } from '../define/service.ts'
import { docsPage } from './docs.ts'
import { entryDocument, entryLinks, entryPage } from './entry.ts'
import { pagePolicy, styleName } from './layout.ts'
import { problemDocument, problemPage, problemsDocument, problemsPage } from './problem.ts'
import { styles } from './styles.ts'

const hostile = `<img src=x onerror=alert(1)> & "quotes" 'single' </style></script>`

const { model } = defineApi({
  title: `Shop ${hostile}`,
  description: hostile,
  resources: {
    orders: collection({
      description: hostile,
      fields: {
        state: oneOf('<b>new</b>', 'paid'),
        note: optional(text({ description: hostile, example: hostile, default: hostile })),
        total: decimal({ description: hostile }),
        earlier: optional(reference('orders')),
      },
      preconditions: 'required',
      filters: { over: 'total.gt' },
      nested: { lines: collection({ description: hostile, fields: { label: text({ pattern: '^<[a-z]+>$' }) } }) },
    }),
    // Names that a careless page would use for fragments of its own.
    formats: collection({ fields: { name: text() } }),
    'order-lines': collection({ fields: { name: text() } }),
    main: service({ description: hostile, input: { name: text() }, output: { name: text() }, handle: () => ({}) }),
  },
  problems: { odd: { status: 422, title: hostile, explanation: hostile, cure: hostile, messages: { en: hostile } } },
})

const base = { url: 'https://shop.example/v', path: '/v' }
const odd = model.problems.get('odd')
assert.ok(odd)

const pages: readonly [name: string, html: string][] = [
  ['docs', docsPage(model, base)],
  ['entry', entryPage(model, base)],
  ['problems', problemsPage(model, base)],
  ['a problem in English', problemPage(odd, base, 'en')],
  ['a problem in Russian', problemPage(odd, base, 'ru')],
  ['a problem in Vietnamese', problemPage(odd, base, 'vi')],
]

const tags = (html: string) => [...html.matchAll(/<([a-z][a-z0-9]*)((?:\s[^<>]*)?)>/g)]

for (const [name, html] of pages) {
  test(`${name}: the definition’s words stay words`, () => {
    assert.ok(html.includes('&lt;img src=x onerror=alert(1)&gt;'))
    assert.deepEqual(
      tags(html).filter(([, tag]) => tag === 'img' || tag === 'script' || tag === 'b'),
      [],
    )
    assert.doesNotMatch(html, /<\/?style/)
    for (const [, , attributes = ''] of tags(html)) assert.doesNotMatch(attributes, /\son\w+=|\sstyle=/)
  })

  test(`${name}: nothing is loaded from anywhere`, () => {
    for (const [whole, tag, attributes = ''] of tags(html)) {
      assert.doesNotMatch(attributes, /\ssrc=|\ssrcset=|url\(/, whole)
      if (tag === 'link')
        assert.ok([' rel="icon" href="data:,"', ` rel="stylesheet" href="/v/docs/${styleName}"`].includes(attributes))
    }
    assert.doesNotMatch(styles, /@import|@font-face|url\(/)
    assert.ok(pagePolicy.includes("style-src 'self'"))
  })

  test(`${name}: every fragment is there once, every local link stays below the base`, () => {
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
    assert.deepEqual(
      ids.filter((id, at) => ids.indexOf(id) !== at),
      [],
      'ids used twice',
    )
    for (const [, target = ''] of html.matchAll(/\shref="([^"]*)"/g)) {
      if (target.startsWith('#')) assert.ok(ids.includes(target.slice(1)), `no ${target}`)
      else if (target.startsWith('/'))
        assert.match(
          target,
          /^\/v\/(docs(#[a-z.-]+|\/style-[\w-]{16}\.css)?|openapi\.json|changelog|problems(\/[a-z-]+)?|livez|readyz)?$/,
        )
      else assert.match(target, /^data:,$|^https:\/\/(www\.rfc-editor\.org|datatracker\.ietf\.org)\//)
    }
    for (const [, labels = ''] of html.matchAll(/\saria-labelledby="([^"]+)"/g)) assert.ok(ids.includes(labels), labels)
  })

  test(`${name}: one heading leads, and none is skipped`, () => {
    const main = html.slice(html.indexOf('<main'))
    const levels = [...main.matchAll(/<h([1-6])[\s>]/g)].map(([, level]) => Number(level))
    assert.equal(levels.filter(level => level === 1).length, 1)
    for (const [at, level] of levels.entries())
      assert.ok(at === 0 || level <= (levels[at - 1] ?? 0) + 1, `h${level} at ${at}`)
  })
}

test('the entry page’s links into the documents lead somewhere', () => {
  const docs = docsPage(model, base)
  const fragments = [...entryPage(model, base).matchAll(/docs#([^"]+)"/g)].map(([, id]) => id)
  assert.deepEqual(fragments, ['orders', 'orders.lines', 'formats', 'order-lines', 'main'])
  for (const id of fragments) assert.ok(docs.includes(` id="${id}"`), id)
})

test('the entry document leads to every resource', () => {
  const { resources, services, versions, links } = entryDocument(model, base)
  assert.deepEqual(
    resources.map(({ href }) => href),
    ['orders', 'formats', 'order-lines'].map(name => `${base.url}/${name}`),
  )
  assert.deepEqual(
    resources[0]?.nested?.map(({ href }) => href),
    [`${base.url}/orders/{orderId}/lines`],
  )
  assert.deepEqual(
    services.map(({ name, methods }) => [name, methods]),
    [['main', ['GET', 'HEAD', 'OPTIONS']]],
  )
  assert.deepEqual(versions, [{ version: '1', href: `${base.url}/v1`, status: 'current' }])
  assert.deepEqual(
    links.map(({ rel }) => rel),
    ['service-desc', 'describedby', 'service-doc', 'version-history', 'status'],
  )
  assert.deepEqual(
    entryLinks(model, base).map(({ target, rel }) => `${rel} ${target}`),
    [
      'service-desc /v/openapi.json',
      'describedby /v/openapi.json',
      'service-doc /v/docs',
      'version-history /v/changelog',
      'status /v/readyz',
      'item /v/orders',
      'item /v/formats',
      'item /v/order-lines',
      'item /v/main',
    ],
  )
})

test('a problem document says what the registry says, at its own address', () => {
  const { type, code, status, explanation, links } = problemDocument(odd, base)
  assert.deepEqual(
    { type, code, status, explanation },
    { type: `${base.url}/problems/odd`, code: 'odd', status: 422, explanation: hostile },
  )
  assert.deepEqual(
    links.map(({ rel, href }) => `${rel} ${href}`),
    [
      `self ${base.url}/problems/odd`,
      `collection ${base.url}/problems`,
      'describedby https://www.rfc-editor.org/rfc/rfc9457.html#section-4',
      `service-doc ${base.url}/docs`,
    ],
  )
  const statuses = problemsDocument(model, base).map(kind => kind.status)
  assert.equal(statuses.length, model.problems.size)
  assert.deepEqual(
    statuses,
    statuses.toSorted((one, other) => one - other),
  )
})
