// What goes wrong in a day's work, and how the command says so: circles, full disks, words the other way round, stops.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { here, start } from './support/comity.ts'

const folder = mkdtempSync(join(tmpdir(), 'comity-odd-'))
const big = Buffer.from('c249010000000000000000', 'hex')
const contents: Readonly<Record<string, readonly [type: string, content: string | Buffer]>> = {
  '/object': ['application/json', '{"a":1}'],
  '/document.json': ['application/json', '{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{}}'],
  '/text': ['text/plain', 'kept'],
  // {"id": 1, "big": 2(…), "bytes": h'ff00', "price": 4([-2, 1250]), "none": undefined}
  '/cbor': [
    'application/cbor',
    Buffer.concat([
      Buffer.from('a5626964016362696'.concat('7'), 'hex'),
      big,
      Buffer.from('6562797465' + '7342ff00', 'hex'),
      Buffer.from('657072696365c482211904e2', 'hex'),
      Buffer.from('646e6f6e65f7', 'hex'),
    ]),
  ],
  '/no-cbor': ['application/cbor', Buffer.from('ff', 'hex')],
}
const server = createServer(({ url = '' }, response) => {
  const [type, content] = contents[url.replace(/\?.*/, '')] ?? []
  if (content !== undefined && type !== undefined) response.setHeader('content-type', type).end(content)
  else if (url === '/circle') response.writeHead(302, { location: '/circle' }).end()
  else if (url === '/slow') return
  else if (url.startsWith('/other')) response.writeHead(404).end()
  else response.writeHead(200, { 'content-type': 'application/json' }).end('[]')
})
let host = ''
before(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  host = `localhost:${(server.address() as AddressInfo).port}`
})
after(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true })
})

const asked = (...words: string[]) => here(words, folder)

describe('what is wrong is told with what to try', () => {
  const rows: readonly (readonly [words: string, code: number, err: RegExp])[] = [
    ['get ht!tp://x', 2, /^“ht!tp:\/\/x” is no URL\./],
    ['get HOST/circle', 3, /^302 Found: .* It was not followed: the redirections go round in a circle\.\n$/],
    ['links HOST/circle', 3, /It was not followed: the redirections go round in a circle\.\n$/],
    ['get HOST/circle --no-follow', 3, /leave out --no-follow to go there\.\n$/],
    ['get', 2, /^Missing required argument 'url'\. See comity get --help\.\n$/],
    ['get HOST/object --nope', 2, /^Unknown option '--nope'\. See comity get --help\.\n$/],
    ['lnks', 2, /^Unknown command 'lnks'\. \(Did you mean links\?\) See comity --help\.\n$/],
    ['metrics urls.txt', 2, /^urls\.txt is not there\. Name a file of URLs, one a line, or a URL\.\n$/],
    ['export rows.csv HOST/object', 2, /is a URL, and a file is expected\. Write comity export URL FILE\.\n$/],
    ['import HOST/object rows.csv', 2, /is a URL, and a file is expected\. Write comity import FILE URL\.\n$/],
    ['export HOST/object rows.csv', 1, /there is no array in it; say by --items \/POINTER where it is\.\n$/],
    ['download HOST/text -o x --sha256 ZEROS', 1, /^http:\/\/HOST\/text: what was received is not what sha-256 says\./],
    ['lint HOST/text', 2, /\/text is no OpenAPI document/],
    ['get HOST/no-cbor --as json', 1, /^The content says that it is CBOR, and cannot be read as that: /],
    [
      'get HOST/object --cert a.pem',
      2,
      /^A certificate and its key go together\. Give both --cert FILE and --key FILE/,
    ],
    ['get HOST/object --cert no.pem --key no.pem', 2, /^There is no certificate in no\.pem\./],
    ['get HOST/object --proxy ftp://x', 2, /^“ftp:\/\/x” is no proxy that can be asked\./],
  ]
  for (const [line, code, err] of rows)
    it(line, async () => {
      const words = line.replace('HOST', host).replace('ZEROS', '0'.repeat(64)).split(' ')
      const ended = await asked(...words)
      assert.match(ended.err, new RegExp(err.source.replace('HOST', host)))
      assert.equal(ended.code, code)
    })
  it('and nothing is left of a file that is not what it should be', () => assert.ok(!existsSync(join(folder, 'x'))))
})

it('a file to write is told by -o and by --out, of every command', async () => {
  for (const flag of ['-o', '--out'])
    for (const [command, path] of [
      ['get', '/text'],
      ['download', '/text'],
      ['table', '/text'],
    ] as const) {
      const name = `${command}${flag}.csv`
      const { code, err } = await asked(command, host + path, flag, name)
      assert.equal(err, '')
      assert.equal(code, 0)
      assert.ok(existsSync(join(folder, name)), name)
    }
})

it('lint takes the short URL of a server on this machine', async () => {
  const { out, code } = await asked('lint', `${host}/document.json`)
  assert.match(out, /\/document\.json: nothing found by \d+ rules\./)
  assert.equal(code, 0)
})

it('CBOR is read as the values that JSON has', async () => {
  assert.deepEqual(
    JSON.parse((await asked('get', `${host}/cbor`, '--as', 'ndjson')).out.replace('18446744073709551616', '"big"')),
    {
      id: 1,
      big: 'big',
      bytes: '_wA',
      price: '12.50',
      none: null,
    },
  )
  assert.equal((await asked('get', `${host}/cbor`, '--select', '$.price')).out, '12.50\n')
})

describe('a stop', () => {
  it('by Ctrl-C ends links with 130, and needs no words', async () => {
    const stop = new AbortController()
    server.on('request', ({ url }) => url === '/slow' && stop.abort())
    const ended = await here(['links', `${host}/slow`], folder, '', { interrupted: stop.signal })
    assert.deepEqual([ended.code, ended.err], [130, ''])
  })
  it('by SIGTERM ends with 143', async () => {
    const { child, ended } = start(['get', `${host}/slow`], folder)
    await once(server, 'request')
    child.kill('SIGTERM')
    assert.equal((await ended).code, 143)
  })
})

it('a full disk is told in a sentence', { skip: !existsSync('/dev/full') && 'there is no /dev/full' }, async () => {
  const bin = fileURLToPath(new URL('../../packages/cli/src/bin.ts', import.meta.url))
  const words = ['--conditions=@comity/source', '--no-warnings', bin, 'status', '404']
  const child = spawn(process.execPath, words, { stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'] })
  let err = ''
  child.stderr?.on('data', piece => {
    err += piece
  })
  const [code] = await once(child, 'close')
  assert.equal(err, 'There is no room left for the output.\n')
  assert.equal(code, 1)
})

writeFileSync(join(folder, 'a.pem'), '')
