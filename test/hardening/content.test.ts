// Contents made to do harm: to the parser, to the prototypes of all objects, or to whoever reads them next.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Serving, serve } from '@comity/server'
import { notesApi } from '../support/notes.ts'
import { problemOf } from '../support/problem.ts'
import { answerTo, requestText } from '../support/wire.ts'

let serving: Serving
before(async () => {
  serving = await serve(notesApi(), { port: 0 })
})
after(() => serving.close())

const send = (method: string, path: string, type: string, body: string | Uint8Array, more = {}) =>
  answerTo(serving.url, requestText(`${method} ${path}`, { 'content-type': type, ...more }, body))
const json = 'application/json'

/** The path of a new note. */
async function newNote(members: object = {}): Promise<string> {
  const answer = await send('POST', '/notes', json, JSON.stringify({ title: 'new', ...members }))
  assert.equal(answer?.status, 201, String(answer?.body))
  return answer?.fields.location ?? ''
}

describe('XML', () => {
  const document = (prolog: string, title: string) =>
    `<?xml version="1.0"?>${prolog}<note><title>${title}</title></note>`
  const lol = Array.from({ length: 9 }, (_, n) => `<!ENTITY lol${n + 1} "${`&lol${n};`.repeat(10)}">`).join('')
  const rows: readonly (readonly [string, string])[] = [
    ['a DOCTYPE', document('<!DOCTYPE note>', 'x')],
    ['a DOCTYPE in small letters', document('<!doctype note>', 'x')],
    ['an internal entity', document('<!DOCTYPE note [<!ENTITY e "x">]>', '&e;')],
    ['a file', document('<!DOCTYPE note [<!ENTITY e SYSTEM "file:///etc/passwd">]>', '&e;')],
    ['a URL', document('<!DOCTYPE note [<!ENTITY e SYSTEM "http://127.0.0.1:1/">]>', '&e;')],
    ['an external DTD', document('<!DOCTYPE note SYSTEM "http://127.0.0.1:1/x.dtd">', 'x')],
    ['a parameter entity', document('<!DOCTYPE note [<!ENTITY % e SYSTEM "file:///etc/passwd"> %e;]>', 'x')],
    ['a billion laughs', document(`<!DOCTYPE note [<!ENTITY lol0 "lol">${lol}]>`, '&lol9;')],
    ['quadratic growth', document(`<!DOCTYPE note [<!ENTITY e "${'x'.repeat(5000)}">]>`, '&e;'.repeat(5000))],
    ['a DOCTYPE after a comment', document('<!-- x --><!DOCTYPE note>', 'x')],
    ['an entity that is not declared', document('', '&e;')],
    ['a character that is none', document('', '&#x110000;')],
    ['NUL as a character', document('', '&#0;')],
    ['half a surrogate pair', document('', '&#xD800;')],
    ['a control character', document('', '&#x1;')],
    ['an element that is not closed', '<note><title>x</note>'],
    ['two roots', '<note><title>x</title></note><note/>'],
    ['text after the root', '<note><title>x</title></note>x'],
    ['another encoding', '<?xml version="1.0" encoding="UTF-7"?><note><title>x</title></note>'],
    ['a member named __proto__', '<note><title>x</title><__proto__><polluted>1</polluted></__proto__></note>'],
    ['a root named __proto__', '<__proto__><title>x</title></__proto__>'],
  ]
  for (const [name, body] of rows)
    it(`${name}: 400`, async () => {
      const answer = await send('POST', '/notes', 'application/xml', body)
      problemOf(answer, 400)
      assert.doesNotMatch(String(answer?.body), /root:|(lol){3}|x{100}/)
    })
  it('and of all of these nothing was stored', async () => {
    assert.equal(String((await answerTo(serving.url, requestText('GET /notes')))?.body), '[]')
  })
})

const pollution = '{"polluted":"yes"}'

