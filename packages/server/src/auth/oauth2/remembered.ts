// Signatures that were verified lately: a client sends the same token with each request, and verifying one takes longer than
// reading a row. What it stands for is looked up each time all the same.
import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { TokenRead } from './token.ts'

const most = 10_000
/** Ms for which a key that its issuer has withdrawn may still count. */
const believedFor = 60_000

/** Reads a token again only after a while. What is no good is read each time. */
export function remembering(
  read: (token: string, now: number) => Promise<TokenRead>,
): (token: string, now: number) => Promise<TokenRead> {
  const known = new LRUCache<string, { readonly read: TokenRead; readonly until: number }>({ max: most })
  return async (token, now) => {
    // The name of a token is no token.
    const name = createHash('sha256').update(token).digest('base64')
    const before = known.get(name)
    if (before !== undefined && before.until > now) return before.read
    const outcome = await read(token, now)
    if (outcome.kind === 'token') {
      const end = outcome.token.expires ?? 0
      known.set(name, { read: outcome, until: Math.min(end, now + believedFor) })
    }
    return outcome
  }
}
