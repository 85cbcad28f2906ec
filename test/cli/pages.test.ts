// comity images and comity links, against the site of examples/site and a plain server that means no good.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import { serveSite } from '../../examples/site/serve.ts'
import { comity, here, startInTerminal, withoutTerminal } from './support/comity.ts'

const top = mkdtempSync(join(tmpdir(), 'comity-cli-pages-'))
const original = (path: string) => readFileSync(new URL(`../../examples/site/public/${path}`, import.meta.url))
const png = original('images/boat.png')
let site: Awaited<ReturnType<typeof serveSite>>
let plain: Server
let url: string
let answer: RequestListener
let seen: string[]
let folder: string
let names = 0

before(async () => {
  site = await serveSite()
  plain = createServer((request, response) => {
    seen.push(`${request.url} ${request.headers['user-agent']}`)
    if (request.url === '/robots.txt') response.writeHead(404).end()
    else answer(request, response)
  })
  await new Promise<void>(resolve => plain.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(plain.address() as AddressInfo).port}`
})
after(async () => {
  for (const server of [site.server, plain]) {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
  rmSync(top, { recursive: true })
})
beforeEach(() => {
  folder = join(top, String(names++))
  mkdirSync(folder)
  seen = []
})

const page =
  (body: string): RequestListener =>
  ({ url: path }, response) => {
    if (path === '/') response.writeHead(200, { 'content-type': 'text/html' }).end(body)
    else response.writeHead(200, { 'content-type': 'image/png' }).end(png)
  }

describe('comity images', () => {
  it('saves each image of a page, those of its style sheets too', async () => {
    const { code, out, err } = await comity(['images', `${site.url}/`, '--out', 'new/harbour', '--pace', '1ms'], folder)
    const saved = ['anchor.svg', 'lighthouse-wide.png', 'boat.png', 'boat-large.png', 'lighthouse.png', 'waves.png']
    assert.deepEqual([code, err], [0, ''])
    assert.deepEqual(
      out.trim().split('\n'),
      saved.map(name => `new/harbour/${name}`),
    )
    assert.deepEqual(readdirSync(join(folder, 'new/harbour')).sort(), saved.toSorted())
    for (const name of saved)
      assert.deepEqual(readFileSync(join(folder, 'new/harbour', name)), original(`images/${name}`))
  })

  it('says what failed and why, obeys robots.txt, and keeps names apart', async () => {
    const { code, out, err } = await here(['images', `${site.url}/gallery/`, '--out', '.', '--pace', '1ms'], folder)
    assert.equal(code, 1)
    assert.equal(out, 'boat.png\nboat-2.png\nbeach.png\ngulls.png\ninline.gif\n')
    assert.equal(
      err,
      `2 of 7 images failed:
  ${site.url}/gallery/images/lost.png: answered 404 Not Found
  ${site.url}/private/plan.png: robots.txt does not allow it: disallow /private/
`,
    )
    assert.deepEqual(readFileSync(join(folder, 'boat.png')), original('gallery/images/boat.png'))
    assert.deepEqual(readFileSync(join(folder, 'boat-2.png')), original('images/boat.png'))
  })

  it('replaces nothing, and saves nothing twice', async () => {
    writeFileSync(join(folder, 'boat.png'), 'mine')
    const words = ['images', `${site.url}/`, '--out', '.', '--pace', '1ms', '--sizes', 'largest']
    assert.equal((await here(words, folder)).code, 0)
    const first = readdirSync(folder)
    assert.equal(readFileSync(join(folder, 'boat.png'), 'utf8'), 'mine')
    assert.deepEqual(readFileSync(join(folder, 'boat-2.png')), png)
    assert.equal((await here(words, folder)).code, 0)
    assert.deepEqual(readdirSync(folder), first)
  })

  it('lists them, and fetches none', async () => {
    answer = page('<img src=a.png><img src=b.png><img src="data:image/png;base64,AA==">')
    assert.deepEqual(await here(['images', url, '--list', '--most', '2'], folder), {
      code: 0,
      out: `${url}/a.png\n${url}/b.png\n`,
      err: 'The page has 3 images, and the first 2 are taken. --most N takes more.\n',
    })
    assert.deepEqual(
      seen.map(line => line.replace(/\/\d.*$/, '/N')),
      ['/robots.txt comity/N', '/ comity/N'],
    )
  })

  it('lets no server choose where a file goes, or what is taken for an image', async () => {
    answer = ({ url: path }, response) => {
      if (path === '/') {
        const images = ['a', 'b', 'c', 'd', 'e'].map(name => `<img src=${name}>`)
        response.writeHead(200, { 'content-type': 'text/html' }).end(images.join(''))
      } else if (path === '/a')
        response
          .writeHead(200, { 'content-type': 'image/png', 'content-disposition': 'attachment; filename="../../x.png"' })
          .end(png)
      else if (path === '/b') response.writeHead(200, { 'content-type': 'text/html' }).end('<p>sorry')
      else if (path === '/c') response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.alloc(5000))
      else if (path === '/d')
        response
          .writeHead(200, { 'content-type': 'image/png', 'content-length': 100 })
          .write('half', () => response.destroy())
      else response.writeHead(200, { 'content-type': 'image/png' }).end(png)
    }
    const words = ['images', url, '--out', 'in', '--pace', '1ms', '--max-size', '4k', '--retry', '0']
    const { code, out, err } = await here(words, folder)
    assert.deepEqual([code, out], [1, 'in/x.png\nin/e.png\n'])
    assert.match(err, /^3 of 5 images failed:\n/)
    assert.match(err, /\/b: it is text\/html, not an image\n/)
    assert.match(err, /\/c: it is larger than 4,000 bytes; --max-size takes more\n/)
    assert.match(err, /\/d: [^\n]+\n$/)
    assert.deepEqual([readdirSync(folder), readdirSync(join(folder, 'in')).sort()], [['in'], ['e.png', 'x.png']])
  })

  it('is stopped by Ctrl-C, and leaves no half image', async () => {
    let asked: () => void
    const slow = new Promise<void>(resolve => {
      asked = resolve
    })
    answer = ({ url: path }, response) => {
      if (path !== '/b.png') return page('<img src=a.png><img src=b.png>')({ url: path } as never, response)
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': 1000 }).write('half', () => asked())
    }
    const stop = new AbortController()
    const words = ['images', url, '--out', '.', '--pace', '1ms']
    const ended = here(words, folder, '', { interrupted: stop.signal })
    await slow
    while (!readdirSync(folder).some(name => name.endsWith('.tmp')))
      await new Promise(resolve => setTimeout(resolve, 10))
    stop.abort()
    const { code, err } = await ended
    assert.deepEqual([code, err], [130, 'Stopped: 1 image saved.\n'])
    assert.deepEqual(readdirSync(folder), ['a.png'])
  })

  it('draws a bar on a terminal', { skip: withoutTerminal('long') }, async () => {
    answer = page('<img src=a.png><img src=b.png>')
    const { code, out } = await startInTerminal(['images', url, '--out', '.'], folder).ended
    assert.equal(code, 0)
    assert.match(out, /images \[=+\] 100 % 2 of 2 images/)
    assert.match(out, /2 images saved, 0 there already, 742 B in all\./)
  })

  it('needs a page', async () => {
    const story = await here(['images', `${site.url}/story.txt`], folder)
    assert.deepEqual([story.code, story.err], [1, `${site.url}/story.txt is text/plain, not a page in HTML.\n`])
    assert.equal((await here(['images', `${site.url}/none.html`], folder)).code, 4)
    const hidden = await here(['images', `${site.url}/private/`], folder)
    assert.deepEqual(
      [hidden.code, hidden.err],
      [1, `robots.txt does not allow ${site.url}/private/: disallow /private/.\n`],
    )
    assert.equal((await here(['images', `${site.url}/`, '--max-size', '1x'], folder)).code, 2)
    assert.deepEqual(readdirSync(folder), [])
  })
})

describe('comity links', () => {
  it('lists where a page leads', async () => {
    const { code, out, err } = await comity(['links', `${site.url}/`], folder)
    const own = ['/', '/gallery/', '/story.txt', '/boats/fleet.csv']
    const expected = [...own.map(path => site.url + path), 'https://ferry.example/saltholm', `${site.url}/private/`]
    assert.deepEqual([code, out, err], [0, expected.map(line => `${line}\n`).join(''), ''])
  })
  it('tells more of each', async () => {
    const csv = await here(['links', `${site.url}/`, '--only', 'other-site', '--as', 'csv'], folder)
    const line = 'https://ferry.example/saltholm,twice a day,other-site,a href,external'
    assert.deepEqual([csv.code, csv.out], [0, `url,text,kind,from,rel\n${line}\n`])
    const json = await here(['links', `${site.url}/`, '--as', 'json'], folder)
    assert.deepEqual(JSON.parse(json.out)[1].text, 'Gallery')
  })
  it('may list one kind, or all', async () => {
    const other = await here(['links', `${site.url}/`, '--only', 'other-site'], folder)
    assert.equal(other.out, 'https://ferry.example/saltholm\n')
    const all = (await here(['links', `${site.url}/`, '--all'], folder)).out.split('\n')
    for (const line of [`${site.url}/style.css`, 'mailto:harbour@saltholm.example', `${site.url}/#visit`])
      assert.ok(all.includes(line), line)
  })
})
