// What --verbose and --offline show is what goes over the wire: compared with the bytes that a socket received.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { here } from './support/comity.ts'

const answer =
  'HTTP/1.1 200 Fine\r\nContent-Type: text/plain\r\nSet-Cookie: sid=s3cret; Path=/\r\nX-Two: 1\r\nX-Two: 2\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'
const folder = mkdtempSync(join(tmpdir(), 'comity-wire-'))
let server: Server
let host: string
let received = ''
before(async () => {
  writeFileSync(join(folder, 'data.json'), '{"ü":1}')
  server = createServer(socket => {
    socket.on('error', () => {})
    socket.on('data', piece => {
      received += piece
      const [head = '', content = ''] = received.split('\r\n\r\n')
      const length = Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0)
      if (received.includes('\r\n\r\n') && Buffer.byteLength(content) >= length) socket.end(answer)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

const rows: readonly (readonly string[])[] = [
  ['get', 'HOST/a%20b?c=d', 'e==f g'],
  ['head', 'HOST/'],
  ['options', 'HOST/x'],
  ['delete', 'HOST/x', 'If-Match:"1"'],
  ['post', 'HOST/x', '--no-stdin', 'Idempotency-Key:"k"'],
  ['post', 'HOST/x', 'name=Đà Nẵng', 'n:=1', 'Idempotency-Key:"k"'],
  ['put', 'HOST/x', '@data.json'],
  ['query', 'HOST/x', '--form', 'a=b'],
  ['get', 'HOST/x', '--auth', 'basic:ann:open', 'X-Token:t'],
  ['get', 'HOST/x', '--auth', 'query:key:k-1', 'Cookie:a=b; c=d'],
]

describe('a request as on the wire', () => {
  for (const row of rows) {
    const words = () => row.map(word => word.replace('HOST', host))
    it(row.join(' '), async () => {
      received = ''
      const sent = await here([...words(), '-v', '--show-secrets'], folder)
      const shown = sent.err
        .split('\n')
        .filter(line => line.startsWith('>'))
        .map(line => line.slice(2))
      // The empty line behind it all is for the eye.
      assert.equal(shown.slice(0, -1).join('\n'), received.replaceAll('\r\n', '\n').trimEnd())
      const offline = await here([...words(), '--offline', '--show-secrets'], folder)
      assert.equal(offline.out.trimEnd(), received.replaceAll('\r\n', '\n').trimEnd())
      assert.equal(offline.code, 0)
    })
  }
  it('sends nothing offline', async () => {
    received = ''
    await here(['post', `${host}/x`, 'a=1', '--offline'], folder)
    assert.equal(received, '')
  })
})

describe('an answer as on the wire', () => {
  it('has its fields as they came, and the content goes to standard output', async () => {
    received = ''
    const { out, err } = await here(['get', `${host}/x`, '-v', '--show-secrets'], folder)
    const head = err.split('\n').filter(line => line.startsWith('<'))
    assert.deepEqual(
      head,
      [...(answer.split('\r\n\r\n')[0] ?? '').split('\r\n'), ''].map(line => `< ${line}`.trimEnd()),
    )
    assert.equal(out, 'ok')
  })
})

describe('credentials', () => {
  const secret = [
    ['basic:ann:open', 'authorization: Basic ***'],
    ['bearer:mF_9', 'authorization: Bearer ***'],
    ['header:X-Api-Key:k-1', 'x-api-key: ***'],
    ['query:sesame:k-1', '/x?a=1&sesame=*** '],
  ] as const
  for (const [word, shown] of secret)
    for (const flag of ['-v', '--offline'])
      it(`${word} are hidden by ${flag}`, async () => {
        received = ''
        const { out, err } = await here(
          ['get', `${host}/x?a=1`, '--auth', word, flag, 'Cookie:sid=s3cret; b=2'],
          folder,
        )
        assert.ok((out + err).includes(shown), out + err)
        assert.ok((out + err).toLowerCase().includes('cookie: sid=***; b=***'), out + err)
        assert.doesNotMatch(out + err, /open|mF_9|k-1|s3cret|YW5u/)
      })
})
