// RFC 9530: what the whole of a representation has to hash to
import { createHash } from 'node:crypto'
import { parseDictionary } from '@comity/http'

export type Checksum = { readonly algorithm: 'sha-256' | 'sha-512'; readonly value: Uint8Array }

const sizes = { 'sha-256': 32, 'sha-512': 64 } as const

/** What a caller expects: `sha-256=:…:` as in Repr-Digest, or the 64 hexadecimal digits of a SHA-256. @throws TypeError */
export function parseChecksum(text: string): Checksum {
  if (/^[0-9a-f]{64}$/i.test(text)) return { algorithm: 'sha-256', value: Buffer.from(text, 'hex') }
  const read = promised(text)
  if (read === undefined) throw new TypeError('a digest is `sha-256=:…:` (RFC 9530), or 64 hexadecimal digits')
  return read
}

/** What Repr-Digest promises: the strongest that is known. §3; an unknown or malformed one is ignored. */
export function promised(field: string | undefined): Checksum | undefined {
  const members = parseDictionary(field ?? '')
  for (const algorithm of ['sha-512', 'sha-256'] as const) {
    const value = members?.get(algorithm)?.[0]
    if (typeof value !== 'object' || !('kind' in value) || value.kind !== 'bytes') continue
    if (value.bytes.length === sizes[algorithm]) return { algorithm, value: value.bytes }
  }
  return undefined
}

/** Do these bytes, all of them, hash to it? */
export async function holds({ algorithm, value }: Checksum, pieces: AsyncIterable<Uint8Array>): Promise<boolean> {
  const hash = createHash(algorithm.replace('-', ''))
  for await (const piece of pieces) hash.update(piece)
  return hash.digest().equals(value)
}
