// Downloads that broke off, taken up again by what people use: curl, wget, and a browser that plays.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { collection, defineApi, files, text } from '@comity/server'
import { serving, startApi } from '../support/bank.ts'
import { browserPath, startBrowser } from '../support/browser.ts'
import { answerTo, requestText } from '../support/wire.ts'

const run = promisify(execFile)
let statuses: string[] = []
const server = serving(() =>
  startApi(
    defineApi({
      title: 'Downloads',
      resources: {
        films: files({ disposition: 'inline' }),
        words: collection({ fields: { word: text({ max: 1_000 }) }, limit: { default: 1_000 } }),
      },
    }),
    {
      trace: ({ method, url, status }) => {
        statuses.push(`${status} ${method} ${url}`)
      },
    },
  ),
)

const film = randomBytes(3_000_000)
let folder = ''
let list = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comity-resume-'))
  await put('/films/film.bin', film, 'application/octet-stream')
  const words = Array.from({ length: 1_000 }, (_, index) => ({ word: `${'w'.repeat(300)}${index}` }))
  await server.call('POST', '/words', {}, words)
  list = (await server.call('GET', '/words')).text
})
after(() => rm(folder, { recursive: true }))

async function put(path: string, content: Uint8Array, type: string): Promise<void> {
  const answer = await answerTo(
    server.url,
    requestText(`PUT ${path}`, { 'content-type': type, connection: 'close' }, content),
  )
  assert.equal(answer?.status, 201, String(answer?.body))
}

const has = (name: string) => {
  const there = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'].some(place => existsSync(`${place}/${name}`))
  return there ? {} : { skip: `${name} is not installed here` }
}

const subjects: readonly (readonly [path: string, whole: () => Buffer])[] = [
  ['/films/film.bin', () => film],
  ['/words', () => Buffer.from(list)],
]

for (const [path, whole] of subjects) {
  test(`curl -r ${path}`, has('curl'), async () => {
    const { stdout } = await run('curl', ['-s', '-r', '100-199,50000-50099,-3', server.url + path], {
      encoding: 'buffer',
    })
    for (const [first, last] of [
      [100, 199],
      [50_000, 50_099],
      [-3, undefined],
    ] as const)
      assert.ok(stdout.includes(whole().subarray(first, last === undefined ? undefined : last + 1)))
    const one = await run('curl', ['-s', '-r', '-500', server.url + path], { encoding: 'buffer' })
    assert.deepEqual(one.stdout, whole().subarray(-500))
  })

  test(`curl -C - ${path}`, has('curl'), async () => {
    const file = join(folder, 'curl')
    await writeFile(file, whole().subarray(0, 123_456))
    statuses = []
    await run('curl', ['-s', '-f', '-C', '-', '-o', file, server.url + path])
    assert.deepEqual(statuses, [`206 GET ${path}`])
    assert.deepEqual(await readFile(file), whole())
  })

  test(`wget -c ${path}`, has('wget'), async () => {
    const file = join(folder, 'wget')
    await writeFile(file, whole().subarray(0, 77_777))
    statuses = []
    await run('wget', ['-q', '-c', '-O', file, server.url + path])
    assert.deepEqual(statuses, [`206 GET ${path}`])
    assert.deepEqual(await readFile(file), whole())
    // Nothing is left to fetch.
    await run('wget', ['-q', '-c', '-O', file, server.url + path]).catch(() => {})
    assert.equal(statuses.at(-1), `416 GET ${path}`)
    assert.deepEqual(await readFile(file), whole())
  })
}

test('fifty ranges of one file at the same time', async () => {
  const size = 60_000
  const parts = await Promise.all(
    Array.from({ length: 50 }, (_, at) =>
      answerTo(
        server.url,
        requestText('GET /films/film.bin', {
          range: `bytes=${at * size}-${(at + 1) * size - 1}`,
          'want-repr-digest': 'sha-256=1',
          connection: 'close',
        }),
      ),
    ),
  )
  assert.ok(parts.every(part => part?.status === 206 && part.end === 'whole'))
  assert.deepEqual(Buffer.concat(parts.map(part => part?.body ?? Buffer.alloc(0))), film)
  const digest = createHash('sha256').update(film).digest('base64')
  assert.equal(parts[0]?.fields['repr-digest'], `sha-256=:${digest}:`)
})

/** Silence of so many seconds, as PCM in WAVE. */
function wave(seconds: number): Buffer {
  const rate = 44_100
  const data = Buffer.alloc(rate * 2 * seconds)
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + data.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE(rate * 2, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(data.length, 40)
  return Buffer.concat([head, data])
}

test('a browser that plays seeks by ranges', browserPath ? {} : { skip: 'no browser here' }, async () => {
  await put('/films/song.wav', wave(200), 'audio/wav')
  const browser = await startBrowser()
  try {
    const page = await browser.newPage()
    // A page beside the API, on its origin.
    const beside = `${server.url}/page`
    await page.route(beside, route => route.fulfill({ contentType: 'text/html', body: '<p>' }))
    await page.goto(beside)
    statuses = []
    const place = await page.evaluate(`new Promise((resolve, reject) => {
      const audio = document.createElement('audio')
      audio.preload = 'metadata'
      audio.onerror = () => reject(new Error(audio.error.message))
      audio.onloadedmetadata = () => { audio.currentTime = 190 }
      audio.onseeked = () => resolve([Math.round(audio.duration), Math.round(audio.currentTime)])
      audio.src = '/films/song.wav'
    })`)
    assert.deepEqual(place, [200, 190])
    const asked = statuses.filter(status => status.endsWith('/films/song.wav'))
    // It may ask whether what it has is still so; it never gets the whole again.
    const parts = asked.filter(status => status.startsWith('206'))
    assert.ok(parts.length >= 2 && !asked.some(status => status.startsWith('200')), asked.join('\n'))
  } finally {
    await browser.close()
  }
})