describe('prototypes', () => {
  const member = (name: string) => `{"title":"t","${name}":${pollution}}`
  const operation = (path: string) => JSON.stringify([{ op: 'add', path, value: 'yes' }])
  const patch = 'application/json-patch+json'
  /** Name, method, path (`*`: of a note), media type, content, status. */
  const rows: readonly (readonly [string, string, string, string, string, number])[] = [
    ['POST with __proto__', 'POST', '/notes', json, member('__proto__'), 400],
    ['POST with an escaped __proto__', 'POST', '/notes', json, member('\\u005f_proto__'), 400],
    ['POST with constructor', 'POST', '/notes', json, member('constructor'), 400],
    ['POST with toString', 'POST', '/notes', json, member('toString'), 400],
    ['PUT with __proto__', 'PUT', '*', json, member('__proto__'), 400],
    ['PUT of a list with __proto__', 'PUT', '/notes', json, `[${member('__proto__')}]`, 400],
    ['PATCH with __proto__', 'PATCH', '*', json, `{"__proto__":${pollution}}`, 400],
    ['PATCH with constructor.prototype', 'PATCH', '*', json, `{"constructor":{"prototype":${pollution}}}`, 400],
    ['PATCH of a list with __proto__', 'PATCH', '/notes', json, `[{"id":"x","__proto__":${pollution}}]`, 422],
    ['JSON Patch of /__proto__/polluted', 'PATCH', '*', patch, operation('/__proto__/polluted'), 409],
    [
      'JSON Patch of /constructor/prototype/polluted',
      'PATCH',
      '*',
      patch,
      operation('/constructor/prototype/polluted'),
      409,
    ],
    ['JSON Patch of /data/__proto__/polluted', 'PATCH', '*', patch, operation('/data/__proto__/polluted'), 409],
    ['JSON Patch of /__proto__', 'PATCH', '*', patch, operation('/__proto__'), 400],
    ['JSON Patch that tests /toString', 'PATCH', '*', patch, '[{"op":"test","path":"/toString","value":null}]', 409],
    [
      'JSON Patch that copies from /constructor',
      'PATCH',
      '*',
      patch,
      '[{"op":"copy","from":"/constructor","path":"/title"}]',
      409,
    ],
    ['JSON Patch whose operation is toString', 'PATCH', '*', patch, '[{"op":"toString","path":"/title"}]', 400],
    ['CSV with a column __proto__', 'POST', '/notes', 'text/csv', 'title,__proto__\r\nt,polluted\r\n', 400],
    [
      'CSV with a column __proto__.polluted',
      'POST',
      '/notes',
      'text/csv',
      'title,__proto__.polluted\r\nt,yes\r\n',
      400,
    ],
    ['NDJSON with __proto__', 'POST', '/notes', 'application/x-ndjson', `${member('__proto__')}\n`, 400],
    ['an array with __proto__', 'POST', '/notes', json, `[${member('__proto__')}]`, 400],
    ['CSV with a column constructor', 'POST', '/notes', 'text/csv', 'title,constructor\r\nt,polluted\r\n', 400],
    ['QUERY with __proto__', 'QUERY', '/notes', json, `{"__proto__":${pollution}}`, 400],
    ['QUERY with constructor', 'QUERY', '/notes', json, '{"constructor":"polluted"}', 400],
    ['QUERY with a form', 'QUERY', '/notes', 'application/x-www-form-urlencoded', '__proto__=polluted', 400],
    ['a service with __proto__', 'POST', '/fail', json, `{"how":"work","__proto__":${pollution}}`, 400],
    ['GET ?__proto__', 'GET', '/notes?__proto__=polluted', json, '', 400],
    ['GET ?__proto__.eq', 'GET', '/notes?__proto__.eq=polluted', json, '', 400],
    ['GET ?title.constructor', 'GET', '/notes?title.constructor=polluted', json, '', 400],
    ['GET ?title.__proto__', 'GET', '/notes?title.__proto__=polluted', json, '', 400],
    ['GET ?__proto__[polluted]', 'GET', '/notes?__proto__[polluted]=yes', json, '', 400],
    ['GET ?constructor', 'GET', '/notes?constructor=polluted', json, '', 400],
    ['GET ?fields=__proto__', 'GET', '/notes?fields=__proto__', json, '', 400],
    ['GET ?fields=toString', 'GET', '/notes?fields=toString', json, '', 400],
    ['GET ?sort=constructor', 'GET', '/notes?sort=constructor', json, '', 400],
    ['GET ?sort=-__proto__', 'GET', '/notes?sort=-__proto__', json, '', 400],
    ['a service asked with __proto__', 'GET', '/wait?ms=1&__proto__=polluted', json, '', 400],
    ['/__proto__', 'GET', '/__proto__', json, '', 404],
    ['/constructor', 'GET', '/constructor', json, '', 404],
    ['/hasOwnProperty', 'GET', '/hasOwnProperty', json, '', 404],
    ['/notes/__proto__', 'GET', '/notes/__proto__', json, '', 404],
    ['/notes/x/__proto__', 'GET', '/notes/x/__proto__', json, '', 404],
    ['/problems/__proto__', 'GET', '/problems/__proto__', json, '', 404],
    ['/problems/constructor', 'GET', '/problems/constructor', json, '', 404],
    ['/notes.constructor', 'GET', '/notes.constructor', json, '', 404],
    ['a version named constructor', 'GET', '/notes?v=constructor', json, '', 404],
  ]
  for (const [name, method, path, type, body, status] of rows)
    it(`${name}: ${status}, and no object has more than before`, async () => {
      const note = path === '*' ? await newNote({ data: { a: 1 } }) : path
      const before = Object.getOwnPropertyNames(Object.prototype)
      problemOf(await send(method, note, type, body), status)
      assert.deepEqual(Object.getOwnPropertyNames(Object.prototype), before)
      assert.equal(({} as Record<string, unknown>).polluted, undefined)
      if (path === '*') {
        const kept = JSON.parse(String((await answerTo(serving.url, requestText(`GET ${note}`)))?.body))
        assert.deepEqual([kept.title, kept.data], ['new', { a: 1 }])
      }
    })

  it('inside a member that takes any JSON, __proto__ is a name like others', async () => {
    const body = `{"title":"t","data":{"__proto__":${pollution},"a":1}}`
    const created = await send('POST', '/notes', json, body)
    assert.equal(created?.status, 201)
    const read = await answerTo(serving.url, requestText(`GET ${created?.fields.location}?fields=data`))
    assert.equal(String(read?.body), `{"data":{"__proto__":${pollution},"a":1}}`)
    const patched = await send('PATCH', created?.fields.location ?? '', json, '{"data":{"__proto__":null,"b":2}}')
    assert.deepEqual(JSON.parse(String(patched?.body)).data, { a: 1, b: 2 })
    assert.equal(({} as Record<string, unknown>).polluted, undefined)
  })
})

