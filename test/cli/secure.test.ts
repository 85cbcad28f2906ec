// Over TLS and HTTP/2, and with the consent of a person.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createSecureServer, type Http2SecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import { run } from 'comity'
import { cert, key } from '../client/support/certificate.ts'
import { here } from './support/comity.ts'
import { type PlainServer, startPlainServer } from './support/plain-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'comity-secure-'))
let server: Http2SecureServer
let plain: PlainServer
let url: string
before(async () => {
  writeFileSync(join(folder, 'ca.pem'), cert)
  plain = await startPlainServer()
  server = createSecureServer({ cert, key, allowHTTP1: true }, (_, response) => {
    response.setHeader('content-type', 'text/plain')
    response.end('safe')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `https://localhost:${(server.address() as AddressInfo).port}/x`
})
after(() => {
  plain.close()
  server.close()
  rmSync(folder, { recursive: true })
})

describe('a server whose certificate nobody vouches for', () => {
  it('is refused, and it is said what to do', async () => {
    const { code, err } = await here(['get', url, '--retry', '0'], folder)
    assert.match(err, /its certificate is signed by itself\. Trust its authority with --ca FILE/)
    assert.equal(code, 1)
  })
  it('is asked with --ca, over HTTP/2 as -v shows', async () => {
    const { code, out, err } = await here(['get', url, '--ca', 'ca.pem', '-v'], folder)
    assert.deepEqual([code, out], [0, 'safe'])
    assert.match(
      err,
      /^> :authority: localhost:\d+\n> :method: GET\n> :path: \/x\n[\s\S]*< HTTP\/2 200\n< content-type: text\/plain\n/,
    )
  })
  it('is asked with --insecure', async () => assert.equal((await here(['get', url, '--insecure'], folder)).out, 'safe'))
  it('is not asked with a file that is not there', async () => {
    const { code, err } = await here(['get', url, '--ca', 'none.pem'], folder)
    assert.match(err, /The certificates in .*none\.pem cannot be read\. Give the path of a PEM file/)
    assert.equal(code, 2)
  })
})

describe('the consent of a person', () => {
  it('is asked for by an address, and its answer brings a token', async () => {
    const at = `http://${plain.host}`
    const word = `authorization-code:issuer=${at} client-id=me token-endpoint=${at}/token authorization-endpoint=${at}/authorize scope=read`
    const told = { out: '', err: '' }
    const out = new Writable({
      write(piece, _encoding, done) {
        told.out += piece
        done()
      },
    })
    // The person: opens the address, and is sent back to the listener.
    const err = new Writable({
      write(piece, _encoding, done) {
        told.err += piece
        const address = /To sign in, open (\S+)/.exec(String(piece))?.[1]
        done()
        if (address === undefined) return
        const { searchParams } = new URL(address)
        const back = new URL(searchParams.get('redirect_uri') ?? '')
        back.searchParams.set('state', searchParams.get('state') ?? '')
        back.searchParams.set('code', 'c-1')
        void fetch(back).then(response => response.text())
      },
    })
    const words = ['get', `${plain.host}/echo`, '--auth', word, '--select', '$.fields.authorization']
    const io = {
      stdin: Readable.from([]),
      stdout: out,
      stderr: err,
      env: { HOME: folder },
      cwd: folder,
      interrupted: new AbortController().signal,
    }
    assert.equal(await run(words, io), 0, told.err)
    assert.equal(told.out, 'Bearer other\n')
    // Kept for the next time, which asks nobody.
    told.out = ''
    told.err = ''
    assert.equal(await run(words, io), 0)
    assert.deepEqual(told, { out: 'Bearer other\n', err: '' })
  })
})
