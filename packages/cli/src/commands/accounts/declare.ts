// comity accounts: its words and flags.
import type { Command } from 'commander'
import { examples } from '../../help.ts'
import type { Io } from '../../terminal/io.ts'
import { type DatabaseFlags, databaseOption } from './database.ts'
import type { AddFlags, PasswordFlags } from './run.ts'

const fromInput = ['--password-stdin', 'read the password from standard input; one is made, when not given'] as const

export function declareAccounts(program: Command, done: (exitCode: number) => void, io: Io): void {
  const accounts = program
    .command('accounts')
    .summary('make and withdraw what callers sign in with')
    .description('Adds, lists and disables the accounts of a database. The server may be running; it knows at once.')
    .helpCommand(false)
  accounts
    .command('add')
    .description('add an account; a password that is made is printed once, and kept as a hash')
    .argument('<login>', 'the name to sign in by')
    .addOption(databaseOption())
    .option('--scope <names...>', 'what it may do; all that policies let anybody do, when not given')
    .option('--claim <name=value...>', 'what policies know of it: branch=Riga')
    .option(...fromInput)
    .addHelpText('after', examples('comity accounts add ann --claim branch=Riga --database bank.sqlite'))
    .action(async (login: string, flags: AddFlags) => {
      const { addCommand } = await import('./run.ts')
      done(await addCommand(login, flags, io))
    })
  accounts
    .command('list')
    .description('list accounts')
    .addOption(databaseOption())
    .addHelpText('after', examples('comity accounts list --database bank.sqlite'))
    .action(async (flags: DatabaseFlags) => {
      const { listCommand } = await import('./run.ts')
      done(await listCommand(flags, io))
    })
  accounts
    .command('password')
    .description('give an account a new password; the old one is refused from then on')
    .argument('<login>')
    .addOption(databaseOption())
    .option(...fromInput)
    .addHelpText(
      'after',
      examples('comity accounts password ann', 'comity accounts password ann --password-stdin < file'),
    )
    .action(async (login: string, flags: PasswordFlags) => {
      const { passwordCommand } = await import('./run.ts')
      done(await passwordCommand(login, flags, io))
    })
  for (const [name, what] of [
    ['disable', 'refuse an account, and the keys that act for it'],
    ['enable', 'let an account in again'],
  ] as const)
    accounts
      .command(name)
      .description(what)
      .argument('<login>')
      .addOption(databaseOption())
      .addHelpText('after', examples(`comity accounts ${name} ann`))
      .action(async (login: string, flags: DatabaseFlags) => {
        const { stateCommand } = await import('./run.ts')
        done(await stateCommand(login, name, flags, io))
      })
}
