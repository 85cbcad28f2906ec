// Attacks by target and field: traversal, SQL, patterns that never end, redirections, poisoned caches.
import assert from 'node:assert/strict'
import { requestText } from '../support/wire.ts'
import type { Attack } from './attack.ts'

const dots = [
  '..',
  '%2e%2e',
  '%2E.',
  '..%2f',
  '..%5c',
  '%252e%252e',
  '..;',
  '%c0%ae%c0%ae',
  '%uff0e%uff0e',
  '....//',
  '.%00.',
  '..%ef%bc%8f',
  '\\..',
]
const ends = [
  'etc/passwd',
  'etc%2fpasswd',
  'package.json',
  'comity.sqlite',
  'proc/self/environ',
  'C:%5cboot.ini',
  'livez',
]

const traversal: Attack = {
  family: 'traversal',
  async run({ ask, raw, key }, { one, some }) {
    const climb = Array.from({ length: some(1, 8) }, () => one(dots)).join(one(['/', '%2f', '%5c', '\\']))
    const below = one([
      '/',
      '/notes/',
      '/pictures/',
      '/docs/',
      '/problems/',
      '/uploads/',
      '/traces/',
      '/jobs/',
      '/notes/x/remarks/',
    ])
    // As bytes: a client that reads URLs would take the dots away. A picture of such a name is the attacker's own.
    const request = requestText(`${one(['GET', 'DELETE'])} ${below}${climb}/${one(ends)}`, {
      'x-api-key': key,
      connection: 'close',
    })
    const answers = await raw(request, [400, 404, 405, 401, 308, 200, 204])
    for (const { body } of answers) assert.ok(!/root:|"workspaces"|SQLite format/.test(body.toString('latin1')))
    const name = `${one(dots)}${one(['/', '%2f', '%5c'])}${one(ends)}`
    const fields = {
      'x-api-key': key,
      'content-type': 'text/plain',
      'content-disposition': `attachment; filename="${one(['../../x', '/etc/x', '..\\x', 'x\\0.txt', 'CON', '.', '..'])}"`,
    }
    await ask(one(['PUT', 'POST']), one([`/pictures/${name}`, '/pictures']), 'any', { fields, body: 'x' })
  },
}

const injections = [
  "' OR '1'='1",
  "'; DROP TABLE notes; --",
  '" OR ""="',
  "1; ATTACH DATABASE '/tmp/x' AS x",
  "') UNION SELECT sql FROM sqlite_master --",
  "\\'; --",
  "' || (SELECT title FROM notes) || '",
  '%27%20OR%201=1',
  '1) OR (1=1',
  'notes.title',
  'title; --',
  '-title,(SELECT 1)',
  'rowid',
  '`title`',
  '[title]',
  'title COLLATE NOCASE',
  "x' ESCAPE '\\",
  '?',
  '?1',
  ':a',
  '$a',
  '@a',
  '\u0000',
  'NULL',
  'CAST(1 AS TEXT)',
]

const sql: Attack = {
  family: 'SQL',
  async run({ ask, key, own }, { one }) {
    const text = encodeURIComponent(one(injections))
    const member = one(['title', 'slug', 'count', 'amount', 'state', 'id', 'ownerId', 'createdAt'])
    const operator = one(['', '.eq', '.ne', '.gt', '.gte', '.lt', '.lte', '.in', '.like', '.exists'])
    const path = one([
      `/notes?${member}${operator}=${text}`,
      `/notes?sort=${text}`,
      `/notes?fields=${text}`,
      `/notes?${text}=1`,
      `/notes?title.${text}=1`,
      `/notes?limit=${text}`,
      `/notes?offset=${text}`,
      `/notes?after=${text}`,
      `/notes?before=${text}`,
      `/notes?sort=title&after=${Buffer.from(decodeURIComponent(text)).toString('base64url')}`,
      `/notes/${text}`,
      `/notes/${text}/remarks`,
      `/notes/${own}/remarks/${text}`,
      `/notes/${own}/remarks?text=${text}`,
      `/jobs/${text}`,
      `/pictures/${text}`,
      `/uploads/${text}`,
    ])
    const { status, text: said } = await ask('GET', path, 'any')
    // Whatever it asks, it is asked of the attacker's own rows.
    if (status === 200 && path.startsWith('/notes?')) assert.doesNotMatch(said, /victim/)
    const raw = decodeURIComponent(text)
    const fields = { 'x-api-key': key, 'idempotency-key': `"${raw.replace(/[^ -~]|["\\]/g, '')}"` }
    await ask('POST', '/notes', 'any', { fields, body: { title: raw, ownerId: 'mallory', slug: raw } })
    await ask('QUERY', '/notes', 'any', {
      fields: { 'x-api-key': key, 'content-type': 'application/json' },
      body: { [member + operator]: raw, sort: raw },
    })
    await ask('DELETE', `/notes?title=${text}&slug=${text}`, 'any')
  },
}

