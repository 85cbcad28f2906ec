// Mutual TLS (RFC 8446 §4.3.2): who a client is by the certificate that it shows, to this server or to a proxy before it
// (RFC 9440).
import { X509Certificate } from 'node:crypto'
import { parseItem } from '@comity/http'
import { compile } from 'proxy-addr'
import type { Exchange } from '../exchange/exchange.ts'
import { after, type Later } from '../store/store.ts'
import type { Caller } from './caller.ts'
import type { Authentication } from './scheme.ts'

/** A certificate that was checked against the authorities of `tls.clients`, or that a trusted proxy says it has checked. */
export type ClientCertificate = {
  /** A line for each attribute, as in `CN=app`. */
  readonly subject: string
  readonly issuer: string
  /** `DNS:app.example, URI:spiffe://…`; empty where there is none. */
  readonly subjectAltName: string
  /** SHA-256, hexadecimal digits in pairs with colons. */
  readonly fingerprint256: string
  readonly serialNumber: string
}

export type ClientCertificatesOptions = {
  /** Who a certificate makes its owner; undefined: nobody that is known here (401). */
  readonly caller: (certificate: ClientCertificate) => Later<Omit<Caller, 'scheme'> | undefined>
  /**
   * Addresses (`10.0.0.7`) and networks (`10.0.0.0/8`) of proxies that end TLS, whose `Client-Cert` field (RFC 9440) is
   * believed. They have to remove that field from what clients send. None by default.
   */
  readonly proxies?: readonly string[]
}

/** Longest Client-Cert that is read, in characters. */
const longest = 12_000

/**
 * Callers are who their certificates say. There is no challenge for it: TLS asks before HTTP does.
 * @throws TypeError where one of the proxies is neither an address nor a network
 */
export function clientCertificates({ caller, proxies = [] }: ClientCertificatesOptions): Authentication {
  const trusts = compile([...proxies])
  const trusted = (address: string) => trusts(address, 0)
  return {
    kind: 'authentication',
    scheme: 'mutual TLS',
    open: () => ({
      name: 'mutual TLS',
      isUsed: x => certificateOf(x, trusted) !== undefined,
      authenticate(x) {
        const shown = certificateOf(x, trusted)
        const refused = { kind: 'refused', code: 'credentials-invalid' } as const
        if (shown === undefined || shown === 'unreadable')
          return { ...refused, detail: 'The Client-Cert field that the proxy sent holds no certificate.' }
        const { subject, issuer, subjectAltName = '', fingerprint256, serialNumber } = shown
        return after(caller({ subject, issuer, subjectAltName, fingerprint256, serialNumber }), found =>
          found
            ? { kind: 'caller', caller: { ...found, scheme: 'mutual TLS' } }
            : { ...refused, detail: 'The certificate is nobody’s that is known here.' },
        )
      },
      challenges: () => [],
      described: { mutualTls: { type: 'mutualTLS', description: 'A certificate of the client.' } },
    }),
  }
}

function certificateOf(
  x: Exchange,
  isTrusted: (address: string) => boolean,
): X509Certificate | 'unreadable' | undefined {
  const own = x.incoming.certificate()
  if (own !== undefined) return own
  const field = x.field('client-cert')
  if (field === undefined || field.length > longest || !isTrusted(x.incoming.peer())) return undefined
  const [value] = parseItem(field) ?? []
  if (typeof value !== 'object' || value.kind !== 'bytes') return 'unreadable'
  try {
    return new X509Certificate(value.bytes)
  } catch {
    return 'unreadable'
  }
}
