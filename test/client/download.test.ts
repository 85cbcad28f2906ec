// Downloads: whatever breaks, lies or changes on the way, the file is the right one or there is none.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import {
  type Client,
  createClient,
  type DownloadOptions,
  HttpError,
  NetworkError,
  type Progress,
  TransferError,
} from '@comity/client'
import { digestOf, type FileServer, type Manner, startFileServer } from './support/file-server.ts'

const MiB = 2 ** 20
const size = 8 * MiB
const plain: Manner = { seed: 1, size }
const folder = mkdtempSync(join(tmpdir(), 'comity-download-'))
let server: FileServer
let client: Client
let path: string
let names = 0

before(async () => {
  server = await startFileServer(plain)
  client = createClient({ baseUrl: server.url })
})
after(async () => {
  await client.close()
  await server.close()
  if (mounted) execFileSync('umount', [disk])
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  path = join(folder, `file-${names++}`)
  server.manner = () => plain
  server.seen.length = 0
  server.peak = 0
})

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(file)) hash.update(piece)
  return hash.digest('hex')
}

async function fetched(seed = 1, options: DownloadOptions = {}) {
  const done = await client.download('/file', path, options)
  assert.equal(await sha256(path), digestOf(seed, done.bytes))
  assert.deepEqual(
    readdirSync(folder).filter(name => name.startsWith(`${basename(path)}.`)),
    [],
  )
  return done
}

describe('a download', () => {
  it('that nothing befalls is one request', async () => {
    const told: Progress[] = []
    const done = await fetched(1, { connections: 1, onProgress: progress => told.push(progress) })
    assert.deepEqual(
      [done.bytes, done.received, done.resumedBytes, done.requests, done.connections, done.verified],
      [size, size, 0, 1, 1, undefined],
    )
    assert.equal(told.at(-1)?.bytes, size)
    assert.equal(told.at(-1)?.total, size)
    assert.ok(told.every(({ bytes }, at) => bytes >= (told[at - 1]?.bytes ?? 0)))
    assert.equal(server.seen[0]?.range, undefined)
  })

  for (const count of [1, 4])
    it(`goes on after each of 50 cuts, over ${count} connection${count > 1 ? 's' : ''}`, async () => {
      let cuts = 50
      server.manner = () => ({
        ...plain,
        cut: cuts-- > 0 ? 1 + Math.floor(Math.random() * 2 * (size / 50)) : undefined,
      })
      const done = await fetched(1, { connections: { begin: count, most: count } })
      assert.ok(done.requests > 20)
      assert.ok(done.received < size * 1.1, `${done.received}`)
      assert.equal(done.connections, count)
    })

  it('an empty one, and one whose length nobody tells', async () => {
    server.manner = () => ({ ...plain, size: 0 })
    assert.equal((await fetched()).bytes, 0)
    path += '-2'
    server.manner = (_, index) => ({ ...plain, length: 'chunked', cut: index % 2 === 0 ? 3 * MiB : undefined })
    assert.equal((await fetched()).bytes, size)
  })

  it('an answer that asks to come later is asked later', async () => {
    let first = true
    server.manner = () => {
      if (!first) return plain
      first = false
      return { ...plain, status: 503, fields: { 'retry-after': '0' } }
    }
    assert.equal((await fetched()).requests, 2)
  })

  it('404 is an error, and leaves nothing', async () => {
    server.manner = () => ({ ...plain, status: 404 })
    await assert.rejects(client.download('/file', path), HttpError)
    assert.deepEqual(
      readdirSync(folder).filter(name => name.startsWith(basename(path))),
      [],
    )
  })

  it('is given up where nothing comes any more', async () => {
    server.manner = (_, index) => ({ ...plain, cut: index === 0 ? MiB : 0 })
    await assert.rejects(client.download('/file', path, { attempts: 2 }), NetworkError)
    assert.ok(!existsSync(path))
  })
})

