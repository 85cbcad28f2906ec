// Texts kept in several languages: read by Accept-Language, written by Content-Language, in every format.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  changes,
  collection,
  DefinitionError,
  decimal,
  defineApi,
  optional,
  renamed,
  text,
  version,
} from '@comity/server'
import { decode, encode } from 'cborg'
import { type Served, serving, startApi } from '../support/bank.ts'

const dishes = collection({
  fields: {
    name: text({ max: 40, translatable: true }),
    note: optional(text({ translatable: true })),
    price: decimal(),
  },
})
const plain = collection({ fields: { name: text() } })
const api = defineApi({ title: 'Menu', languages: ['en', 'ru', 'pt-BR'], resources: { dishes, cups: plain } })
const menu = serving(() => startApi(api))

type Made = { readonly path: string; readonly etag: string; readonly id: string }

async function tea(served: Served = menu): Promise<Made> {
  const translations = { name: { ru: 'Чай' }, note: { ru: 'Горячий', 'pt-BR': 'Quente' } }
  const made = await served.call('POST', '/dishes', {}, { name: 'Tea', note: 'Hot', price: '2.00', translations })
  assert.equal(made.status, 201, made.text)
  return { path: made.fields.location ?? '', etag: made.fields.etag ?? '', id: made.json().id }
}

const all = async ({ path }: Made) => {
  const { name, note, translations } = (await menu.call('GET', path)).json()
  return { name, note, translations }
}

const read: readonly (readonly [accept: string | undefined, language: string, name: string, note: string])[] = [
  [undefined, 'en', 'Tea', 'Hot'],
  ['*', 'en', 'Tea', 'Hot'],
  ['ru', 'ru', 'Чай', 'Горячий'],
  ['ru-RU, en;q=0.5', 'ru', 'Чай', 'Горячий'],
  ['pt-BR', 'pt-BR', 'Tea', 'Quente'],
  ['pt', 'pt-BR', 'Tea', 'Quente'],
  ['de', 'en', 'Tea', 'Hot'],
  ['en;q=0.1, ru;q=0.2', 'ru', 'Чай', 'Горячий'],
  ['ru;q=0', 'en', 'Tea', 'Hot'],
]

