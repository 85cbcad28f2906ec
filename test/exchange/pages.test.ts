// text/html for any resource: pages for people, that show what the other formats say and lead on.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { describe, test } from 'node:test'
import {
  boolean,
  collection,
  date,
  dateTime,
  decimal,
  defineApi,
  integer,
  number,
  oneOf,
  optional,
  reference,
  text,
} from '@comity/server'
import Type from 'typebox'
import { openAccount, serving, startApi, startBank } from '../support/bank.ts'

const bank = serving(startBank)
const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }
const htmlType = 'text/html; charset=utf-8'

const negotiated: readonly (readonly [path: string, accept: string | undefined, type: string])[] = [
  ['/accounts', browser.accept, htmlType],
  ['/accounts', '*/*', 'application/json'],
  ['/accounts', undefined, 'application/json'],
  ['/accounts', 'text/html;q=0.5, application/json;q=0.4', htmlType],
  ['/accounts', 'text/html;q=0, */*', 'application/json'],
  ['/accounts', 'text/*', 'text/csv; charset=utf-8; header=present'],
  ['/accounts.html', 'application/json', htmlType],
  ['/accounts.html?limit=all', undefined, htmlType],
  ['/rates/EUR-CNY', browser.accept, htmlType],
  ['/rates/EUR-CNY.html', undefined, htmlType],
  ['/convert?from=EUR&to=CNY&amount=1', browser.accept, htmlType],
  ['/jobs', browser.accept, htmlType],
]
for (const [path, accept, type] of negotiated)
  test(`${path} for Accept: ${accept}`, async () => {
    const { status, fields } = await bank.call('GET', path, { accept })
    assert.deepEqual([status, fields['content-type']], [200, type])
  })

test('a page runs no script, asks no other host, and may send its form to itself only', async () => {
  for (const path of ['/accounts.html', '/rates/EUR-CNY.html', '/accounts/none']) {
    const { fields, text } = await bank.call('GET', path, browser)
    assert.match(fields['content-security-policy'] ?? '', /default-src 'none'.*frame-ancestors 'none'/)
    assert.doesNotMatch(text, /<script|\son[a-z]+=|(?:src|href|action)="(?:https?:)?\/\/(?!127\.0\.0\.1)/i)
  }
})

test('a list is a table with a caption and heads that sort; its links are those of Link', async () => {
  const { text, fields } = await bank.call('GET', '/accounts.html?limit=3&offset=3&sort=-balance&type=', {})
  const json = (await bank.call('GET', '/accounts.json?limit=3&offset=3&sort=-balance')).json()
  assert.match(text, /<caption>Accounts, by balance, descending<\/caption>/)
  assert.match(
    text,
    /<th scope="col" class="number" aria-sort="descending"><a href="\/accounts\.html\?limit=3&amp;sort=balance">/,
  )
  assert.match(text, /<a href="\/accounts\.html\?limit=3&amp;sort=name">Name<\/a>/)
  const rows = [...text.matchAll(/<th scope="row"><a class="id" href="([^"]*)">([^<]*)<\/a>/g)]
  assert.deepEqual(
    rows.map(([, href, id]) => [href, id]),
    json.map(({ id }: { id: string }) => [`/accounts/${id}.html`, id]),
  )
  for (const [, target = '', rel = ''] of (fields.link ?? '').matchAll(/<([^>]*)>; rel="([^"]*)"/g)) {
    if (rel === 'preload') continue
    assert.ok(text.includes(`<a rel="${rel}" href="${target.replaceAll('&', '&amp;')}">`), rel)
    assert.equal((await bank.call('GET', target)).fields['content-type'], htmlType)
  }
  for (const extension of ['json', 'xml', 'csv', 'ndjson', 'cbor'])
    assert.ok(text.includes(`href="/accounts.${extension}?limit=3&amp;offset=3&amp;sort=-balance"`), extension)
})

