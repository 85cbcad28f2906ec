// RFC 9530: digest fields
import { formatDictionary, isInnerList, itemOf, parseDictionary } from './structured.ts'

/** The algorithms in use; the others of the registry are either not secure or not digests of bytes. §5 */
export type HashAlgorithm = 'sha-256' | 'sha-512'

/** Digests by algorithm, as bytes. */
export type Digests = ReadonlyMap<HashAlgorithm, Uint8Array>

const lengths: ReadonlyMap<string, number> = new Map([
  ['sha-256', 32],
  ['sha-512', 64],
])

const isKnown = (algorithm: string): algorithm is HashAlgorithm => lengths.has(algorithm)

/**
 * What Content-Digest (§2) or Repr-Digest (§3) says. `absent` too where only algorithms that are not known are named,
 * since those are to be ignored; `malformed` where nothing can be read, or a digest has not as many bytes as it must.
 */
export type DigestField =
  | { readonly kind: 'absent' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'digests'; readonly digests: Digests }

export function parseDigests(field: string | undefined): DigestField {
  if (field === undefined) return { kind: 'absent' }
  const members = parseDictionary(field)
  if (members === undefined || members.size === 0) return { kind: 'malformed' }
  const digests = new Map<HashAlgorithm, Uint8Array>()
  for (const [algorithm, member] of members) {
    if (!isKnown(algorithm)) continue
    const value = isInnerList(member) ? undefined : member[0]
    if (typeof value !== 'object' || value.kind !== 'bytes') return { kind: 'malformed' }
    if (value.bytes.length !== lengths.get(algorithm)) return { kind: 'malformed' }
    digests.set(algorithm, value.bytes)
  }
  return digests.size > 0 ? { kind: 'digests', digests } : { kind: 'absent' }
}

/** Writes Content-Digest or Repr-Digest. */
export function formatDigests(digests: Digests): string {
  const members = Array.from(digests, ([algorithm, bytes]) => [algorithm, itemOf({ kind: 'bytes', bytes })] as const)
  return formatDictionary(new Map(members)) ?? ''
}

/**
 * The algorithm that Want-Content-Digest or Want-Repr-Digest prefers among those that are known (§4): weights are whole
 * numbers from 1 to 10, and 0 is a refusal. Of two alike the shorter digest; `undefined` where none is wanted.
 */
export function parseWantedDigest(field: string | undefined): HashAlgorithm | undefined {
  let wanted: HashAlgorithm | undefined
  let greatest = 0
  for (const [algorithm, member] of (field !== undefined && parseDictionary(field)) || []) {
    const weight = isInnerList(member) ? 0 : member[0]
    if (!isKnown(algorithm) || typeof weight !== 'number' || !(weight <= 10)) continue
    if (weight > greatest || (weight === greatest && weight > 0 && algorithm === 'sha-256')) wanted = algorithm
    greatest = Math.max(greatest, weight)
  }
  return wanted
}
