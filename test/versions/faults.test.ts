// Versions that cannot be served: each is told at load, with its place.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  added,
  called,
  changes,
  collection,
  convert,
  DefinitionError,
  decimal,
  defineApi,
  dropped,
  filter,
  integer,
  merged,
  moved,
  object,
  optional,
  renamed,
  retyped,
  type Step,
  service,
  split,
  text,
  type VersionDefinition,
  version,
} from '@comity/server'

const resources = {
  notes: collection({
    fields: {
      title: text({ min: 1 }),
      body: optional(text()),
      price: decimal(),
      place: object({ street: text(), town: text() }),
      total: decimal({ readOnly: true, default: '0.00' }),
    },
    filters: { cheap: 'price.lte' },
  }),
  count: service({ input: { word: text() }, output: { found: integer() }, handle: () => ({ found: 1 }) }),
}

const served = (...versions: readonly Partial<VersionDefinition>[]) =>
  defineApi({
    title: 'Notes',
    version: '2.0.0',
    resources,
    versions: versions.map(more => version({ number: 1, ...more })),
  })

const cents = {
  schema: integer(),
  up: (value: number) => (value / 100).toFixed(2),
  down: (value: string) => Number(value) * 100,
}

const steps: readonly (readonly [name: string, steps: readonly Step[], place: string, problem: RegExp])[] = [
  ['an unknown member', [renamed('heading', 'headline')], 'heading → headline', /no member “headline”/],
  ['an unknown part', [moved('zip', 'place.zip')], 'zip → place.zip', /“place” has no member “zip”/],
  ['two uses', [renamed('heading', 'title'), renamed('name', 'title')], 'title', /used twice/],
  ['a member and its part', [renamed('where', 'place'), moved('town', 'place.town')], 'place.town', /used twice/],
  ['two members of one name', [renamed('body', 'title')], 'body', /name of two members/],
  ['the id', [renamed('key', 'id')], 'id', /keeps its name/],
  ['a name that is none', [renamed('The-title', 'title')], 'The-title', /camelCase/],
  ['a query word', [renamed('sort', 'title')], 'sort', /query word/],
  ['a required member without a value', [added('title')], 'added(title)', /nothing gives it a value/],
  ['a value that does not fit', [added('title', 7)], 'added(title)', /the value/],
  ['a part without a value', [merged({ town: 'town' }, 'place')], 'place', /street/],
  ['a dropped member without a value', [dropped('colour', text())], 'dropped(colour)', /must not be null/],
  ['an object half written', [split('money', { price: 'price', total: 'total' })], 'money', /mixes what callers write/],
  ['an object deep within', [moved('a.b.c', 'title')], 'a.b.c → title', /deeper than one object/],
  ['an unknown filter', [filter('dear', 'expensive')], 'filter(dear)', /no query word “expensive”/],
  ['a name that is no plural', [called('memo')], 'called(memo)', /plural noun/],
  [
    'a type that does not fit',
    [retyped('price', { ...cents, down: (value: string) => value })],
    'price',
    /reads as "12\.50"/,
  ],
  ['a step that throws', [retyped('price', { ...cents, down: () => JSON.parse('{') })], 'down', /fails on/],
  [
    'a step that loses',
    [retyped('price', { ...cents, up: () => '1.00' })],
    'price',
    /after the way to this one and back/,
  ],
  [
    'a way there that leads elsewhere',
    [
      convert({
        fields: { name: text({ min: 1 }) },
        replaces: ['title'],
        up: () => ({}),
        down: ({ title }) => ({ name: title }),
      }),
    ],
    'title',
    /null after the way/,
  ],
  [
    'a form that callers do not write',
    [convert({ fields: { sum: text() }, replaces: ['total'], up: () => ({}), down: ({ total }) => ({ sum: total }) })],
    'convert(sum)',
    /readOnly/,
  ],
]

for (const [name, list, place, problem] of steps)
  test(`steps: ${name}`, () => {
    const { places } = refused(() => served({ resources: { notes: changes(...list) } }))
    const found = places.find(one => one.place === `versions.1.resources.notes.${place}`)
    assert.ok(found, JSON.stringify(places))
    assert.match(found.problem, problem)
  })

const modules: readonly (readonly [name: string, versions: readonly Partial<VersionDefinition>[], place: string])[] = [
  ['the newest itself', [{ number: 2 }], 'versions.2.number'],
  ['one beyond it', [{ number: 3 }], 'versions.3.number'],
  ['no whole number', [{ number: 1.5 }], 'versions.1.5.number'],
  ['twice the same', [{ number: 1 }, { number: 1 }], 'versions.1.number'],
  ['deprecated, no date', [{ status: 'deprecated' }], 'versions.1.deprecated'],
  ['a date, not deprecated', [{ deprecated: '2014-01-01' }], 'versions.1.status'],
  ['no date at all', [{ status: 'deprecated', deprecated: 'soon' }], 'versions.1.deprecated'],
  [
    'gone before it was deprecated',
    [{ status: 'deprecated', deprecated: '2014-02-01', sunset: '2014-01-01' }],
    'versions.1.sunset',
  ],
  ['an unknown resource', [{ resources: { memos: changes() } }], 'versions.1.resources.memos'],
  ['a service as a collection', [{ resources: { count: changes() } }], 'versions.1.resources.count'],
  ['a collection as a service', [{ resources: { notes: {} } }], 'versions.1.resources.notes'],
  ['two at one path', [{ resources: { count: { called: 'notes' } } }], 'versions.1.resources.count'],
  ['a reserved path', [{ resources: { notes: changes(called('problems')) } }], 'versions.1.resources.notes'],
  [
    'an unknown input',
    [{ resources: { count: { input: changes(renamed('term', 'text')) } } }],
    'versions.1.resources.count.input.term → text',
  ],
]

for (const [name, versions, place] of modules)
  test(`modules: ${name}`, () => {
    const { places } = refused(() => served(...versions))
    assert.ok(
      places.some(one => one.place === place),
      JSON.stringify(places),
    )
  })

function refused(act: () => unknown): DefinitionError {
  try {
    act()
  } catch (error) {
    if (error instanceof DefinitionError) return error
    throw error
  }
  throw new Error('it is served')
}

test('what loses and says so is served', () => {
  served({ resources: { notes: changes(retyped('price', { ...cents, up: () => '1.00', loses: 'the price' })) } })
  served({ resources: { notes: 'added', count: 'added' } })
})
