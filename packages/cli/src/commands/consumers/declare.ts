// comity consumers: its words and flags.
import type { Command } from 'commander'
import { examples } from '../../help.ts'
import type { Io } from '../../terminal/io.ts'
import { type DatabaseFlags, databaseOption } from '../accounts/database.ts'
import type { ConsumerFlags } from './run.ts'

export function declareConsumers(program: Command, done: (exitCode: number) => void, io: Io): void {
  const consumers = program
    .command('consumers')
    .summary('make and withdraw what callers sign in with')
    .description('Makes, lists and revokes the consumers of OAuth 1.0 of a database. The server may be running.')
    .helpCommand(false)
  consumers
    .command('create')
    .description('make a consumer; its key and secret are printed once')
    .argument('<name>', 'the program, as people are shown it')
    .addOption(databaseOption())
    .option('--scope <names...>', 'what it may do; all that policies let anybody do, when not given')
    .option('--callback <urls...>', 'where people are sent back to; they copy a code, when not given')
    .option('--two-legged', 'it may ask for itself, without a person')
    .option('--public-key <file>', 'of one that signs with RSA-SHA1, in PEM; it has no secret then')
    .addHelpText('after', examples('comity consumers create "Nightly export" --callback https://app.example/back'))
    .action(async (name: string, flags: ConsumerFlags) => {
      const { createCommand } = await import('./run.ts')
      done(await createCommand(name, flags, io))
    })
  consumers
    .command('list')
    .description('list consumers')
    .addOption(databaseOption())
    .addHelpText('after', examples('comity consumers list --database bank.sqlite'))
    .action(async (flags: DatabaseFlags) => {
      const { listCommand } = await import('./run.ts')
      done(await listCommand(flags, io))
    })
  consumers
    .command('revoke')
    .description('refuse a consumer, and all that people gave it, from now on')
    .argument('<key>', 'its oauth_consumer_key')
    .addOption(databaseOption())
    .addHelpText('after', examples('comity consumers revoke dpf43f3p2l4k3l03'))
    .action(async (key: string, flags: DatabaseFlags) => {
      const { revokeCommand } = await import('./run.ts')
      done(await revokeCommand(key, flags, io))
    })
}
