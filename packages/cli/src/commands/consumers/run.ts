// comity consumers: in the file of a database.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { exitCodes } from '../../exit-codes.ts'
import { UsageError } from '../../output/complain.ts'
import type { Io } from '../../terminal/io.ts'
import { type DatabaseFlags, printRows, withCredentials } from '../accounts/database.ts'

export type ConsumerFlags = DatabaseFlags & {
  readonly scope?: readonly string[]
  readonly callback?: readonly string[]
  readonly twoLegged?: boolean
  readonly publicKey?: string
}

export async function createCommand(name: string, flags: ConsumerFlags, io: Io): Promise<number> {
  const { scope, callback = [], twoLegged, publicKey } = flags
  const pem = publicKey === undefined ? undefined : await readKey(resolve(io.cwd, publicKey))
  return withCredentials(flags, io, async credentials => {
    const { consumer, secret } = await credentials.addConsumer({
      name,
      callbacks: callback,
      twoLegged: twoLegged ? 'allowed' : 'refused',
      ...(scope && { scopes: scope }),
      ...(pem !== undefined && { publicKey: pem }),
    })
    io.stderr.write(
      secret === undefined ? 'Its key:\n' : 'Its key and secret; this is the only time that they are shown:\n',
    )
    io.stdout.write(`${consumer.key}\n${secret === undefined ? '' : `${secret}\n`}`)
    return exitCodes.ok
  })
}

async function readKey(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    throw new UsageError(`${path} cannot be read`, 'Name the file of the public key, in PEM')
  }
}

export function listCommand(flags: DatabaseFlags, io: Io): Promise<number> {
  return withCredentials(flags, io, async credentials => {
    const rows = (await credentials.consumers()).map(consumer => ({
      key: consumer.key,
      name: consumer.name,
      state: consumer.revoked === undefined ? 'active' : 'revoked',
      scopes: consumer.scopes?.join(' '),
      callbacks: consumer.callbacks.join(' '),
      twoLegged: consumer.twoLegged,
      signs: consumer.signs,
    }))
    printRows(rows, 'There are no consumers.', io)
    return exitCodes.ok
  })
}

export function revokeCommand(key: string, flags: DatabaseFlags, io: Io): Promise<number> {
  return withCredentials(flags, io, async credentials => {
    const { name } = await credentials.revokeConsumer(key)
    io.stderr.write(`The consumer ${key} (${name}) is refused from now on.\n`)
    return exitCodes.ok
  })
}
