// An authorization server of few words: metadata, keys that can be changed, and introspection. It signs whatever it is told to.
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

export type Issuer = {
  readonly url: string
  /** The key that signs by default, and what of it is published. */
  key: { readonly kid: string; readonly privateKey: CryptoKey }
  published: JWK[]
  /** What introspection says of a token. */
  readonly opaque: Map<string, Readonly<Record<string, unknown>>>
  /** Paths that were asked for. */
  readonly asked: string[]
  /** How its endpoints answer. */
  manner: 'well' | 'error' | 'hang' | 'endless'
  readonly rotate: (kid: string, published: 'with-the-old' | 'alone') => Promise<void>
  readonly sign: (
    claims?: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ) => Promise<string>
  readonly close: () => Promise<void>
}

export async function startIssuer(audience: string): Promise<Issuer> {
  const hanging: ServerResponse[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    it.asked.push(path)
    const json = (value: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
    if (it.manner === 'error') return void response.writeHead(500).end()
    if (it.manner === 'hang') return void hanging.push(response)
    if (it.manner === 'endless') {
      const pour = () => {
        while (!response.destroyed && response.write(' '.repeat(65_536)));
      }
      response.on('drain', pour)
      return pour()
    }
    if (path === '/.well-known/oauth-authorization-server')
      return void json({ issuer: it.url, jwks_uri: `${it.url}/keys` })
    if (path === '/keys') return void json({ keys: it.published })
    let body = ''
    request.on('data', piece => {
      body += piece
    })
    request.on('end', () => {
      if (request.headers.authorization !== `Basic ${btoa('api:s%3Acret')}`) return void response.writeHead(401).end()
      json(it.opaque.get(new URLSearchParams(body).get('token') ?? '') ?? { active: false })
    })
  })
  server.listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const made = async (kid: string) => {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    return { key: { kid, privateKey }, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } }
  }
  const first = await made('first')
  const it: Issuer = {
    url,
    key: first.key,
    published: [first.jwk],
    opaque: new Map(),
    asked: [],
    manner: 'well',
    async rotate(kid, published) {
      const next = await made(kid)
      it.key = next.key
      it.published = published === 'alone' ? [next.jwk] : [next.jwk, ...it.published]
    },
    sign(claims = {}, header = {}) {
      const now = Math.floor(Date.now() / 1000)
      const whole = {
        iss: url,
        aud: audience,
        sub: 'ann',
        client_id: 'app',
        jti: 'j',
        iat: now,
        exp: now + 300,
        scope: 'read write',
        ...claims,
      }
      return new SignJWT(whole)
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: it.key.kid, ...header })
        .sign(it.key.privateKey)
    },
    async close() {
      for (const response of hanging) response.destroy()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  return it
}