describe('versions are never put together', () => {
  it('it changes in the middle: begun anew with the answer that says so', async () => {
    server.manner = () => (server.seen.length === 0 ? { ...plain, cut: 5 * MiB } : { ...plain, seed: 2 })
    const done = await fetched(2)
    assert.equal(done.requests, 2)
    assert.match(server.seen[1]?.range ?? '', /^bytes=\d+-/)
    assert.equal(server.seen[1]?.ifRange, '"version-1"')
  })

  it('it changes under four connections, with another length', async () => {
    server.manner = () =>
      server.seen.length < 6 ? { ...plain, cut: MiB / 2 } : { ...plain, seed: 2, size: size - 1000 }
    assert.equal((await fetched(2, { connections: { begin: 4, most: 4 } })).bytes, size - 1000)
  })

  it('it changes each time: given up', async () => {
    server.manner = () => ({ ...plain, seed: server.seen.length + 1, cut: MiB })
    await assert.rejects(
      client.download('/file', path),
      (error: unknown) => error instanceof TransferError && error.kind === 'changed',
    )
    assert.ok(!existsSync(path))
  })

  it('200 to If-Range though nothing changed: a plain range, checked by its tag', async () => {
    server.manner = () => ({ ...plain, ifRange: 'always-200', cut: server.seen.length === 0 ? 5 * MiB : undefined })
    const done = await fetched()
    assert.deepEqual(
      server.seen.map(({ ifRange }) => ifRange),
      [undefined, '"version-1"', undefined],
    )
    assert.match(server.seen[2]?.range ?? '', /^bytes=\d+-8388607$/)
    assert.ok(done.received < size * 1.1)
  })

  it('200 to If-Range, and a plain range of another version', async () => {
    server.manner = () => {
      const index = server.seen.length
      return { ...plain, ifRange: 'always-200', cut: index === 0 ? 5 * MiB : undefined, seed: index < 2 ? 1 : 2 }
    }
    await fetched(2)
  })

  it('by date where there is no tag', async () => {
    server.manner = () => ({ ...plain, validator: 'date', cut: server.seen.length === 0 ? MiB : undefined })
    await fetched()
    assert.equal(server.seen[1]?.ifRange, 'Thu, 01 Jan 2026 00:00:00 GMT')
    path += '-2'
    server.seen.length = 0
    server.manner = () =>
      server.seen.length === 0 ? { ...plain, validator: 'date', cut: MiB } : { ...plain, seed: 2, validator: 'date' }
    await fetched(2)
  })

  for (const validator of ['weak', 'none'] as const)
    it(`a validator that is ${validator} tells no versions apart: begun anew`, async () => {
      server.manner = () => ({ ...plain, validator, cut: server.seen.length < 2 ? MiB : undefined })
      const done = await fetched(1, { connections: { begin: 4, most: 4 } })
      assert.ok(server.seen.every(({ range }) => range === undefined))
      assert.deepEqual([done.requests, done.connections], [3, 1])
    })
})

describe('servers that lie', () => {
  for (const ranges of ['no', 'other-range', 'too-long', 'multipart'] as const)
    it(`${ranges}: all of it in one`, async () => {
      server.manner = () => ({ ...plain, ranges, cut: server.seen.length === 0 ? 2 * MiB : undefined })
      const done = await fetched(1, { connections: { begin: 3, most: 3 } })
      assert.ok(done.received >= size)
    })

  it('other bytes under the same tag are found by the digest, and once more it is fetched in one', async () => {
    const digest = digestOf(1, size)
    const fields = { 'repr-digest': `sha-256=:${Buffer.from(digest, 'hex').toString('base64')}:` }
    server.manner = () => ({
      ...plain,
      fields,
      ranges: 'wrong-bytes',
      cut: server.seen.length === 0 ? 2 * MiB : undefined,
    })
    const done = await fetched()
    assert.equal(done.verified, 'sha-256')
    assert.equal(done.received, size * 2)
  })

  it('a digest that is not held leaves no file', async () => {
    const rows = [digestOf(2, size), `sha-256=:${Buffer.from(digestOf(2, size), 'hex').toString('base64')}:`]
    for (const digest of rows)
      await assert.rejects(
        client.download('/file', path, { digest }),
        (error: unknown) => error instanceof TransferError && error.kind === 'digest',
      )
    assert.ok(!existsSync(path))
    await assert.rejects(client.download('/file', path, { digest: 'md5:x' }), TypeError)
    assert.equal((await fetched(1, { digest: digestOf(1, size) })).verified, 'sha-256')
  })
})

