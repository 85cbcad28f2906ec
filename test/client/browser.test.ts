// The client in a real browser: its browser entry as a bundle, against servers of other origins.
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type * as Entry from '@comity/client'
import type { Browser, Page } from 'playwright-core'
import { rolldown } from 'rolldown'
import { browserPath, startBrowser } from '../support/browser.ts'

declare global {
  // What the bundle leaves in the page.
  var comity: typeof Entry
}

const entry = fileURLToPath(new URL('../../packages/client/src/browser.ts', import.meta.url))

let server: Server
let url = ''
let browser: Browser
let page: Page
const seen: { method: string; target: string; key: string | undefined; body: string }[] = []

/** The browser entry as one script. */
async function bundle(): Promise<string> {
  const build = await rolldown({
    input: entry,
    platform: 'browser',
    resolve: { conditionNames: ['@comity/source', 'browser', 'import'] },
    logLevel: 'silent',
  })
  const { output } = await build.generate({ format: 'iife', name: 'comity', minify: true, codeSplitting: false })
  await build.close()
  return output[0].code
}

describe('in a browser', { skip: browserPath === undefined && 'no browser is found' }, () => {
  before(async () => {
    server = createServer((request, answer) => {
      let body = ''
      request.on('data', piece => {
        body += piece
      })
      request.on('end', () => {
        answer.setHeader('access-control-allow-origin', '*')
        answer.setHeader('access-control-allow-headers', '*')
        answer.setHeader('access-control-allow-methods', '*')
        answer.setHeader('access-control-expose-headers', '*')
        if (request.method === 'OPTIONS') return answer.end()
        const { method = '', url: target = '' } = request
        const key = request.headers['idempotency-key']
        seen.push({ method, target, key: typeof key === 'string' ? key : undefined, body })
        const again = seen.filter(other => other.target === target).length > 1
        if (target === '/page') return answer.setHeader('content-type', 'text/html').end('<p>')
        if (target === '/busy' && !again) return answer.writeHead(503, { 'retry-after': '0' }).end()
        if (target === '/moved') return answer.writeHead(302, { location: '/here' }).end()
        if (target === '/missing') {
          answer.writeHead(404, { 'content-type': 'application/problem+json' })
          return answer.end('{"title":"Not found","status":404,"detail":"Nothing is here."}')
        }
        if (target === '/hang') return undefined
        if (target === '/cut') {
          answer.writeHead(200, { 'content-length': 10 })
          answer.write('abc')
          return setTimeout(() => answer.destroy(), 20)
        }
        if (target === '/coded') return answer.setHeader('content-encoding', 'gzip').end(gzipSync('{"coded":true}'))
        return answer.setHeader('content-type', 'application/json').end(JSON.stringify({ target, body }))
      })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const [code, started] = await Promise.all([bundle(), startBrowser()])
    browser = started
    page = await browser.newPage()
    await page.goto(`${url}/page`)
    await page.addScriptTag({ content: code })
  })

  after(async () => {
    await browser?.close()
    server?.closeAllConnections()
    server?.close()
  })

  it('reads, writes, retries with one key, follows and decodes', async () => {
    const told = await page.evaluate(async baseUrl => {
      const client = comity.createClient({ baseUrl, retry: { base: 1 } })
      const read = await client.get('/x', { params: { a: [1, 2] } }).json<{ target: string }>()
      const written = await client.post('/busy', { body: { b: 1 } })
      const moved = await client.get('/moved')
      const coded = await client.get('/coded').json()
      const form = new FormData()
      form.set('f', new Blob(['file']), 'f.txt')
      const sent = await client.post('/form', { body: form }).json<{ body: string }>()
      const lines: string[] = []
      for await (const line of client.get('/x').lines()) lines.push(line)
      return {
        read: read.target,
        written: written.status,
        trace: written.trace.map(note => note.text),
        moved: [moved.url, moved.redirects.length],
        coded,
        form: sent.body.includes('filename="f.txt"'),
        lines,
        fetched: await (await client.fetch('/x')).json(),
      }
    }, url)
    assert.deepEqual(told, {
      read: '/x?a=1&a=2',
      written: 200,
      trace: ['503; tried again after 0 ms (as Retry-After says)'].map(text => told.trace[0] ?? text),
      moved: [`${url}/here`, 1],
      coded: { coded: true },
      form: true,
      lines: ['{"target":"/x","body":""}'],
      fetched: { target: '/x', body: '' },
    })
    assert.match(told.trace[0] ?? '', /^503; tried again after \d+ ms \(as Retry-After says\)$/)
    const keys = seen.filter(({ target }) => target === '/busy').map(({ key }) => key)
    assert.equal(keys.length, 2)
    assert.match(keys[0] ?? '', /^"[0-9a-f-]{36}"$/)
    assert.equal(keys[0], keys[1])
  })

  it('takes no key along to where a redirection leads', async () => {
    seen.length = 0
    const told = await page.evaluate(async baseUrl => {
      const client = comity.createClient({ baseUrl, fields: { 'x-api-key': 'planted' } })
      const plain = await client.get('/x').json<{ target: string }>()
      const error = await client.get('/moved').then(
        () => undefined,
        (error: unknown) => error,
      )
      return [plain.target, error instanceof comity.HttpError, (error as Error)?.message]
    }, url)
    assert.deepEqual(told, [
      '/x',
      true,
      `GET ${url}/moved was redirected: a browser would take x-api-key along to wherever it leads; ask that address itself`,
    ])
    assert.deepEqual(
      seen.map(({ target }) => target),
      ['/x', '/moved'],
    )
  })

  it('tells failures apart as far as a browser does', async () => {
    const told = await page.evaluate(async baseUrl => {
      const client = comity.createClient({ baseUrl, retry: false })
      const kindOf = (asked: PromiseLike<unknown>) =>
        asked.then(
          () => 'none',
          (error: unknown) => {
            if (error instanceof comity.NetworkError) return `${error.kind} ${error.phase}`
            if (error instanceof comity.HttpError) return `${error.status} ${error.problem?.detail}`
            return error instanceof comity.DeadlineError ? 'deadline' : String(error)
          },
        )
      return [
        await kindOf(client.get('/missing')),
        await kindOf(client.get('http://127.0.0.1:1/')),
        await kindOf(client.get('/cut').text()),
        await kindOf(client.get('/hang', { deadline: 50 })),
        await kindOf(client.get('/hang', { timeout: 50 })),
        await kindOf(client.get('/hang', { signal: AbortSignal.timeout(50) })),
      ]
    }, url)
    assert.deepEqual(told, [
      '404 Nothing is here.',
      'unknown wait',
      'interrupted receive',
      'deadline',
      'timeout wait',
      'aborted wait',
    ])
  })
})
