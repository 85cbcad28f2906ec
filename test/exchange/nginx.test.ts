// Behind a real shared cache: nginx keeps what Cache-Control, Vary and ETag let it keep, and no more.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { collection, defineApi, text } from '@comity/server'
import { type Served, startApi } from '../support/bank.ts'
import { type Answered, agent, call, type Fields } from '../support/call.ts'

const nginx = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx'].find(existsSync)
const here = nginx ? {} : { skip: 'nginx is not installed here' }

const fields = { name: text({ max: 10_000 }) }
const api = defineApi({
  title: 'Behind nginx',
  resources: {
    fresh: collection({ singular: 'fresh-one', fields, cacheControl: { visibility: 'public', maxAge: 600 } }),
    briefs: collection({ fields, cacheControl: { visibility: 'public', maxAge: 1 } }),
    owns: collection({ fields, cacheControl: { maxAge: 600 } }),
    asked: collection({ singular: 'asked-one', fields }),
  },
})

let folder = ''
let origin: Served
let proxy: ChildProcess | undefined
let url = ''

const conf = (port: number) => `
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off; pid nginx.pid; error_log stderr error; worker_processes 1;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  proxy_cache_path cache keys_zone=c:1m;
  upstream origin { server ${new URL(origin.url).host}; keepalive 4; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_cache c; proxy_cache_revalidate on;
      add_header X-Cache $upstream_cache_status always;
    }
    # Where nginx caches, it takes conditions and ranges off what it passes on: what it may not keep goes another way.
    location /direct/ {
      proxy_pass http://origin/; proxy_http_version 1.1; proxy_set_header Connection "";
    }
  }
}`

const freePort = () =>
  new Promise<number>(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

const isOpen = (port: number) =>
  new Promise<boolean>(resolve => {
    const socket = connect(port, '127.0.0.1', () => socket.end(() => resolve(true)))
    socket.on('error', () => resolve(false))
  })

const soon = () => new Promise(resolve => setTimeout(resolve, 50))

before(async () => {
  if (!nginx) return
  origin = await startApi(api)
  folder = await mkdtemp(join(tmpdir(), 'comity-nginx-'))
  for (const name of ['cache', 'body', 'proxy']) await mkdir(join(folder, name))
  const port = await freePort()
  await writeFile(join(folder, 'nginx.conf'), conf(port))
  proxy = spawn(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], { stdio: 'ignore' })
  while (!(await isOpen(port))) {
    assert.equal(proxy.exitCode, null, 'nginx has ended')
    await soon()
  }
  url = `http://127.0.0.1:${port}`
})

after(async () => {
  agent.destroy()
  if (!nginx) return
  if (proxy && proxy.exitCode === null) {
    const ended = new Promise(resolve => proxy?.once('exit', resolve))
    proxy.kill('SIGTERM')
    await ended
  }
  await origin?.close()
  await rm(folder, { recursive: true })
})

const ask = (method: string, path: string, more?: Fields, body?: unknown) => call(method, url + path, more, body)

async function made(list: string, name = 'one') {
  const { fields, status } = await ask('POST', `/${list}`, {}, { name })
  assert.equal(status, 201)
  return { path: fields.location ?? '', etag: fields.etag ?? '' }
}

const had = ({ fields }: Answered) => fields['x-cache']

test('what is fresh is answered by the cache, to everybody', here, async () => {
  const { path } = await made('fresh')
  assert.equal(had(await ask('GET', path)), 'MISS')
  const second = await ask('GET', path)
  assert.deepEqual([had(second), second.json().name], ['HIT', 'one'])
  await ask('PATCH', path, {}, { name: 'two' })
  // Ten minutes are what the definition has promised to caches.
  assert.deepEqual([had(await ask('GET', path)), (await ask('GET', path)).json().name], ['HIT', 'one'])
  assert.equal((await origin.call('GET', path)).json().name, 'two')
})

test('no-cache: the other client sees each write at once', here, async () => {
  const { path } = await made('asked')
  for (const name of ['two', 'three', 'four']) {
    await ask('GET', path)
    await ask('PATCH', path, {}, { name })
    const other = await ask('GET', path)
    assert.deepEqual([other.json().name, had(other) === 'HIT'], [name, false])
  }
})

