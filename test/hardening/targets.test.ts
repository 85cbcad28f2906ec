// Targets and fields made to lead elsewhere: out of the tree, to another host, or into a second response.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Serving, serve } from '@comity/server'
import { notesApi } from '../support/notes.ts'
import { problemOf } from '../support/problem.ts'
import { answersTo, requestText, type WireAnswer } from '../support/wire.ts'

let serving: Serving
before(async () => {
  serving = await serve(notesApi({}, seeded), { port: 0 })
})
after(() => serving.close())

async function seeded(tx: Parameters<NonNullable<Parameters<typeof notesApi>[1]>>[0]) {
  for (const title of ['a\r\nX-Injected: y', 'a\r\nX-Injected: y', 'b']) await tx.notes?.add({ title })
}

/** Exactly one answer, and no field that a client wrote. */
async function only(line: string, fields: Readonly<Record<string, string>> = {}, body = ''): Promise<WireAnswer> {
  const answers = await answersTo(serving.url, requestText(line, { connection: 'close', ...fields }, body))
  assert.equal(answers.length, 1)
  const [answer] = answers as [WireAnswer]
  assert.equal(answer.fields['x-injected'], undefined)
  assert.doesNotMatch(answer.head, /[^\r]\n|\r[^\n]/)
  return answer
}

describe('a path that climbs or hides leads to nothing', () => {
  const rows: readonly (readonly [string, number])[] = [
    ['/../../../../etc/passwd', 404],
    ['/notes/../../etc/passwd', 404],
    ['/notes/../livez', 404],
    ['/notes/%2e%2e/livez', 404],
    ['/notes/%2e%2e', 404],
    ['/notes/..%2f..%2fetc%2fpasswd', 404],
    ['/notes/..%5c..%5cetc', 404],
    ['/notes/..\\..\\etc', 404],
    ['/notes/%252e%252e%252fetc', 404],
    ['/./livez', 404],
    ['/docs/../livez', 404],
    ['/docs/%2e%2e/%2e%2e/etc/passwd', 404],
    ['/problems/..%2f..%2fetc%2fpasswd', 404],
    ['//livez', 404],
    ['///livez', 404],
    ['/notes//x', 404],
    ['/notes%2fx', 404],
    ['/notes;x=y', 404],
    ['/NOTES', 404],
    ['/notes%20', 404],
    ['/notes.json.json', 404],
    ['/notes/x.json/remarks', 404],
    ['/notes/x/remarks/y/z', 404],
    ['/notes/%', 400],
    ['/notes/%4', 400],
    ['/notes/%zz', 400],
    ['/notes/%00', 400],
    ['/notes/x%00.json', 400],
    ['/notes/%ff', 400],
    ['/notes/%c0%ae%c0%ae', 400],
    ['/notes/%ed%a0%80', 400],
    ['/%c0%af/notes', 400],
    ['/notes?title=%', 400],
    ['/notes?title=%ff', 400],
    ['/notes?%ed%a0%80=x', 400],
    ["/notes?title=a'%20OR%20'1'='1", 200],
    ["/notes/x'%20OR%20'1'='1", 404],
    ['/notes?sort=title;DROP%20TABLE%20notes', 400],
    ['/notes?fields=title%20FROM%20notes--', 400],
    ['/%6e%6f%74%65%73', 200],
  ]
  for (const [target, status] of rows)
    it(`${target}: ${status}`, async () => {
      const answer = await only(`GET ${target}`)
      if (status === 200) assert.equal(answer.status, 200, String(answer.body))
      else problemOf(answer, status)
      assert.doesNotMatch(String(answer.body), /root:/)
    })
  it('what was asked in SQL selected nothing and dropped nothing', async () => {
    const found = await only("GET /notes?title=a'%20OR%20'1'='1")
    assert.equal(String(found.body), '[]')
    assert.equal(JSON.parse(String((await only('GET /notes')).body)).length, 3)
  })
})

describe('a redirect stays here', () => {
  const rows: readonly (readonly [string, number])[] = [
    ['/notes/', 308],
    ['/notes/?title=b', 308],
    ['/notes/x/', 308],
    ['/notes/x/remarks/', 308],
    ['/v1/notes/', 308],
    ['/notes/%2f%2fevil.example/', 308],
    ['/notes/\\evil.example/', 308],
    ['/notes/%0d%0aX-Injected:%20y/', 308],
    ['/notes/?x=%0d%0aX-Injected:%20y', 308],
    ['//evil.example/', 404],
    ['//evil.example/notes/', 404],
    ['///evil.example/', 404],
    ['/\\evil.example/', 404],
    ['/%2f/evil.example/', 404],
    ['/%2fevil.example/', 404],
    ['/%5cevil.example/', 404],
    ['/.evil.example/', 404],
    ['/@evil.example/', 404],
    ['/notes//', 404],
    ['/v1//evil.example/', 404],
    ['http://evil.example/notes/', 308],
    ['http://evil.example//evil.example/', 404],
    ['http://127.0.0.1//evil.example/notes/', 404],
  ]
  for (const [target, status] of rows)
    it(`${target}: ${status}`, async () => {
      const answer = await only(`GET ${target}`)
      assert.equal(answer.status, status, String(answer.body))
      const { location } = answer.fields
      if (status === 308) {
        assert.match(location ?? '', /^\/(?![/\\])/)
        assert.equal(new URL(location ?? '', serving.url).origin, serving.url)
      } else assert.equal(location, undefined)
    })
  it('and keeps method and content: nothing is written on the way', async () => {
    const answer = await only('POST /notes/', { 'content-type': 'application/json' }, '{"title":"moved"}')
    assert.equal(answer.status, 308)
    assert.equal(answer.fields.location, '/notes')
    assert.equal(String((await only('GET /notes?title=moved')).body), '[]')
  })
})

