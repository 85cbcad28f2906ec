// comity download, as a process, against a plain server of one large file with every fault.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import { digestOf, type FileServer, type Manner, startFileServer } from '../client/support/file-server.ts'
import { comity, here, start, startInTerminal, withoutTerminal } from './support/comity.ts'

const MiB = 2 ** 20
const small: Manner = { seed: 1, size: 200_000 }
const top = mkdtempSync(join(tmpdir(), 'comity-cli-download-'))
let server: FileServer
let folder: string
let names = 0

before(async () => {
  server = await startFileServer(small)
})
after(async () => {
  await server.close()
  rmSync(top, { recursive: true })
})
beforeEach(() => {
  folder = join(top, String(names++))
  mkdirSync(folder)
  server.manner = () => small
  server.seen.length = 0
})

const sha256 = (name: string) =>
  createHash('sha256')
    .update(readFileSync(join(folder, name)))
    .digest('hex')

describe('comity download', () => {
  it('fetches files under the names of their URLs, says their paths and nothing else', async () => {
    writeFileSync(join(folder, 'SUMS'), `${digestOf(1, 200_000)}  a.bin\n${digestOf(1, 200_000)} *b.bin\n`)
    const words = ['download', `${server.url}/a.bin`, `${server.url}/x/b.bin?q`, '--sums', 'SUMS']
    assert.deepEqual(await comity(words, folder), { code: 0, out: 'a.bin\nb.bin\n', err: '' })
    assert.deepEqual([sha256('a.bin'), sha256('b.bin')], [digestOf(1, 200_000), digestOf(1, 200_000)])
    assert.deepEqual(readdirSync(folder).sort(), ['SUMS', 'a.bin', 'b.bin'])
  })

  it('leaves a file that it was not told to replace alone', async () => {
    writeFileSync(join(folder, 'a.bin'), 'mine')
    const { code, out, err } = await here(['download', `${server.url}/a.bin`], folder)
    assert.equal(code, 1)
    assert.equal(out, '')
    assert.match(err, /a\.bin is there already\. Name another with --output, or replace it with --overwrite\.\n$/)
    assert.equal(readFileSync(join(folder, 'a.bin'), 'utf8'), 'mine')
    assert.equal((await here(['download', `${server.url}/a.bin`, '-o', 'a.bin'], folder)).code, 0)
    assert.equal(sha256('a.bin'), digestOf(1, 200_000))
  })

  it('keeps nothing whose digest is another', async () => {
    const words = ['download', `${server.url}/a.bin`, '--sha256', '0'.repeat(64)]
    const { code, out, err } = await here(words, folder)
    assert.deepEqual([code, out], [1, ''])
    assert.match(err, /^http\S+\/a\.bin: what was received is not what sha-256 says\. Nothing of it was kept/)
    assert.deepEqual(readdirSync(folder), [])
  })

  it('says which of several failed, and why, and fetches the others', async () => {
    server.manner = ({ url }) => (url === '/b' ? { ...small, status: 404 } : small)
    const words = ['download', ...['/a', '/b', '/c'].map(path => server.url + path), '-o', 'new/']
    const { code, out, err } = await here(words, folder)
    assert.deepEqual([code, out], [1, 'new/a\nnew/c\n'])
    assert.equal(err, `1 of 3 files failed:\n  ${server.url}/b: answered 404 Not Found\n`)
  })

  it('ends with the class of the status, or 1 where nobody answers', async () => {
    server.manner = () => ({ ...small, status: 404 })
    assert.equal((await here(['download', `${server.url}/b`], folder)).code, 4)
    const { code, err } = await here(['download', 'http://127.0.0.1:9/b', '--retry', '0'], folder)
    assert.equal(code, 1)
    assert.match(err, /Start the server, or check the port\.\n$/)
  })

  it('is stopped by Ctrl-C, says what is left, and goes on with it', async () => {
    const slow: Manner = { seed: 1, size: 8 * MiB, pause: 5 }
    let count = 0
    server.manner = () => (count++ === 0 ? slow : { ...slow, pause: 0 })
    const words = ['download', `${server.url}/a.bin`, '--connections', '1']
    const { child, ended } = start(words, folder)
    while (!existsSync(join(folder, 'a.bin.part')) || readFileSync(join(folder, 'a.bin.part')).length < MiB)
      await new Promise(resolve => setTimeout(resolve, 20))
    child.kill('SIGINT')
    const stopped = await ended
    assert.deepEqual([stopped.code, stopped.out], [130, ''])
    assert.match(stopped.err, /^Stopped: a\.bin\.part holds [\d.]+ MB\. The same command goes on with it\.\n$/)
    assert.deepEqual(readdirSync(folder).sort(), ['a.bin.part', 'a.bin.part.json'])
    assert.deepEqual(await here(words, folder), { code: 0, out: 'a.bin\n', err: '' })
    assert.match(server.seen.at(-1)?.range ?? '', /^bytes=[1-9]\d+-8388607$/)
    assert.equal(sha256('a.bin'), digestOf(1, 8 * MiB))
    assert.deepEqual(readdirSync(folder), ['a.bin'])
  })

  it('is stopped by Ctrl-C where nothing can be gone on with, and leaves no half file', async () => {
    server.manner = () => ({ seed: 1, size: 8 * MiB, pause: 5, validator: 'none' })
    const stop = new AbortController()
    const ended = here(['download', `${server.url}/a.bin`], folder, '', { interrupted: stop.signal })
    while (!existsSync(join(folder, 'a.bin.part'))) await new Promise(resolve => setTimeout(resolve, 20))
    stop.abort()
    assert.deepEqual(await ended, { code: 130, out: '', err: 'Stopped: nothing is left behind.\n' })
    assert.deepEqual(readdirSync(folder), [])
  })

  it('draws a bar for each file on a terminal', {
    skip: withoutTerminal(),
  }, async () => {
    server.manner = () => ({ seed: 1, size: 2 * MiB, pause: 15 })
    const words = ['download', `${server.url}/a.bin`, `${server.url}/b.bin`, '--connections', '1']
    const { code, out } = await startInTerminal(words, folder).ended
    assert.equal(code, 0)
    for (const name of ['a.bin', 'b.bin']) {
      assert.match(
        out,
        new RegExp(`${name} \\[=+>-+\\] +\\d+ % [\\d.]+ [kM]B of 2\\.1 MB  [\\d.]+ [kM]B/s  \\d+ s left`),
      )
      assert.match(out, new RegExp(`${name} \\[=+\\] 100 % 2\\.1 MB  done`))
    }
    assert.match(out, /\r\n ?a\.bin: 2\.1 MB\r\nb\.bin: 2\.1 MB\r\n$/)
  })

  for (const [name, words, message] of [
    ['no URL', ['http://[/'], /is no URL/],
    ['no such connections', ['x.example', '--connections', '0'], /A whole number from 1 to 32/],
    ['a digest for several', ['x.example/a', 'x.example/b', '--sha256', '0'.repeat(64)], /--sums FILE/],
    ['standard output', ['x.example/a', '-o', '-'], /comity get URL/],
  ] as const)
    it(`is asked wrongly: ${name}`, async () => {
      const { code, out, err } = await here(['download', ...words], folder)
      assert.deepEqual([code, out], [2, ''])
      assert.match(err, message)
    })
})
