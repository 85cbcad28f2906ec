// comity clients: registered, listed and revoked in the file of a database.
import type { NewClient } from '@comity/server'
import { exitCodes } from '../../exit-codes.ts'
import type { Io } from '../../terminal/io.ts'
import { type DatabaseFlags, printRows, withCredentials } from '../accounts/database.ts'

export type ClientFlags = DatabaseFlags & {
  readonly redirectUri?: readonly string[]
  readonly scope?: readonly string[]
  readonly grant?: NewClient['grants']
  readonly consent: 'asked' | 'implied'
  readonly public?: true
  readonly introspects?: true
}

/** Id and secret go to standard output, a line each, so that a script can take them. */
export function createCommand(name: string, flags: ClientFlags, io: Io): Promise<number> {
  const { redirectUri, scope, grant, consent } = flags
  return withCredentials(flags, io, async credentials => {
    const { client, secret } = await credentials.addClient({
      name,
      consent,
      kind: flags.public ? 'public' : 'confidential',
      introspection: flags.introspects ? 'all' : 'own',
      ...(redirectUri && { redirectUris: redirectUri }),
      ...(scope && { scopes: scope }),
      ...(grant && { grants: grant }),
    })
    const said = secret === undefined ? 'It has no secret' : 'This is the only time that its secret is shown'
    io.stderr.write(`The client ${client.id} (${name}) may use ${client.grants.join(', ')}. ${said}:\n`)
    io.stdout.write(`${client.id}\n${secret === undefined ? '' : `${secret}\n`}`)
    return exitCodes.ok
  })
}

export function listCommand(flags: DatabaseFlags, io: Io): Promise<number> {
  return withCredentials(flags, io, async credentials => {
    const rows = (await credentials.clients()).map(client => ({
      id: client.id,
      name: client.name,
      kind: client.kind,
      grants: client.grants.join(' '),
      scopes: client.scopes?.join(' '),
      redirectUris: client.redirectUris.length > 0 ? client.redirectUris.join(' ') : undefined,
      consent: client.consent,
      created: new Date(client.created).toISOString(),
    }))
    printRows(rows, 'There are no clients.', io)
    return exitCodes.ok
  })
}

export function revokeCommand(idOrName: string, flags: DatabaseFlags, io: Io): Promise<number> {
  return withCredentials(flags, io, async credentials => {
    const { id, name } = await credentials.revokeClient(idOrName)
    io.stderr.write(`The client ${id} (${name}) and its tokens are refused from now on.\n`)
    return exitCodes.ok
  })
}

export function rotateCommand(flags: DatabaseFlags, io: Io): Promise<number> {
  return withCredentials(flags, io, async credentials => {
    await credentials.rotateSigningKeys()
    io.stderr.write(
      'New keys are there. They are published at once, and sign when everybody has had time to fetch them.\n',
    )
    return exitCodes.ok
  })
}
