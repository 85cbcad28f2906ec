// comity accounts: in the file of a database.
import { text } from 'node:stream/consumers'
import { exitCodes } from '../../exit-codes.ts'
import { UsageError } from '../../output/complain.ts'
import type { Io } from '../../terminal/io.ts'
import { type DatabaseFlags, printRows, withCredentials } from './database.ts'

export type PasswordFlags = DatabaseFlags & { readonly passwordStdin?: boolean }

export type AddFlags = PasswordFlags & {
  readonly scope?: readonly string[]
  /** `name=value` */
  readonly claim?: readonly string[]
}

export async function addCommand(login: string, flags: AddFlags, io: Io): Promise<number> {
  const { scope, claim = [] } = flags
  const claims = Object.fromEntries(claim.map(readClaim))
  const given = await passwordFrom(flags, io)
  return withCredentials(flags, io, async credentials => {
    const { account, password } = await credentials.addAccount({
      login,
      claims,
      ...(scope && { scopes: scope }),
      ...(given !== undefined && { password: given }),
    })
    io.stderr.write(`The account ${account.login} was added, with the id ${account.id}.\n`)
    if (given === undefined) tell(password, io)
    return exitCodes.ok
  })
}

export function listCommand(flags: DatabaseFlags, io: Io): Promise<number> {
  return withCredentials(flags, io, async credentials => {
    const rows = (await credentials.accounts()).map(({ id, login, scopes, claims, state }) => ({
      id,
      login,
      state,
      scopes: scopes?.join(' '),
      claims: JSON.stringify(claims),
    }))
    printRows(rows, 'There are no accounts.', io)
    return exitCodes.ok
  })
}

export async function passwordCommand(login: string, flags: PasswordFlags, io: Io): Promise<number> {
  const given = await passwordFrom(flags, io)
  return withCredentials(flags, io, async credentials => {
    const { password } = await credentials.setPassword(login, given)
    io.stderr.write(`The account ${login} has a new password.\n`)
    if (given === undefined) tell(password, io)
    return exitCodes.ok
  })
}

export function stateCommand(login: string, how: 'disable' | 'enable', flags: DatabaseFlags, io: Io): Promise<number> {
  return withCredentials(flags, io, async credentials => {
    if (how === 'disable') await credentials.disableAccount(login)
    else await credentials.enableAccount(login)
    io.stderr.write(`The account ${login} is ${how === 'disable' ? 'refused from now on' : 'let in again'}.\n`)
    return exitCodes.ok
  })
}

function tell(password: string, { stdout, stderr }: Io): void {
  stderr.write('Its password; this is the only time that it is shown:\n')
  stdout.write(`${password}\n`)
}

/** A password is no word of a command line, where other users and the shell's history would see it. */
async function passwordFrom({ passwordStdin }: PasswordFlags, { stdin }: Io): Promise<string | undefined> {
  if (passwordStdin !== true) return undefined
  return (await text(stdin)).replace(/\r?\n$/, '')
}

function readClaim(text: string): readonly [string, string] {
  const equals = text.indexOf('=')
  if (equals < 1) throw new UsageError(`“${text}” is no claim`, 'Write it as NAME=VALUE')
  return [text.slice(0, equals), text.slice(equals + 1)]
}