test('the form filters by GET: what is left empty asks for nothing', async () => {
  const { text } = await bank.call('GET', '/accounts.html?type=savings&name.like=&currency.like=&balance=&limit=1000')
  assert.match(text, /<details class="filter" open>/)
  assert.match(text, /<option selected>savings<\/option>/)
  assert.match(text, /<input type="hidden" name="limit" value="1000">/)
  const json = (await bank.call('GET', '/accounts?type=savings&limit=1000')).json()
  assert.equal(text.match(/<th scope="row">/g)?.length, json.length)
  assert.equal((await bank.call('GET', '/accounts?type=')).status, 400)
})

test('an item shows its members, and leads to what is nested in it, to its list and its parent', async () => {
  const { path, item } = await openAccount(bank, { name: 'A <b> & "c"' })
  const { text } = await bank.call('GET', path, browser)
  assert.match(text, /<h1>A &lt;b&gt; &amp; &quot;c&quot;<\/h1>/)
  for (const name of ['transactions', 'statements'])
    assert.ok(text.includes(`href="/accounts/${item.id}/${name}"`), name)
  assert.ok(text.includes(`href="/accounts"`))
  const entry = { type: 'credit', amount: '1.50', date: '2014-12-31', description: 'x' }
  const made = await bank.call('POST', `${path}/transactions`, browser, entry)
  assert.deepEqual([made.status, made.fields['content-type']], [201, htmlType])
  assert.ok(made.text.includes(`href="${path}"`), made.text)
})

