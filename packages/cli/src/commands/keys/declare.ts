// comity keys: its words and flags.
import type { Command } from 'commander'
import { examples } from '../../help.ts'
import type { Io } from '../../terminal/io.ts'
import { type DatabaseFlags, databaseOption } from '../accounts/database.ts'
import type { KeyFlags } from './run.ts'

export function declareKeys(program: Command, done: (exitCode: number) => void, io: Io): void {
  const keys = program
    .command('keys')
    .summary('make and withdraw what callers sign in with')
    .description('Makes, lists and revokes the API keys of a database. The server may be running; it knows at once.')
    .helpCommand(false)
  keys
    .command('create')
    .description('make a key; it is printed once, and kept as a hash')
    .argument('<name>', 'what it is for')
    .addOption(databaseOption())
    .option('--scope <names...>', 'what it may do; all that its account may, when not given')
    .option('--account <login>', 'the account it acts for; a caller of its own, when not given')
    .option('--expires <time>', 'when it ends: 90d, 12h, or a date (2027-01-31); never, when not given')
    .addHelpText(
      'after',
      examples(
        'comity keys create "nightly export" --scope accounts:read --expires 90d',
        'KEY=$(comity keys create ci)',
      ),
    )
    .action(async (name: string, flags: KeyFlags) => {
      const { createCommand } = await import('./run.ts')
      done(await createCommand(name, flags, io))
    })
  keys
    .command('list')
    .description('list keys: who has which, until when, and when it was last used (to the minute)')
    .addOption(databaseOption())
    .addHelpText('after', examples('comity keys list --database bank.sqlite'))
    .action(async (flags: DatabaseFlags) => {
      const { listCommand } = await import('./run.ts')
      done(await listCommand(flags, io))
    })
  keys
    .command('revoke')
    .description('refuse a key from now on')
    .argument('<key>', 'its id, or its name where no other has it')
    .addOption(databaseOption())
    .addHelpText('after', examples('comity keys revoke "nightly export"'))
    .action(async (key: string, flags: DatabaseFlags) => {
      const { revokeCommand } = await import('./run.ts')
      done(await revokeCommand(key, flags, io))
    })
}
