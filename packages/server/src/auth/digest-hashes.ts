// RFC 7616 §3.4.2, §3.4.4: what is kept of a password and a login for Digest. Whoever has H(A1) can sign in to the realm
// by Digest, so it is made only where an API declares the scheme.
import { createHash } from 'node:crypto'
import type { DigestAlgorithm } from '@comity/http'

/** A realm, and the algorithms that it is asked with. */
export type DigestRealm = { readonly realm: string; readonly algorithms: readonly DigestAlgorithm[] }

export type DigestHashes = {
  readonly realm: string
  /** H(A1) by algorithm. */
  readonly keys: Readonly<Record<string, string>>
  /** The hash of user and realm by algorithm. */
  readonly users: Readonly<Record<string, string>>
}

const names: Readonly<Record<DigestAlgorithm, string>> = {
  MD5: 'md5',
  'SHA-256': 'sha256',
  'SHA-512-256': 'sha512-256',
}

/** As `node:crypto` calls it. */
export const nodeHash = (algorithm: DigestAlgorithm): string => names[algorithm]

/** In lower-case hexadecimal; texts in UTF-8. */
export const digestHash = (algorithm: DigestAlgorithm, data: string | Uint8Array): string =>
  createHash(names[algorithm]).update(data).digest('hex')

export function digestHashesOf({ realm, algorithms }: DigestRealm, login: string, password: string): DigestHashes {
  const by = (text: string) => Object.fromEntries(algorithms.map(each => [each, digestHash(each, text)]))
  const user = `${login}:${realm}`
  return { realm, keys: by(`${user}:${password.normalize('NFC')}`), users: by(user) }
}
