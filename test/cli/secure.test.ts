// Over TLS and HTTP/2, and with the consent of a person.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as ask, createServer as createProxy } from 'node:http'
import { createSecureServer, type Http2SecureServer } from 'node:http2'
import { createServer, type Server } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Duplex, Readable, Writable } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import type { TLSSocket } from 'node:tls'
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

describe('a server that asks for the certificate of its client', () => {
  let strict: Server
  before(async () => {
    writeFileSync(join(folder, 'key.pem'), key)
    strict = createServer({ cert, key, ca: cert, requestCert: true, rejectUnauthorized: true }, (request, response) =>
      response.end((request.socket as TLSSocket).getPeerCertificate().subject.CN),
    ).listen(0, '127.0.0.1')
    await once(strict, 'listening')
  })
  after(() => strict.close())
  const asked = (...words: string[]) =>
    here(['get', `https://localhost:${(strict.address() as AddressInfo).port}/`, '--ca', 'ca.pem', ...words], folder)

  it('gets it by --cert and --key', async () => {
    const { code, out, err } = await asked('--cert', 'ca.pem', '--key', 'key.pem')
    assert.equal(err, '')
    assert.deepEqual([code, out], [0, 'localhost'])
  })
  it('answers nobody without', async () => assert.equal((await asked('--retry', '0')).code, 1))
  it('is told apart from a file that is none', async () =>
    assert.match((await asked('--cert', 'ca.pem', '--key', 'none.pem')).err, /^There is no key in none\.pem\. /))
})

describe('a proxy', () => {
  const seen: string[] = []
  const proxy = createProxy((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    const onward = ask(
      (request.url ?? '').replace('far.example', '127.0.0.1'),
      { method: request.method, headers: request.headers },
      answer => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    request.pipe(onward)
  })
  let address: string
  before(async () => {
    proxy.on('connect', ({ url = '' }, socket: Duplex) => {
      seen.push(`CONNECT ${url}`)
      const [host = '', port = ''] = url.split(':')
      const onward = connect(Number(port), host === 'far.example' ? '127.0.0.1' : host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        onward.pipe(socket).pipe(onward)
      })
      for (const end of [socket, onward]) end.on('error', () => {})
    })
    await once(proxy.listen(0, '127.0.0.1'), 'listening')
    address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`
  })
  after(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  const asked = async (words: readonly string[], env = {}) => {
    seen.length = 0
    const { err, out, code } = await here(['get', '--retry', '0', ...words], folder, '', { env })
    return { err, out, code, through: seen.map(line => line.replace(/:\d+/, '')) }
  }

  it('is gone through by --proxy, to servers of http and https', async () => {
    const clear = await asked([`${plain.host}/echo`, '--proxy', address])
    assert.equal(clear.err, '')
    assert.match(clear.out, /"method":"GET"/)
    assert.equal(clear.through.length, 1)
    const safe = await asked([url, '--ca', 'ca.pem', '--proxy', `http://${address}`])
    assert.deepEqual([safe.out, safe.through], ['safe', ['CONNECT localhost']])
  })
  it('is gone through by the variables, but not to this machine, nor to hosts of no_proxy', async () => {
    const env = { http_proxy: `http://${address}`, https_proxy: `http://${address}` }
    const far = `http://far.example:${plain.host.split(':')[1]}/echo`
    assert.equal((await asked([far], env)).through.length, 1)
    assert.deepEqual((await asked([`${plain.host}/echo`], env)).through, [])
    assert.deepEqual((await asked([far], { ...env, no_proxy: '.example' })).through, [])
    assert.deepEqual((await asked([far], { HTTP_PROXY: `http://${address}` })).through, [])
  })
  it('that is not there is said', async () => {
    const { code, err } = await asked([`${plain.host}/echo`, '--proxy', 'http://127.0.0.1:1'])
    assert.equal(code, 1)
    assert.match(err, /nothing listens at the proxy 127\.0\.0\.1:1\./)
  })
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
