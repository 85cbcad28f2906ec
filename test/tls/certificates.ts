// An authority, and certificates that it signed: for a server on this machine, and for clients.
import { generate } from 'selfsigned'

export type Pair = { readonly key: string; readonly cert: string }
export type Certificates = {
  readonly authority: Pair
  readonly server: Pair
  readonly client: Pair
  readonly stranger: Pair
}

const named = (name: string) => [{ name: 'commonName', value: name }]
const soon = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const

export async function makeCertificates(): Promise<Certificates> {
  const ca = await generate(named('Test authority'), {
    ...soon,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  const authority = { key: ca.private, cert: ca.cert }
  const signed = async (name: string, extensions: object[]): Promise<Pair> => {
    const made = await generate(named(name), { ...soon, ca: authority, extensions: extensions as never })
    return { key: made.private, cert: made.cert }
  }
  const names = [
    { type: 2 as const, value: 'localhost' },
    { type: 7 as const, ip: '127.0.0.1' },
  ]
  const server = await signed('localhost', [
    { name: 'subjectAltName', altNames: names },
    { name: 'extKeyUsage', serverAuth: true },
  ])
  const client = await signed('partner', [{ name: 'extKeyUsage', clientAuth: true }])
  const strange = await generate(named('stranger'), soon)
  return { authority, server, client, stranger: { key: strange.private, cert: strange.cert } }
}
