// RFC 7517: the keys that tokens are signed by. Made on the first start, kept in the database, replaced when they are old:
// a new one is published before it is used, and an old one as long as anything it signed may be shown.
import type { JWK } from 'jose'
import type { RecordReads } from '../../../store/records.ts'
import { allRecords, type Keeping, noted } from '../../keeping.ts'

export type SigningKey = { readonly jwk: JWK; readonly created: number }

const kind = 'oauth-key'
/** RFC 9068 §2.1 asks for RS256; ES256 is what signs unless a client needs the other. */
const algorithms = ['ES256', 'RS256'] as const
/** Ms after which every verifier has fetched the keys anew: ours do so each ten minutes. */
const lead = 15 * 60_000
/** Ms for which a key that signs no more is published: longer than any JWT lives. */
const retired = 24 * 3_600_000

/** Those that are there; of each algorithm the one that signs is first. Makes what is missing, or older than `rotateAfter` ms. */
export async function signingKeys(keeping: Keeping, rotateAfter: number): Promise<readonly JWK[]> {
  const known = await keysIn(keeping.reads)
  for (const algorithm of algorithms) {
    const [newest] = known.filter(({ jwk }) => jwk.alg === algorithm)
    if (newest !== undefined && keeping.now() - newest.created < rotateAfter) continue
    await makeKey(keeping, algorithm, newest)
  }
  return inUse(await keysIn(keeping.reads), keeping.now())
}

/** A key of each algorithm that follows the present ones, whatever their age. */
export async function rotateKeys(keeping: Keeping): Promise<void> {
  const known = await keysIn(keeping.reads)
  for (const algorithm of algorithms)
    await makeKey(
      keeping,
      algorithm,
      known.find(({ jwk }) => jwk.alg === algorithm),
    )
}

/** The newest first. */
async function keysIn(reads: RecordReads): Promise<readonly SigningKey[]> {
  const keys = (await allRecords(reads, kind)).map(({ value }) => value as unknown as SigningKey)
  return keys.sort((one, other) => other.created - one.created)
}

/** A key signs once it has been published for a while; the first of all does at once. */
function inUse(keys: readonly SigningKey[], now: number): readonly JWK[] {
  const isReady = ({ created }: SigningKey) => created + lead <= now
  return [...keys.filter(isReady), ...keys.filter(key => !isReady(key)).reverse()].map(({ jwk }) => jwk)
}

async function makeKey(
  { write, now }: Keeping,
  algorithm: (typeof algorithms)[number],
  before: SigningKey | undefined,
): Promise<void> {
  const { generateKeyPair, exportJWK, calculateJwkThumbprint } = await import('jose')
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  const bare = await exportJWK(privateKey)
  const jwk = { ...bare, kid: await calculateJwkThumbprint(bare), alg: algorithm, use: 'sig' }
  await write(async tx => {
    const all = (await allRecords(tx, kind)).map(({ value }) => value as unknown as SigningKey)
    const newest = all.filter(key => key.jwk.alg === algorithm).sort((one, other) => other.created - one.created)[0]
    // Another process may have made one meanwhile.
    if (newest?.jwk.kid !== before?.jwk.kid) return
    await tx.putRecord(kind, jwk.kid, { value: { jwk, created: now() } })
    await noted(tx, 'created', 'signing-keys', jwk.kid)
    if (newest?.jwk.kid)
      await tx.putRecord(kind, newest.jwk.kid, { value: { ...newest }, expires: now() + lead + retired })
  })
}
