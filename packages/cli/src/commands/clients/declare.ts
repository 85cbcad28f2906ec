// comity clients: its words and flags.
import { type Command, Option } from 'commander'
import { examples } from '../../help.ts'
import type { Io } from '../../terminal/io.ts'
import { type DatabaseFlags, databaseOption } from '../accounts/database.ts'
import type { ClientFlags } from './run.ts'

export function declareClients(program: Command, done: (exitCode: number) => void, io: Io): void {
  const clients = program
    .command('clients')
    .summary('make and withdraw what callers sign in with')
    .description(
      'Registers, lists and revokes the clients of the authorization server of a database. The server may be running; it knows at once.',
    )
    .helpCommand(false)
  clients
    .command('create')
    .description('register a program; its secret is printed once, and kept as a hash')
    .argument('<name>', 'what people are asked about')
    .addOption(databaseOption())
    .option('--redirect-uri <uris...>', 'where people are sent back to; without one it acts for itself alone')
    .option('--scope <names...>', 'what it may ask for; any scope, when not given')
    .option('--public', 'it runs on people’s own machines, and can keep no secret')
    .addOption(
      new Option('--grant <grants...>', 'how it gets its tokens, where that is not told by its redirect URIs').choices([
        'client_credentials',
        'authorization_code',
        'refresh_token',
      ]),
    )
    .addOption(
      new Option('--consent <how>', 'implied: a part of the API’s own, of which nobody is asked')
        .choices(['asked', 'implied'])
        .default('asked'),
    )
    .option('--introspects', 'it may ask about every token, as a resource server does')
    .addHelpText(
      'after',
      examples(
        'comity clients create "Nightly export" --scope accounts:read',
        'comity clients create Ledger --redirect-uri https://ledger.example/callback',
        'comity clients create "Ledger for desks" --public --redirect-uri http://127.0.0.1/callback',
      ),
    )
    .action(async (name: string, flags: ClientFlags) => {
      const { createCommand } = await import('./run.ts')
      done(await createCommand(name, flags, io))
    })
  clients
    .command('list')
    .description('list clients: which there are, and what each may do')
    .addOption(databaseOption())
    .addHelpText('after', examples('comity clients list --database bank.sqlite'))
    .action(async (flags: DatabaseFlags) => {
      const { listCommand } = await import('./run.ts')
      done(await listCommand(flags, io))
    })
  clients
    .command('revoke')
    .description('refuse a client, and every token that it has, from now on')
    .argument('<client>', 'its id, or its name where no other has it')
    .addOption(databaseOption())
    .addHelpText('after', examples('comity clients revoke "Nightly export"'))
    .action(async (client: string, flags: DatabaseFlags) => {
      const { revokeCommand } = await import('./run.ts')
      done(await revokeCommand(client, flags, io))
    })
  clients
    .command('rotate-keys')
    .description('make new keys for signing tokens; those that are signed already stay good until they end')
    .addOption(databaseOption())
    .addHelpText('after', examples('comity clients rotate-keys --database bank.sqlite'))
    .action(async (flags: DatabaseFlags) => {
      const { rotateCommand } = await import('./run.ts')
      done(await rotateCommand(flags, io))
    })
}
