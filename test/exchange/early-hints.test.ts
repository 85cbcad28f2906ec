// RFC 8297: what a page needs is named before the page is there; and the page is shown as it is meant to be.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serving, startBank } from '../support/bank.ts'
import { browserPath, startBrowser } from '../support/browser.ts'
import { openWire, requestText } from '../support/wire.ts'

const bank = serving(startBank)
const navigation = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'sec-fetch-mode': 'navigate' }

async function answers(line: string, fields: Readonly<Record<string, string>>) {
  const wire = await openWire(bank.url)
  wire.send(requestText(line, { ...navigation, connection: 'close', ...fields }))
  const first = await wire.next()
  const last = first && first.status < 200 ? await wire.next() : first
  wire.close()
  return { interim: first === last ? undefined : first, last }
}

for (const path of ['/', '/docs', '/problems', '/problems/gone', '/accounts', '/rates/EUR-CNY', '/accounts/none'])
  test(`103 before ${path} for a browser that navigates`, async () => {
    const { interim, last } = await answers(`GET ${path}`, {})
    assert.equal(interim?.status, 103)
    const [, sheet = ''] =
      /^<(\/docs\/style-[\w-]{16}\.css)>; rel="?preload"?; as="?style"?$/.exec(interim?.fields.link ?? '') ?? []
    assert.deepEqual(Object.keys(interim?.fields ?? {}), ['link'])
    assert.match(last?.fields['content-type'] ?? '', /^text\/html/)
    assert.ok(last?.body.includes(`<link rel="stylesheet" href="${sheet}">`))
    if (last?.status === 200) assert.ok(last.fields.link?.includes(sheet), 'the page names it too')
    const { status, fields } = await bank.call('GET', sheet)
    assert.deepEqual(
      [status, fields['content-type'], fields['cache-control']],
      [200, 'text/css; charset=utf-8', 'public, immutable, max-age=31536000'],
    )
    assert.ok(!fields.vary?.includes('accept,'))
  })

const none: readonly (readonly [name: string, line: string, fields: Readonly<Record<string, string>>])[] = [
  ['a program', 'GET /docs', { 'sec-fetch-mode': 'cors' }],
  ['a client that does not say', 'GET /docs', { 'sec-fetch-mode': '' }],
  ['JSON', 'GET /accounts', { accept: 'application/json' }],
  ['HEAD', 'HEAD /docs', {}],
  ['who has the page', 'GET /docs', { 'if-none-match': '"x"' }],
  ['what is refused before', 'GET /nothing', {}],
  ['the style sheet itself', 'GET /docs/style-x.css', {}],
]

for (const [name, line, fields] of none)
  test(`no 103: ${name}`, async () => {
    const { interim, last } = await answers(line, fields)
    assert.equal(interim, undefined)
    assert.ok(last)
  })

test('of pipelined navigations each has its own answer, whole', async () => {
  const wire = await openWire(bank.url)
  const paths = ['/docs', '/problems', '/', '/rates/EUR-CNY', '/problems/gone']
  wire.send(Buffer.concat(paths.map(path => requestText(`GET ${path}`, navigation))))
  for (const path of paths) {
    let answer = await wire.next()
    if (answer?.status === 103) answer = await wire.next()
    const { text } = await bank.call('GET', path, { accept: 'text/html', host: '127.0.0.1' })
    assert.deepEqual([answer?.status, answer?.body.toString()], [200, text], path)
  }
  wire.close()
})

test('no 103 to HTTP/1.0', async () => {
  const wire = await openWire(bank.url)
  const fields = Object.entries(navigation).map(([field, value]) => `${field}: ${value}\r\n`)
  wire.send(`GET /docs HTTP/1.0\r\nhost: x\r\n${fields.join('')}\r\n`)
  assert.equal((await wire.next())?.status, 200)
  wire.close()
})

test('the style sheet of another version is not there', async () => {
  const answer = await bank.call('GET', '/docs/style-0000000000000000.css')
  assert.deepEqual([answer.status, answer.json().code], [404, 'not-found'])
})

test('a browser shows the pages in their style', browserPath ? {} : { skip: 'no browser here' }, async () => {
  const browser = await startBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1100, height: 800 } })
    const faults: string[] = []
    page.on('console', message => message.type() === 'error' && faults.push(message.text()))
    page.on('requestfailed', request => faults.push(request.url()))
    for (const path of ['/', '/docs', '/problems/gone', '/accounts?limit=3', '/rates/EUR-CNY']) {
      await page.goto(bank.url + path)
      const position = await page.evaluate('getComputedStyle(document.querySelector(".bar")).position')
      assert.equal(position, 'sticky', path)
      if (process.env.COMITY_PICTURES)
        await page.screenshot({ path: `${process.env.COMITY_PICTURES}/page${path.replace(/\W+/g, '-')}.png` })
    }
    assert.deepEqual(faults, [])
  } finally {
    await browser.close()
  }
})