describe('a later run', () => {
  async function brokenOff(connections: DownloadOptions['connections'] = 1): Promise<void> {
    server.manner = () => ({ ...plain, cut: server.seen.length < 4 ? MiB : 0 })
    await assert.rejects(client.download('/file', path, { attempts: 1, connections }), NetworkError)
    server.seen.length = 0
    server.manner = () => plain
  }

  it('goes on with what is there', async () => {
    await brokenOff({ begin: 2, most: 2 })
    const notes = readFileSync(`${path}.part.json`, 'utf8')
    assert.equal(JSON.parse(notes).length, size)
    assert.ok(!notes.includes('127.0.0.1'))
    assert.equal(statSync(`${path}.part.json`).mode & 0o777, 0o600)
    const done = await fetched()
    assert.ok(done.resumedBytes > 2 * MiB)
    assert.equal(done.resumedBytes + done.received, size)
    assert.ok(server.seen.every(({ range, ifRange }) => range?.startsWith('bytes=') && ifRange === '"version-1"'))
  })

  it('begins anew where it is told to, the URL is another, the part is gone, or its notes are not to be read', async () => {
    const spoil: readonly (() => DownloadOptions | undefined)[] = [
      () => ({ resume: false }),
      () => ({ params: { other: 1 } }),
      () => void writeFileSync(`${path}.part`, ''),
      () => void writeFileSync(`${path}.part.json`, '{"missing":[{}]}'),
    ]
    for (const act of spoil) {
      path += '+'
      await brokenOff()
      assert.equal((await fetched(1, act() ?? {})).resumedBytes, 0)
    }
  })

  it('of another version begins anew', async () => {
    await brokenOff()
    server.manner = () => ({ ...plain, seed: 2 })
    await fetched(2)
  })

  it('after an abort', async () => {
    const controller = new AbortController()
    server.manner = () => ({ ...plain, pause: 1 })
    const stopped = client.download('/file', path, {
      signal: controller.signal,
      onProgress: ({ bytes }) => bytes > 2 * MiB && controller.abort(),
    })
    await assert.rejects(stopped, (error: unknown) => error instanceof NetworkError && error.kind === 'aborted')
    server.manner = () => plain
    assert.ok((await fetched()).resumedBytes > MiB)
  })
})

describe('a name', () => {
  const rows: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
    ['/a/report%20(1).pdf?x', {}, 'report (1).pdf'],
    ['/', {}, 'download'],
    ['/x', { 'content-disposition': 'attachment; filename="a b.txt"' }, 'a b.txt'],
    ['/x', { 'content-disposition': "attachment; filename=e.txt; filename*=UTF-8''na%C3%AFve.txt" }, 'naïve.txt'],
    ['/x', { 'content-disposition': 'attachment; filename="../../.bashrc"' }, 'bashrc'],
    ['/x', { 'content-disposition': 'attachment; filename="C:\\\\Windows\\\\NUL.txt"' }, '_NUL.txt'],
    ['/x', { 'content-disposition': "attachment; filename*=UTF-8''%00%2e%2e%2f..%2f..." }, 'x'],
    ['/x', { 'content-disposition': `attachment; filename*=UTF-8''${'%C3%A9'.repeat(300)}.tar.gz` }, ''],
  ]
  for (const [target, fields, expected] of rows)
    it(`${target} ${JSON.stringify(fields).slice(0, 80)}`, async () => {
      mkdirSync(path)
      server.manner = () => ({ seed: 1, size: 10, fields })
      const done = await client.download(target, path)
      if (expected !== '') assert.equal(basename(done.path), expected)
      else assert.ok(Buffer.byteLength(basename(done.path)) <= 200 && done.path.endsWith('.gz'))
      assert.equal(done.path, join(path, basename(done.path)))
      assert.equal(readFileSync(done.path).length, 10)
    })
})

const long = process.env.COMITY_LONG === '1'
it('1 GiB with 50 cuts over 4 connections, in constant memory', {
  skip: long ? false : 'COMITY_LONG=1 runs it',
}, async () => {
  const large = { seed: 3, size: 2 ** 30 }
  let cuts = 50
  server.manner = () => ({ ...large, cut: cuts-- > 0 ? Math.floor(Math.random() * 40 * MiB) : undefined })
  await client.download('/warm', `${path}-warm`, { connections: 1 }).finally(() => rmSync(`${path}-warm`))
  cuts = 50
  server.seen.length = 0
  const before = process.memoryUsage().rss
  let most = 0
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 20)
  const begun = performance.now()
  const done = await client.download('/file', path, {
    connections: { begin: 4, most: 4 },
    digest: digestOf(3, 2 ** 30),
  })
  const seconds = (performance.now() - begun) / 1000
  clearInterval(watch)
  const grown = (most - before) / MiB
  console.log(`1 GiB in ${seconds.toFixed(1)} s, ${done.requests} requests, RSS grew by ${grown.toFixed(1)} MiB`)
  assert.equal(done.verified, 'sha-256')
  assert.ok(done.requests > 50)
  assert.ok(grown <= 64, `${grown} MiB`)
})

const disk = join(folder, 'disk')
const mounted = (() => {
  try {
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

it('a full disk is told, and what came is kept', {
  skip: mounted ? false : 'no small disk can be made here',
}, async () => {
  path = join(disk, 'file')
  await assert.rejects(
    client.download('/file', path),
    (error: unknown) => error instanceof TransferError && error.kind === 'disk-full',
  )
  assert.ok(statSync(`${path}.part`).size > MiB)
  execFileSync('mount', ['-o', 'remount,size=20m', disk])
  const done = await client.download('/file', path)
  assert.ok(done.resumedBytes > MiB)
  assert.equal(await sha256(path), digestOf(1, size))
})