describe('line ends in values stay values', () => {
  const evil = 'a%0D%0AX-Injected:%20y'
  it('in the links of a list', async () => {
    const answer = await only(`GET /notes?title=${evil}&limit=1`)
    assert.equal(answer.status, 200)
    assert.match(answer.fields.link ?? '', /rel="?next/)
    assert.match(answer.fields.link ?? '', /%0D%0AX-Injected/i)
  })
  it('in an id, a problem and its instance', async () => {
    const answer = await only(`GET /notes/${evil}`)
    assert.equal(problemOf(answer, 404).instance, `/notes/${evil}`)
  })
  it('in the id of a new item', async () => {
    const fields = { 'content-type': 'application/json', 'if-none-match': '*' }
    const answer = await only(`PUT /notes/${evil}`, fields, '{"title":"t"}')
    problemOf(answer, 400)
  })
  it('in a query word that is not known', async () => {
    problemOf(await only(`GET /notes?${evil}=1`), 400)
  })
  it('in what is stored, and read again in each format', async () => {
    for (const extension of ['json', 'xml', 'csv']) {
      const answer = await only(`GET /notes.${extension}?title=${evil}`)
      assert.equal(answer.status, 200)
      assert.match(String(answer.body), /X-Injected/)
    }
  })
  it('in fields that an answer repeats', async () => {
    const prefer = 'handling=strict, wish="X-Injected: y", x-injected=y'
    problemOf(await only('GET /notes', { prefer }), 400)
    problemOf(await only('GET /notes', { accept: 'text/x; a="\tX-Injected: y"' }), 406)
    problemOf(await only('GET /nothing', { 'accept-language': 'ru, x-injected;q=1, *;q=0' }), 404)
  })
})

describe('nobody but a trusted proxy says who we are', () => {
  it('X-Forwarded-* is not believed', async () => {
    const fields = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'gopher',
      'x-forwarded-prefix': '/evil',
      'x-original-url': '/livez',
      'x-rewrite-url': '/livez',
      'x-http-method-override': 'DELETE',
      forwarded: 'host=evil.example',
    }
    const answer = await only('GET /nothing', fields)
    assert.doesNotMatch(`${answer.head}${answer.body}`, /evil|gopher/)
    assert.equal(problemOf(answer, 404).type, 'http://127.0.0.1/problems/no-such-resource')
    const list = await only('GET /notes?limit=1', fields)
    assert.equal(list.status, 200)
    assert.doesNotMatch(`${list.head}${list.body}`, /evil|gopher/)
  })
})

describe('a list of hosts', () => {
  let chosen: Serving
  before(async () => {
    chosen = await serve(notesApi(), { port: 0, hosts: ['Api.Example', 'other.example:8080'] })
  })
  after(() => chosen.close())
  const rows: readonly (readonly [string, string, number])[] = [
    ['/livez', 'host: api.example', 200],
    ['/livez', 'host: API.EXAMPLE', 200],
    ['/livez', 'host: api.example:3000', 200],
    ['/livez', 'host: other.example:8080', 200],
    ['/livez', 'host: other.example:8081', 421],
    ['/livez', 'host: other.example', 421],
    ['/livez', 'host: evil.example', 421],
    ['/livez', 'host: api.example.evil.example', 421],
    ['/livez', 'host: evil-api.example', 421],
    ['/livez', 'host: 127.0.0.1', 421],
    ['/livez', 'host:', 421],
    ['/livez', 'host: api.example@evil.example', 400],
    ['http://api.example/livez', 'host: evil.example', 200],
    ['http://evil.example/livez', 'host: api.example', 421],
    ['/nothing', 'host: evil.example', 421],
    ['/notes/', 'host: evil.example', 421],
  ]
  for (const [target, host, status] of rows)
    it(`${target} with ${host || 'no Host'}: ${status}`, async () => {
      const bytes = `GET ${target} HTTP/1.1\r\n${host}\r\nconnection: close\r\n\r\n`
      const [answer, ...more] = await answersTo(chosen.url, bytes)
      assert.equal(more.length, 0)
      if (status === 200) assert.equal(answer?.status, 200)
      else problemOf(answer, status)
    })
  it('HTTP/1.0 without a Host: 421', async () => {
    problemOf((await answersTo(chosen.url, 'GET /livez HTTP/1.0\r\n\r\n'))[0], 421)
  })
})
