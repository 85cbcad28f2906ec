// comity audit: its words and flags.
import { type Command, InvalidArgumentError } from 'commander'
import { examples } from '../../help.ts'
import type { Io } from '../../terminal/io.ts'
import type { AuditFlags } from './run.ts'

export function declareAudit(program: Command, done: (exitCode: number) => void, io: Io): void {
  program
    .command('audit')
    .summary('read the audit log of a database')
    .description(
      'Prints who created, changed or deleted which row, from the database of an API with audit: "kept": lines for people ' +
        'on a terminal, else NDJSON. The server may be running.',
    )
    .argument('<database>', 'the SQLite file, as the server is given it')
    .option('--resource <name>', 'of this collection only: accounts, accounts.transactions')
    .option('--id <id>', 'of the row with this id only')
    .option('--caller <name>', 'by this caller only: account:ann, client:app')
    .option('--request <id>', 'of one request only: the X-Request-Id of its answer')
    .option('--since <time>', 'not before this time (RFC 3339, or a date)', readTime)
    .option('--verify', 'check that no line was changed or taken out; exits with 1 where one was')
    .addHelpText(
      'after',
      examples('comity audit bank.sqlite --resource accounts --since 2026-01-01', 'comity audit bank.sqlite --verify'),
    )
    .action(async (database: string, flags: AuditFlags) => {
      const { auditCommand } = await import('./run.ts')
      done(await auditCommand(database, flags, io))
    })
}

function readTime(value: string): number {
  const time = Date.parse(value)
  if (Number.isNaN(time)) throw new InvalidArgumentError('Write a time as 2026-01-31 or 2026-01-31T12:00:00Z.')
  return time
}
