// Which proxies are believed, and what they say.
import { compile } from 'proxy-addr'
import type { Mount } from './incoming.ts'

export type ProxyOptions = {
  /**
   * Whose `X-Forwarded-*` are believed: addresses and networks (`10.0.0.0/8`, `loopback`, `uniquelocal`), or `trusted`:
   * the nearest peer's, whoever it is. `ignored` by default.
   */
  readonly proxy?: 'trusted' | 'ignored' | readonly string[]
  /** Addresses and networks of proxies whose `Forwarded` (RFC 7239) is believed instead. */
  readonly forwarded?: readonly string[]
}

/** @throws TypeError where an address is none */
export function proxiesOf({ proxy, forwarded }: ProxyOptions): Pick<Mount, 'trusts' | 'proxies'> {
  const proxies = forwarded === undefined ? 'x-forwarded' : 'forwarded'
  const named = forwarded ?? (typeof proxy === 'object' ? proxy : undefined)
  if (named === undefined) return { proxies, trusts: undefined }
  const trusts = compile([...named])
  return { proxies, trusts: address => trusts(address, 0) }
}

/** Fastify's `trustProxy`. */
export function trustProxyOf({
  proxy,
  forwarded,
}: ProxyOptions): false | string[] | ((address: string, hop: number) => boolean) {
  if (forwarded !== undefined || proxy === undefined || proxy === 'ignored') return false
  return proxy === 'trusted' ? (_address, hop) => hop === 0 : [...proxy]
}
