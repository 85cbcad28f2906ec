// Attacks by content: bombs, depth, numbers, prototypes, members that are not the caller's to write, formulas.
import assert from 'node:assert/strict'
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib'
import type { Attack } from './attack.ts'

/** Much that was made little, once. */
const blank = Buffer.alloc(16_000_000, 32)
const folded: readonly (readonly [coding: string, bytes: Uint8Array])[] = [
  ['gzip', gzipSync(blank)],
  ['br', brotliCompressSync(blank, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ['zstd', zstdCompressSync(blank)],
  ['gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(blank.subarray(0, 1_000_000))))],
]

const bombs: Attack = {
  family: 'bombs',
  share: 2,
  async run({ ask, key }, { one, some }) {
    const [type, body, coding] = one<() => readonly [string, string | Uint8Array, string?]>([
      () => ['application/json', `${'['.repeat(some(40, 60_000))}`],
      () => ['application/json', `${'{"a":'.repeat(some(40, 20_000))}1`],
      () => [
        'application/json',
        `{"extra":{${Array.from({ length: some(20_000, 30_000) }, (_, n) => `"${n}":1`).join()}}}`,
      ],
      () => ['application/json', `[${'0,'.repeat(some(50_001, 90_000))}0]`],
      () => ['application/json', `{"title":"${'x'.repeat(some(201, 250_000))}","ownerId":"mallory"}`],
      () => ['application/json', `{"title":"a","count":${'9'.repeat(some(20, 100_000))}}`],
      () => ['application/json', `{"title":"a","amount":"${'9'.repeat(some(20, 100_000))}"}`],
      () => ['application/json', `{"title":"a","count":1e${some(20, 999_999_999)}}`],
      () => [
        'application/xml',
        `<!DOCTYPE n [<!ENTITY a "${'x'.repeat(1_000)}"><!ENTITY b "${'&a;'.repeat(1_000)}">]><note><title>&b;</title></note>`,
      ],
      () => ['application/xml', '<!DOCTYPE n SYSTEM "file:///etc/passwd"><note/>'],
      () => [
        'application/xml',
        '<!DOCTYPE n [<!ENTITY x SYSTEM "http://127.0.0.1:1/">]><note><title>&x;</title></note>',
      ],
      () => ['application/xml', '<a>'.repeat(some(40, 60_000))],
      () => [
        'application/xml',
        `<note ${Array.from({ length: some(1_000, 20_000) }, (_, n) => `a${n}="b"`).join(' ')}/>`,
      ],
      () => ['application/cbor', new Uint8Array(some(40, 100_000)).fill(0x81)],
      () => [
        'application/cbor',
        Uint8Array.from([one([0x9b, 0xbb, 0x5b, 0x7b]), 0x7f, 255, 255, 255, 255, 255, 255, 255]),
      ],
      () => ['application/cbor', new Uint8Array(some(40, 50_000)).fill(one([0x9f, 0xbf, 0xc1, 0xd8]))],
      () => ['text/csv', `${'a,'.repeat(some(1_000, 100_000))}\n`],
      () => ['text/csv', `title\n"${'x'.repeat(some(1_000, 200_000))}`],
      () => ['application/x-ndjson', `${'['.repeat(some(100, 60_000))}\n`],
      () => [
        'application/json-patch+json',
        `[${Array.from({ length: some(500, 3_000) }, () => '{"op":"copy","from":"/extra","path":"/extra/x"}').join()}]`,
      ],
      ...folded.map(
        ([coding, bytes]) =>
          () =>
            ['application/json', bytes, coding] as const,
      ),
      () => ['application/json', gzipSync('{"title":"a"}').subarray(0, some(5, 20)), 'gzip'],
    ])()
    const method = type === 'application/json-patch+json' ? 'PATCH' : 'POST'
    const path = method === 'PATCH' ? '/notes/none' : '/notes'
    const fields = { 'x-api-key': key, 'content-type': type, ...(coding && { 'content-encoding': coding }) }
    await ask(method, path, 'refused', { fields, body })
  },
}

const numbers = [
  '1e400',
  '-0',
  '9007199254740993',
  '1e-400',
  '0.1e1',
  '1E5',
  '-1',
  '12345678901234567890.12',
  '0x10',
  '1_000',
  '٣',
  'NaN',
  'Infinity',
  '1.005',
  '00',
  '+1',
  '.5',
  '5.',
]

const oddNumbers: Attack = {
  family: 'odd numbers',
  async run({ ask, key }, { one }) {
    const number = one(numbers)
    const member = one(['count', 'amount'])
    const written = one([number, JSON.stringify(number)])
    const fields = { 'x-api-key': key, 'content-type': 'application/json' }
    await ask('POST', '/notes', 'any', { fields, body: `{"title":"n","ownerId":"mallory","${member}":${written}}` })
    await ask('GET', `/notes?${member}.${one(['eq', 'gt', 'lte', 'in'])}=${encodeURIComponent(number)}`, 'any')
    await ask('GET', `/notes?${one(['limit', 'offset'])}=${encodeURIComponent(number)}`, 'any')
  },
}

const names = [
  '__proto__',
  'constructor',
  'prototype',
  '__defineGetter__',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__lookupSetter__',
]

const prototypes: Attack = {
  family: 'prototypes',
  async run({ ask, key, own }, { one }) {
    const name = one(names)
    const inner = `{"polluted":"yes","isAdmin":true,"prototype":{"polluted":"yes"}}`
    const fields = (type: string) => ({ 'x-api-key': key, 'content-type': type })
    const post = (type: string, body: string) => ask('POST', '/notes', 'any', { fields: fields(type), body })
    const patch = (type: string, body: string) => ask('PATCH', `/notes/${own}`, 'any', { fields: fields(type), body })
    await one([
      () => post('application/json', `{"title":"p","ownerId":"mallory","${name}":${inner}}`),
      () => post('application/json', `{"title":"p","ownerId":"mallory","extra":{"${name}":${inner}}}`),
      () => post('application/json', `[{"title":"p","ownerId":"mallory","extra":{"a":{"${name}":${inner}}}}]`),
      () => patch('application/merge-patch+json', `{"${name}":${inner}}`),
      () =>
        patch('application/merge-patch+json', `{"extra":{"${name}":${inner},"constructor":{"prototype":${inner}}}}`),
      () => patch('application/json-patch+json', `[{"op":"add","path":"/${name}/polluted","value":"yes"}]`),
      () =>
        patch(
          'application/json-patch+json',
          `[{"op":"add","path":"/extra","value":{}},{"op":"add","path":"/extra/${name}","value":${inner}}]`,
        ),
      () => patch('application/json-patch+json', `[{"op":"copy","from":"/${name}","path":"/extra"}]`),
      () => post('text/csv', `title,ownerId,${name}\na,mallory,x\n`),
      () =>
        post(
          'application/xml',
          `<note><title>p</title><ownerId>mallory</ownerId><${name}><polluted>yes</polluted></${name}></note>`,
        ),
      () => post('application/x-ndjson', `{"title":"p","ownerId":"mallory","${name}":${inner}}\n`),
      () =>
        post('application/x-www-form-urlencoded', `title=p&ownerId=mallory&${name}[polluted]=yes&${name}.polluted=yes`),
      () => ask('GET', `/notes?${name}=x&${name}.eq=y&sort=${name}&fields=${name}`, 'refused'),
      () => ask('GET', `/${name}`, [404]),
      () => ask('GET', `/notes/${name}`, [404]),
      () => ask('GET', `/problems/${name}`, [404]),
      () =>
        ask('GET', '/notes', 'any', {
          fields: { 'x-api-key': key, prefer: `${name}=1; ${name}`, [name === '__proto__' ? 'x-proto' : name]: 'x' },
        }),
    ])()
    assert.equal(({} as { polluted?: string }).polluted, undefined)
    assert.equal(({} as { isAdmin?: boolean }).isAdmin, undefined)
  },
}

const assignment: Attack = {
  family: 'members that are not the caller’s',
  async run({ ask, key, own, others }, { one }) {
    const before = (await ask('GET', `/notes/${own}`, [200])).json()
    const member = one([
      'balance',
      'createdAt',
      'updatedAt',
      'revision',
      'ownerId',
      'noteId',
      'id',
      'isAdmin',
      'scopes',
    ])
    const value = one<unknown>(['999.00', 'victim', others, '2001-01-01T00:00:00Z', 1, null, true, []])
    const type = one(['application/merge-patch+json', 'application/json-patch+json'])
    const body =
      type === 'application/merge-patch+json' ? { [member]: value } : [{ op: 'replace', path: `/${member}`, value }]
    const fields = { 'x-api-key': key, 'content-type': type }
    await one([
      () => ask('PATCH', `/notes/${own}`, 'any', { fields, body }),
      () => ask('PUT', `/notes/${own}`, 'any', { body: { title: 'own', ownerId: 'mallory', [member]: value } }),
      () => ask('POST', '/notes', 'any', { body: { title: 'm', ownerId: 'mallory', [member]: value } }),
      () => ask('PUT', `/notes/${others}`, [404, 403], { body: { title: 'taken', ownerId: 'mallory' } }),
      () =>
        ask('PATCH', '/notes?ownerId=victim', 'any', {
          fields: { ...fields, 'content-type': 'application/merge-patch+json' },
          body: { title: 'taken' },
        }),
    ])()
    const { balance, createdAt, ownerId, id } = (await ask('GET', `/notes/${own}`, [200])).json()
    assert.deepEqual([balance, createdAt, ownerId, id], [before.balance, before.createdAt, 'mallory', own])
  },
}

const formulas: Attack = {
  family: 'formulas',
  async run({ ask }, { one }) {
    const first = one(['=', '+', '-', '@', '\t=', '\r=', ' =', '＝'])
    const title = `${first}cmd|' /C calc'!A0`
    const made = await ask('POST', '/notes', 'any', { body: { title, ownerId: 'mallory' } })
    if (made.status !== 201) return
    const csv = await ask('GET', `/notes/${made.json().id}.csv`, [200])
    const cell = csv.text.split(/\r?\n/).slice(1).join('\n')
    assert.ok(!/(^|,)"?[=+@\t\r-]cmd/.test(cell), cell)
    await ask('DELETE', `/notes/${made.json().id}`, [204])
  },
}

export const contentAttacks: readonly Attack[] = [bombs, oddNumbers, prototypes, assignment, formulas]