test(
  'max-age: the other client sees a write when its second is over, and what did not change is confirmed',
  here,
  async () => {
    const { path } = await made('briefs')
    const still = await made('briefs', 'still')
    await ask('GET', path)
    await ask('GET', still.path)
    await ask('PATCH', path, {}, { name: 'two' })
    const until = Date.now() + 5_000
    let seen = await ask('GET', path)
    while (seen.json().name !== 'two') {
      assert.ok(Date.now() < until, 'the write is never seen')
      assert.equal(had(seen), 'HIT')
      await soon()
      seen = await ask('GET', path)
    }
    assert.equal(had(seen), 'EXPIRED')
    const confirmed = await ask('GET', still.path)
    assert.deepEqual([confirmed.status, had(confirmed), confirmed.json().name], [200, 'REVALIDATED', 'still'])
  },
)

test('what is for who carries credentials is kept for nobody', here, async () => {
  const { path } = await made('owns')
  const theirs = await ask('GET', path, { authorization: 'Bearer x' })
  assert.equal(theirs.fields['cache-control'], 'private, max-age=600')
  assert.equal(had(await ask('GET', path)), 'MISS')
  assert.equal(had(await ask('GET', path)), 'HIT')
})

test('Vary: each format and each coding is kept for itself', here, async () => {
  const { path } = await made('fresh', 'x'.repeat(5_000))
  const asks: readonly Fields[] = [
    { accept: 'application/json' },
    { accept: 'application/xml' },
    { accept: 'application/json', 'accept-encoding': 'gzip' },
    { accept: 'text/csv', 'accept-encoding': 'gzip' },
  ]
  for (const expected of ['MISS', 'HIT'])
    for (const more of asks) {
      const answer = await ask('GET', path, more)
      const direct = await origin.call('GET', path, more)
      assert.equal(had(answer), expected, JSON.stringify(more))
      for (const name of ['content-type', 'content-encoding', 'etag', 'vary', 'content-length'])
        assert.equal(answer.fields[name], direct.fields[name], name)
      assert.equal(answer.text, direct.text)
    }
})

const ways = [
  ['fresh', ''],
  ['asked', '/direct'],
] as const

test('304 from the cache, and from behind it', here, async () => {
  for (const [list, way] of ways) {
    const { path, etag } = await made(list)
    await ask('GET', way + path)
    assert.equal((await ask('GET', way + path, { 'if-none-match': etag })).status, 304, list)
    assert.equal((await ask('GET', way + path, { 'if-none-match': '"x"' })).status, 200, list)
  }
  const { path } = await made('fresh')
  assert.equal((await ask('PATCH', path, { 'if-match': '"x"' }, { name: 'two' })).status, 412)
})

test('ranges, of what the cache has and of what it passes on', here, async () => {
  for (const [list, way] of ways) {
    const path = way + (await made(list, 'r'.repeat(3_000))).path
    const whole = await ask('GET', path)
    for (const [range, first, last] of [
      ['bytes=0-9', 0, 9],
      ['bytes=100-', 100, whole.text.length - 1],
      ['bytes=-7', whole.text.length - 7, whole.text.length - 1],
    ] as const) {
      const part = await ask('GET', path, { range, 'if-range': whole.fields.etag })
      assert.deepEqual(
        [part.status, part.fields['content-range'], part.text],
        [206, `bytes ${first}-${last}/${whole.text.length}`, whole.text.slice(first, last + 1)],
        `${list} ${range}`,
      )
    }
    const none = await ask('GET', path, { range: 'bytes=99999-' })
    assert.deepEqual([none.status, none.fields['content-range']], [416, `bytes */${whole.text.length}`], list)
    const changed = await ask('GET', path, { range: 'bytes=0-9', 'if-range': '"x"' })
    assert.deepEqual([changed.status, changed.text], [200, whole.text], list)
    const several = await ask('GET', path, { range: 'bytes=0-9,20-29' })
    assert.match(several.fields['content-type'] ?? '', /^multipart\/byteranges/)
  }
})