test('HEAD, ETag and 304 are those of any representation; its tag is good for If-Match', async () => {
  const { path } = await openAccount(bank)
  const page = await bank.call('GET', path, browser)
  const head = await bank.call('HEAD', path, browser)
  for (const name of ['etag', 'content-length', 'content-type', 'vary'])
    assert.equal(head.fields[name], page.fields[name], name)
  assert.match(page.fields.etag ?? '', /-html"$/)
  assert.equal((await bank.call('GET', path, { ...browser, 'if-none-match': page.fields.etag })).status, 304)
  assert.equal((await bank.call('GET', path, { 'if-none-match': page.fields.etag })).status, 200)
  assert.equal((await bank.call('PATCH', path, { 'if-match': page.fields.etag }, { name: 'B' })).status, 200)
  assert.match((await bank.call('GET', path, browser)).text, /<h1>B<\/h1>/)
})

test('limit=all streams the same table, and an empty list says so', async () => {
  const all = await bank.call('GET', '/accounts.html?limit=all')
  const json = (await bank.call('GET', '/accounts?limit=all')).json()
  assert.equal(all.text.match(/<th scope="row">/g)?.length, json.length)
  assert.match(all.text, /<\/html>\n$/)
  assert.match((await bank.call('GET', '/accounts.html?limit=all&name=nobody')).text, /There is nothing here/)
})

test('a problem is a page to whom accepts one first, in their language', async () => {
  const vi = await bank.call('GET', '/accounts/none', { ...browser, 'accept-language': 'vi' })
  assert.deepEqual([vi.status, vi.fields['content-type']], [404, htmlType])
  assert.match(vi.text, /<html lang="vi">[\s\S]*<data value="404">404<\/data>[\s\S]*Không tìm thấy nội dung bạn cần\./)
  const invalid = await bank.call('GET', '/accounts?tpye=<x>', browser)
  assert.equal(invalid.status, 400)
  assert.match((await bank.call('GET', '/accounts?tpye=%3Cx%3E', browser)).text, /Did you mean “type”/)
  const json = await bank.call('GET', '/accounts/none', { accept: 'application/json, text/html;q=0.9' })
  assert.equal(json.fields['content-type'], 'application/problem+json')
  const posted = await bank.call('POST', '/accounts', browser, { type: '<script>' })
  assert.deepEqual([posted.status, posted.text.includes('<script>')], [400, false])
})

test('HTML is not read', async () => {
  const answer = await bank.call('POST', '/accounts', { 'content-type': 'text/html' }, '<p>')
  assert.equal(answer.status, 415)
  assert.doesNotMatch(answer.fields['accept-post'] ?? '', /html/)
})

test('a job is a page, which leads to its result', async () => {
  const { path } = await openAccount(bank)
  const prefer = { ...browser, prefer: 'respond-async' }
  const queued = await bank.call('PATCH', path, prefer, { name: 'Later' })
  assert.deepEqual([queued.status, queued.fields['content-type']], [202, htmlType])
  const job = queued.fields.location ?? ''
  const ended = await bank.call('GET', job, { ...browser, prefer: 'wait=10' })
  assert.equal(ended.status, 303)
  assert.match(ended.text, new RegExp(`href="${job}/result"`))
  assert.match((await bank.call('GET', '/jobs', browser)).text, new RegExp(`href="${job}"`))
})

const attack = `"><img src=x onerror=alert(1)><script>alert(1)</script>`
const hostile = serving(() =>
  startApi(
    defineApi({
      title: attack,
      description: attack,
      resources: {
        owners: collection({ id: text({ max: 255 }), description: attack, fields: { name: text() } }),
        things: collection({
          fields: {
            title: text(),
            link: text(),
            kind: oneOf('a', '"><i>'),
            owner: reference('owners'),
            count: optional(integer()),
            ratio: optional(number()),
            open: optional(boolean()),
            amount: optional(decimal()),
            day: optional(date()),
            at: optional(dateTime()),
            any: optional(Type.Unknown()),
          },
        }),
      },
    }),
  ),
)

describe('hostile data', () => {
  const id = encodeURIComponent(attack)
  const thing = {
    title: attack,
    link: 'javascript:alert(1)',
    kind: '"><i>',
    owner: attack,
    any: { [attack]: [attack] },
  }
  let path = ''
  const clean = (text: string) => {
    assert.doesNotMatch(text, /<img|<script|<i>|href="javascript:/)
    assert.ok(text.includes('&lt;script&gt;') || text.includes('%3Cscript%3E'))
  }
  test('in members, ids, words and names of the API stays text', async () => {
    const owner = await hostile.call('PUT', `/owners/${id}`, { 'if-none-match': '*' }, { name: attack })
    assert.equal(owner.status, 201, owner.text)
    const made = await hostile.call('POST', '/things', {}, thing)
    assert.equal(made.status, 201, made.text)
    path = made.fields.location ?? ''
    const pages = [
      path,
      '/things',
      '/things?limit=all',
      `/things?title=${id}&title.like=${id}`,
      '/owners',
      `/owners/${id}`,
      `/owners/${id}.html?fields=id`,
      `/things/${id}`,
      `/things?${id}=${id}`,
      `/${id}`,
      '/',
      '/docs',
    ]
    for (const page of pages) clean((await hostile.call('GET', page, browser)).text)
    const { text } = await hostile.call('GET', path, browser)
    assert.ok(text.includes(`href="/owners/${id}"`), 'a reference leads to what it names')
    assert.equal((await hostile.call('GET', `/owners/${id}`, browser)).status, 200)
    assert.match((await hostile.call('GET', `/owners/${id}`, browser)).text, /href="\/things\?owner=/)
  })

  const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
  test('does nothing in a browser, and no page is wider than its window', {
    skip: chromium ? false : 'no browser is here',
  }, async () => {
    const { chromium: engine } = await import('playwright-core')
    const window = await engine.launch({ ...(chromium && { executablePath: chromium }), args: ['--no-sandbox'] })
    try {
      const page = await window.newPage({ viewport: { width: 320, height: 640 } })
      const said: string[] = []
      page.on('dialog', dialog => said.push(dialog.message()))
      page.on('console', message => message.text().includes('Content Security Policy') && said.push(message.text()))
      for (const target of [path, '/things', '/things?limit=0', '/owners', `/owners/${id}`]) {
        await page.goto(hostile.url + target)
        const [wide, room] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [
          number,
          number,
        ]
        assert.ok(wide <= room, `${target} is ${wide} wide`)
      }
      await page.goto(`${hostile.url}/things`)
      await page.click('summary')
      await page.fill('[name="title.like"]', '*img*')
      await page.click('button')
      assert.equal(new URL(page.url()).searchParams.get('title.like'), '*img*')
      assert.equal(await page.locator('tbody th').count(), 1)
      await page.click('tbody th a')
      assert.ok((await page.locator('h1').textContent())?.includes('<script>'))
      assert.deepEqual(said, [])
    } finally {
      await window.close()
    }
  })
})
