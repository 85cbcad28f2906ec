// comity keys: made, listed and revoked in the file of a database.
import type { ApiKey } from '@comity/server'
import { exitCodes } from '../../exit-codes.ts'
import { UsageError } from '../../output/complain.ts'
import type { Io } from '../../terminal/io.ts'
import { type DatabaseFlags, printRows, withCredentials } from '../accounts/database.ts'

export type KeyFlags = DatabaseFlags & {
  readonly scope?: readonly string[]
  readonly account?: string
  readonly expires?: string
}

/** The key alone goes to standard output, so that it can be put where it is needed. */
export function createCommand(name: string, flags: KeyFlags, io: Io): Promise<number> {
  const { scope, account, expires } = flags
  const until = expires === undefined ? undefined : readEnd(expires, Date.now())
  return withCredentials(flags, io, async credentials => {
    const { key, secret } = await credentials.createKey({
      name,
      ...(scope && { scopes: scope }),
      ...(account !== undefined && { account }),
      ...(until !== undefined && { expires: until }),
    })
    const end = key.expires === undefined ? 'until it is revoked' : `until ${timeOf(key.expires)}`
    io.stderr.write(`The key ${key.id} (${name}) is good ${end}. This is the only time that it is shown:\n`)
    io.stdout.write(`${secret}\n`)
    return exitCodes.ok
  })
}

export function listCommand(flags: DatabaseFlags, io: Io): Promise<number> {
  return withCredentials(flags, io, async credentials => {
    const now = Date.now()
    const logins = new Map((await credentials.accounts()).map(({ id, login }) => [id, login]))
    const rows = (await credentials.keys()).map(key => ({
      id: key.id,
      name: key.name,
      account: key.account === undefined ? undefined : (logins.get(key.account) ?? key.account),
      scopes: key.scopes?.join(' '),
      state: stateOf(key, now),
      created: timeOf(key.created),
      expires: timeOf(key.expires),
      lastUsed: timeOf(key.lastUsed),
    }))
    printRows(rows, 'There are no keys.', io)
    return exitCodes.ok
  })
}

export function revokeCommand(idOrName: string, flags: DatabaseFlags, io: Io): Promise<number> {
  return withCredentials(flags, io, async credentials => {
    const { id, name } = await credentials.revokeKey(idOrName)
    io.stderr.write(`The key ${id} (${name}) is refused from now on.\n`)
    return exitCodes.ok
  })
}

function stateOf({ revoked, expires }: ApiKey, now: number): string {
  if (revoked !== undefined) return 'revoked'
  return expires !== undefined && expires <= now ? 'expired' : 'active'
}

const timeOf = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString()

const units = { d: 86_400_000, h: 3_600_000, m: 60_000 } as const

/** `90d`, `12h`, `30m`, or a time; in ms since the epoch. */
function readEnd(text: string, now: number): number {
  const [, number, unit] = /^(\d{1,6})([dhm])$/.exec(text) ?? []
  if (unit !== undefined) return now + Number(number) * units[unit as keyof typeof units]
  const time = Date.parse(text)
  if (!Number.isNaN(time)) return time
  throw new UsageError(`“${text}” is no time`, 'Write 90d, 12h, 2027-01-31 or 2027-01-31T12:00:00Z')
}