describe('numbers', () => {
  const rows: readonly (readonly [string, number])[] = [
    ['9007199254740991', 201],
    ['-9007199254740991', 201],
    ['1e2', 201],
    ['5.0', 201],
    ['-0', 201],
    ['9007199254740992', 400],
    ['1e16', 400],
    ['1e400', 400],
    ['-1e400', 400],
    [`1${'0'.repeat(400)}`, 400],
    ['1.5', 400],
    ['0x10', 400],
    ['1_000', 400],
    ['+1', 400],
    ['01', 400],
    ['1.', 400],
    ['.5', 400],
    ['NaN', 400],
    ['Infinity', 400],
    ['"1"', 400],
    ['true', 400],
    ['[1]', 400],
  ]
  for (const [text, status] of rows)
    it(`${text.slice(0, 30)}: ${status}`, async () => {
      const answer = await send('POST', '/notes', json, `{"title":"n","rank":${text}}`)
      if (status === 201) assert.equal(JSON.parse(String(answer?.body)).rank, Number(text) + 0)
      else problemOf(answer, status)
    })
  it('a number that would lose digits is not stored as another one', async () => {
    const answer = await send('POST', '/notes', json, '{"title":"n","rank":9007199254740993}')
    problemOf(answer, 400)
  })
  for (const word of ['1e400', 'NaN', '99999999999999999999', '1.5', '', '%2B1', '0x1'])
    it(`?rank=${word}: 400`, async () => {
      problemOf(await answerTo(serving.url, requestText(`GET /notes?rank=${word}`)), 400)
    })
})