describe('reading', () => {
  for (const [accept, language, name, note] of read)
    test(`Accept-Language: ${accept}`, async () => {
      const { path } = await tea()
      const { fields, json } = await menu.call('GET', path, { 'accept-language': accept })
      assert.deepEqual([json().name, json().note, fields['content-language']], [name, note, language])
      assert.match(fields.vary ?? '', /accept-language/)
    })

  test('each language has a tag of its own, and is kept by itself', async () => {
    const { path } = await tea()
    const tags = new Set<string>()
    for (const language of ['en', 'ru', 'pt-BR', 'ru', 'en']) {
      const first = await menu.call('GET', path, { 'accept-language': language })
      const tag = first.fields.etag ?? ''
      tags.add(tag)
      const again = { 'accept-language': language, 'if-none-match': tag }
      assert.equal((await menu.call('GET', path, again)).status, 304)
      assert.equal((await menu.call('HEAD', path, { 'accept-language': language })).fields.etag, tag)
    }
    assert.deepEqual(
      [...tags].map(tag => /-json(.*)"$/.exec(tag)?.[1]),
      ['', '.ru', '.ptbr'],
    )
    const other = { 'accept-language': 'ru', 'if-none-match': [...tags][0] }
    assert.equal((await menu.call('GET', path, other)).status, 200)
  })

  test('lists, pages, streams and every format', async () => {
    const { id } = await tea()
    const ru = { 'accept-language': 'ru' }
    for (const words of ['?limit=1000', '?limit=all', '?fields=id,name&limit=all']) {
      const list = await menu.call('GET', `/dishes${words}`, ru)
      assert.equal(list.fields['content-language'], 'ru')
      assert.equal(list.json().find((dish: { id: string }) => dish.id === id).name, 'Чай', words)
    }
    for (const extension of ['xml', 'csv', 'ndjson', 'html'])
      for (const path of [`/dishes/${id}.${extension}`, `/dishes.${extension}?limit=all`]) {
        const { text, fields } = await menu.call('GET', path, ru)
        assert.match(text, /Чай/, path)
        assert.match(fields.vary ?? '', /^(prefer, )?accept-language/)
      }
    assert.match((await menu.call('GET', `/dishes/${id}.html`, ru)).text, /<span lang="ru">Чай<\/span>/)
    assert.equal((decode((await menu.call('GET', `/dishes/${id}.cbor`, ru)).bytes) as { name: string }).name, 'Чай')
  })

  test('filters and the order are those of the first language', async () => {
    await tea()
    const ru = { 'accept-language': 'ru' }
    assert.ok((await menu.call('GET', '/dishes?name=Tea', ru)).json().length > 0)
    assert.equal((await menu.call('GET', '/dishes?name=%D0%A7%D0%B0%D0%B9', ru)).json().length, 0)
  })

  test('what has no translatable texts does not speak of languages', async () => {
    const made = await menu.call('POST', '/cups', { 'content-language': 'xx' }, { name: 'a' })
    assert.equal(made.status, 201)
    const { fields } = await menu.call('GET', made.fields.location ?? '', { 'accept-language': 'ru' })
    assert.deepEqual([fields['content-language'], fields.vary], [undefined, 'accept, accept-encoding'])
  })
})

const ru = { 'content-language': 'ru', 'accept-language': 'ru' }

describe('writing', () => {
  test('PUT in a language writes its texts and leaves the others', async () => {
    const made = await tea()
    const put = await menu.call('PUT', made.path, ru, { name: 'Чаёк', note: 'Горячий', price: '3.00' })
    assert.deepEqual([put.status, put.json().name, put.fields['content-language']], [200, 'Чаёк', 'ru'], put.text)
    assert.deepEqual(await all(made), {
      name: 'Tea',
      note: 'Hot',
      translations: { name: { ru: 'Чаёк' }, note: { ru: 'Горячий', 'pt-BR': 'Quente' } },
    })
  })

  test('without Content-Language it is the first, and the others stay', async () => {
    const made = await tea()
    const put = await menu.call('PUT', made.path, {}, { name: 'Green tea', price: '3.00' })
    assert.equal(put.status, 200, put.text)
    const { name, note, translations } = await all(made)
    assert.deepEqual([name, note, translations.name.ru], ['Green tea', null, 'Чай'])
  })

  test('merge patches and JSON patches work on what is read in that language', async () => {
    const made = await tea()
    const merged = await menu.call('PATCH', made.path, ru, { name: 'Чаёк' })
    assert.deepEqual([merged.status, merged.json().name], [200, 'Чаёк'])
    const patch = { ...ru, 'content-type': 'application/json-patch+json' }
    const operations = [
      { op: 'test', path: '/name', value: 'Чаёк' },
      { op: 'replace', path: '/name', value: 'Чай с лимоном' },
    ]
    assert.equal((await menu.call('PATCH', made.path, patch, operations)).status, 200)
    const several = await menu.call('PATCH', '/dishes', ru, [{ id: made.id, note: null }])
    assert.equal(several.status, 200, several.text)
    assert.deepEqual(await all(made), {
      name: 'Tea',
      note: 'Hot',
      translations: { name: { ru: 'Чай с лимоном' }, note: { 'pt-BR': 'Quente' } },
    })
  })

  test('a new item has one text, which stands for all until others are written', async () => {
    const made = await menu.call('POST', '/dishes', ru, { name: 'Квас', price: '1.00' })
    assert.deepEqual([made.status, made.json().name], [201, 'Квас'], made.text)
    const path = made.fields.location ?? ''
    assert.equal((await menu.call('GET', path)).json().name, 'Квас')
    assert.equal((await menu.call('PATCH', path, {}, { name: 'Kvass' })).json().name, 'Kvass')
    assert.equal((await menu.call('GET', path, ru)).json().name, 'Квас')
    const rows = await menu.call('POST', '/dishes', { ...ru, 'content-type': 'text/csv' }, 'name,price\r\nЩи,4.00\r\n')
    assert.deepEqual([rows.status, rows.json()[0].translations], [201, { name: { ru: 'Щи' } }], rows.text)
  })

  test('all languages are seen and written at once in translations', async () => {
    const made = await tea()
    const merged = await menu.call('PATCH', made.path, {}, { translations: { name: { 'pt-BR': 'Chá' }, note: null } })
    assert.equal(merged.status, 200, merged.text)
    assert.deepEqual((await all(made)).translations, { name: { ru: 'Чай', 'pt-BR': 'Chá' } })
    assert.equal((await menu.call('GET', made.path, { 'accept-language': 'pt-BR' })).json().name, 'Chá')
    const wrong = await menu.call('PATCH', made.path, {}, { translations: { name: { de: 'Tee' } } })
    assert.deepEqual([wrong.status, wrong.json().errors[0].pointer], [400, '/translations/name/de'])
    const long = await menu.call('PATCH', made.path, ru, { name: 'ы'.repeat(41) })
    assert.deepEqual([long.status, long.json().errors[0].pointer], [400, '/name'])
  })

  test('what was read in a language is written back in it: nothing changes, in every format', async () => {
    const made = await tea()
    const types = {
      json: 'application/json',
      xml: 'application/xml',
      csv: 'text/csv',
      ndjson: 'application/x-ndjson',
      cbor: 'application/cbor',
    }
    const { etag } = (await menu.call('GET', made.path)).fields
    for (const [extension, type] of Object.entries(types))
      for (const language of ['en', 'ru', 'pt-BR']) {
        const target = `${made.path}.${extension}`
        const got = await menu.call('GET', target, { 'accept-language': language })
        const fields = { 'content-type': type, 'content-language': language, 'accept-language': language }
        const put = await menu.call('PUT', target, { ...fields, 'if-match': got.fields.etag }, got.bytes)
        assert.deepEqual([put.status, put.text], [200, got.text], `${extension} in ${language}`)
      }
    assert.equal((await menu.call('GET', made.path)).fields.etag, etag)
  })

  test('If-Match takes the tag of any language, and an old one of none', async () => {
    const made = await tea()
    const { etag } = (await menu.call('GET', made.path, { 'accept-language': 'ru' })).fields
    assert.equal((await menu.call('PATCH', made.path, { 'if-match': etag }, { price: '5.00' })).status, 200)
    assert.equal((await menu.call('PATCH', made.path, { 'if-match': etag }, { price: '6.00' })).status, 412)
  })

  test('a language that is not kept is refused, and so are two', async () => {
    const { path } = await tea()
    for (const language of ['de', 'en, ru', '', '*']) {
      const answer = await menu.call('PATCH', path, { 'content-language': language }, { name: 'x' })
      assert.deepEqual([answer.status, answer.json().code], [415, 'unsupported-content-language'], language)
      assert.deepEqual(answer.json().languages, ['en', 'ru', 'pt-BR'])
    }
    assert.equal((await menu.call('PATCH', path, { 'content-language': 'RU-ru' }, { name: 'x' })).status, 200)
  })

  test('a key stands for the language too', async () => {
    const body = encode({ name: 'x', price: '1.00' })
    const fields = { 'content-type': 'application/cbor', 'idempotency-key': '"language"' }
    assert.equal((await menu.call('POST', '/dishes', fields, body)).status, 201)
    assert.equal((await menu.call('POST', '/dishes', { ...fields, ...ru }, body)).status, 422)
  })
})

const older = serving(() =>
  startApi(
    defineApi({
      title: 'Menu',
      version: '2.0.0',
      languages: ['en', 'ru'],
      resources: { dishes },
      versions: [version({ number: 1, resources: { dishes: changes(renamed('title', 'name')) } })],
    }),
  ),
)

test('an older version has its own names, in every language', async () => {
  const made = await older.call('POST', '/v1/dishes', ru, { title: 'Чай', price: '2.00' })
  assert.deepEqual([made.status, made.json().title], [201, 'Чай'], made.text)
  const path = (made.fields.location ?? '').replace('/v1', '')
  assert.equal((await older.call('PATCH', `/v1${path}`, {}, { title: 'Tea' })).status, 200)
  const told = await older.call('GET', `/v1${path}`, { 'accept-language': 'ru' })
  assert.deepEqual([told.json().title, told.fields['content-language']], ['Чай', 'ru'])
  assert.match(told.fields.etag ?? '', /-json\.v1\.ru"$/)
  const put = await older.call('PUT', `/v1${path}`, { ...ru, 'if-match': told.fields.etag }, told.json())
  assert.deepEqual([put.status, put.fields.etag], [200, told.fields.etag], put.text)
  const { name, translations } = (await older.call('GET', path)).json()
  assert.deepEqual([name, translations], ['Tea', { name: { ru: 'Чай' } }])
})

test('a definition says which languages there are, where texts are translatable', () => {
  assert.throws(() => defineApi({ title: 'Menu', resources: { dishes } }), DefinitionError)
  assert.throws(() => defineApi({ title: 'Menu', languages: ['en', 'EN'], resources: { dishes } }), DefinitionError)
  assert.throws(() => defineApi({ title: 'Menu', languages: ['english!'], resources: { dishes } }), DefinitionError)
  const own = collection({ fields: { name: text({ translatable: true }), translations: text() } })
  assert.throws(
    () => defineApi({ title: 'Menu', languages: ['en', 'ru'], resources: { dishes: own } }),
    /translations: comes by itself/,
  )
})