const endless: Attack = {
  family: 'patterns without an end',
  async run({ ask, key }, { one, some }) {
    const n = some(50, 3_000)
    const [name, value] = one<readonly [string, string]>([
      ['accept', `${'a/b;'.repeat(n)}q=0.5`],
      ['accept', `${' '.repeat(n)},`.repeat(3)],
      ['accept-language', 'a-'.repeat(n)],
      ['accept-encoding', `${'gzip;q=0.'.repeat(n)}1`],
      ['prefer', `${'a="'.repeat(n)}`],
      ['prefer', `${'wait=1,'.repeat(n)}`],
      ['range', `bytes=${'-'.repeat(n)}`],
      ['range', `bytes=${'0-,'.repeat(n)}`],
      ['if-none-match', `${'"a'.repeat(n)}`],
      ['if-match', `W/${'"'.repeat(n)}`],
      ['if-modified-since', 'Mon, '.repeat(n)],
      ['idempotency-key', `"${'\\\\'.repeat(n)}`],
      ['authorization', `Digest ${'a="b",'.repeat(n)}`],
      ['authorization', `OAuth ${'oauth_nonce="x",'.repeat(n)}`],
      ['authorization', `Basic ${'A'.repeat(n * 2)}`],
      ['authorization', `Bearer ${'a.'.repeat(n)}`],
      ['authorization', `ApiKey ${'ck_'.repeat(n)}`],
      ['cookie', 'a=b; '.repeat(n)],
      ['content-disposition', `attachment; ${'filename*=a;'.repeat(n)}`],
      ['forwarded', 'for="[::1]";'.repeat(n)],
      ['want-repr-digest', `sha-256=${'1'.repeat(n)}`],
      ['via', '1.1 a, '.repeat(n)],
    ])
    await ask('GET', '/notes', 'any', {
      fields: name === 'authorization' ? { [name]: value } : { 'x-api-key': key, [name]: value },
    })
    const stars = '*a'.repeat(some(10, 400))
    await ask('GET', `/notes?title.like=${stars}b`, 'any')
    await ask('POST', '/notes', 'any', {
      body: { title: 't', ownerId: 'mallory', slug: `${'a-'.repeat(some(5, 31))}!` },
    })
  },
}

const elsewhere = [
  '//evil.example',
  '/\\evil.example',
  '/%2f%2fevil.example',
  '/%5cevil.example',
  '///evil.example/',
  '/notes//evil.example/',
  '/.//evil.example',
  '/notes/?x=//evil.example',
  '/@evil.example/',
  '/notes;@evil.example/',
  '/%0d%0aLocation:%20https://evil.example',
]

const redirections: Attack = {
  family: 'redirections',
  async run({ ask, key, url }, { one }) {
    const path = one(elsewhere) + one(['', '/', '/..', '?x=y'])
    const { fields } = await ask(one(['GET', 'HEAD', 'POST', 'DELETE']), path, 'any', { fields: { 'x-api-key': key } })
    for (const name of ['location', 'content-location', 'link', 'refresh'] as const) {
      const value = fields[name]
      if (value === undefined) continue
      for (const [, target = ''] of name === 'link' ? value.matchAll(/<([^>]*)>/g) : [['', value]])
        assert.equal(new URL(target, `${url}/`).origin, url, `${name}: ${value}`)
    }
    assert.equal(fields['x-injected'], undefined)
  },
}

const unkeyed = [
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-prefix',
  'x-forwarded-for',
  'x-forwarded-port',
  'x-original-url',
  'x-rewrite-url',
  'x-http-method-override',
  'x-host',
  'forwarded',
  'x-real-ip',
  'true-client-ip',
  'client-cert',
  'x-forwarded-scheme',
  'origin',
  'referer',
  'accept-language',
  'accept-encoding',
  'user-agent',
  'via',
  'prefer',
]

const poisoning: Attack = {
  family: 'poisoned caches',
  async run({ ask, key, own }, { one }) {
    const path = one([
      '/notes',
      `/notes/${own}`,
      '/',
      '/problems',
      '/openapi.json',
      '/notes?limit=1',
      '/problems/not-found',
    ])
    const clean = { 'x-api-key': key, accept: 'application/json' }
    const before = await ask('GET', path, [200], { fields: clean })
    const name = one(unkeyed)
    const value = one([
      'evil.example',
      'https://evil.example/x',
      '/evil',
      'DELETE',
      'for=evil.example;host=evil.example;proto=https',
      'ru',
      'gzip',
      'evil"<script>',
      'return=minimal',
      '1.1 evil.example',
    ])
    const poisoned = await ask(one(['GET', 'HEAD']), path, 'any', { fields: { ...clean, [name]: value } })
    const told = JSON.stringify(poisoned.fields)
    assert.ok(!/evil/.test(told.replace(/"access-control-[^"]*":"[^"]*"/g, '')), told)
    const after = await ask('GET', path, [200], { fields: clean })
    assert.equal(after.text, before.text)
    assert.equal(after.fields.etag, before.fields.etag)
    if (poisoned.text !== before.text && poisoned.status === 200 && poisoned.text !== '')
      assert.match(poisoned.fields.vary ?? '', new RegExp(name, 'i'), `${name} changes the answer and is not in Vary`)
  },
}

export const targetAttacks: readonly Attack[] = [traversal, sql, endless, redirections, poisoning]