describe('text', () => {
  const title = (bytes: readonly number[] | string, media: keyof typeof types): Buffer => {
    const middle = Buffer.from(bytes as readonly number[])
    const around = {
      json: ['{"title":"', '"}'],
      xml: ['<note><title>', '</title></note>'],
      csv: ['title\r\n', '\r\n'],
      ndjson: ['{"title":"', '"}\n'],
    }
    const [before = '', behind = ''] = around[media]
    return Buffer.concat([Buffer.from(before), middle, Buffer.from(behind)])
  }
  const types = { json, xml: 'application/xml', csv: 'text/csv', ndjson: 'application/x-ndjson' } as const
  const media = ['json', 'xml', 'csv', 'ndjson'] as const
  /** Bytes that are not UTF-8. */
  const broken: readonly (readonly [string, readonly number[]])[] = [
    ['a byte that never stands in UTF-8', [0x61, 0xff, 0x61]],
    ['a sequence that is cut', [0x61, 0xe2, 0x82]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an overlong NUL', [0xc0, 0x80]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['Latin-1', [0x63, 0x61, 0x66, 0xe9]],
    ['NUL', [0x61, 0x00, 0x62]],
    ['a control character', [0x61, 0x01, 0x62]],
  ]
  for (const medium of media) {
    for (const [name, bytes] of broken)
      it(`${name} in ${medium}: 400`, async () => {
        problemOf(await send('POST', '/notes', types[medium], title(bytes, medium)), 400)
      })
    it(`any other character in ${medium} comes back as it was`, async () => {
      const text = 'Ж việt 漢字 👩‍👩‍👧 \u{10ffff} ~\u00a0\u2028 end'
      const created = await send('POST', '/notes', types[medium], title(text, medium))
      assert.equal(created?.status, 201, String(created?.body))
      const note = JSON.parse(String(created?.body))
      // Rows make a list, and a list has no one Location.
      const isList = medium === 'csv' || medium === 'ndjson'
      assert.equal(Array.isArray(note), isList)
      const place = isList ? `/notes/${note[0].id}` : created?.fields.location
      const read = await answerTo(serving.url, requestText(`GET ${place}.json`))
      assert.equal(JSON.parse(String(read?.body)).title, text)
      const found = `/notes?title=${encodeURIComponent(text)}&fields=id`
      assert.notEqual(String((await answerTo(serving.url, requestText(`GET ${found}`)))?.body), '[]')
    })
  }
  for (const sequence of [
    '\\ud800',
    '\\udc00',
    '\\ud800\\u0041',
    '\\udc00\\ud800',
    '\\u0000',
    '\\u0001',
    '\\u001b',
    '\\x41',
    '\\u12',
  ])
    it(`${sequence} in JSON: 400`, async () => {
      problemOf(await send('POST', '/notes', json, `{"title":"a${sequence}b"}`), 400)
    })
  it('half a surrogate pair in a name or an operation: 400', async () => {
    problemOf(await send('POST', '/notes', json, '{"title":"a","\\ud800":1}'), 400)
    const note = await newNote()
    const operation = '[{"op":"add","path":"/title","value":"\\ud800"}]'
    problemOf(await send('PATCH', note, 'application/json-patch+json', operation), 400)
    problemOf(await send('PATCH', note, json, '{"title":"\\udfff"}'), 400)
  })
  for (const encoding of ['utf16le', 'latin1'] as const)
    it(`JSON in ${encoding}: 400`, async () => {
      problemOf(await send('POST', '/notes', json, Buffer.from('\ufeff{"title":"é"}', encoding)), 400)
    })
  for (const charset of ['utf-16', 'iso-8859-1', 'utf-7', 'nonsense'])
    it(`a content that says it is ${charset}: 415`, async () => {
      problemOf(await send('POST', '/notes', `application/json; charset=${charset}`, '{"title":"t"}'), 415)
    })
  it('a byte order mark is no part of the content', async () => {
    for (const medium of media) {
      const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), title('marked', medium)])
      const answer = await send('POST', '/notes', types[medium], bytes)
      assert.equal(answer?.status, 201, `${medium}: ${answer?.body}`)
    }
  })
  it('a long text costs no more than its length', async () => {
    const answer = await send('POST', '/notes', json, `{"title":"${'\\\\'.repeat(9_000)}"}`)
    assert.equal(answer?.status, 201)
  })
})

describe('what is no content', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['nothing', json, ''],
    ['white space', json, '   '],
    ['null', json, 'null'],
    ['a number', json, '1'],
    ['a string', json, '"title"'],
    ['two values', json, '{"title":"a"}{"title":"b"}'],
    ['a comment', json, '{"title":"a"/* */}'],
    ['a comma too many', json, '{"title":"a",}'],
    ['single quotes', json, "{'title':'a'}"],
    ['XML as JSON', json, '<note><title>a</title></note>'],
    ['JSON as XML', 'application/xml', '{"title":"a"}'],
    ['a quote that is not closed', 'text/csv', 'title\r\n"a'],
    ['a row with a cell too many', 'text/csv', 'title\r\na,b\r\n'],
    ['a column twice', 'text/csv', 'title,title\r\na,b\r\n'],
    ['a line that is cut', 'application/x-ndjson', '{"title":"a"}\n{"title":'],
    ['an array on a line', 'application/x-ndjson', '[{"title":"a"}]\n'],
    ['two values on a line', 'application/x-ndjson', '{"title":"a"} {"title":"b"}\n'],
  ]
  for (const [name, type, body] of rows)
    it(`${name}: 400`, async () => {
      const fields = body === '' ? { 'content-length': '0' } : {}
      const problem = problemOf(await send('POST', '/notes', type, body, fields), 400)
      assert.match(problem.code, /^(malformed|invalid)-content$/)
    })
})
