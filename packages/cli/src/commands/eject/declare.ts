// comity eject: its words and flags.
import type { Command } from 'commander'
import { examples } from '../../help.ts'
import type { Io } from '../../terminal/io.ts'
import type { EjectFlags } from './run.ts'

export function declareEject(program: Command, done: (exitCode: number) => void, io: Io): void {
  program
    .command('eject')
    .summary('write the definition of a source as TypeScript')
    .description(
      'Write what comity serve understands of a file or folder as a definition in TypeScript, to go on from by hand. It fills a new database with the items of the source.',
    )
    .argument('<source>', 'db.json, todos.csv, a folder of such files: whatever comity serve takes')
    .option('-o, --out <file>', 'write to this file; to standard output, where none is named')
    .option('-f, --force', 'write over a file that is there')
    .addHelpText(
      'after',
      examples('comity eject examples/placeholder/db.json', 'comity eject db.json --out api.ts && comity serve api.ts'),
    )
    .action(async (source: string, flags: EjectFlags) => {
      const { ejectCommand } = await import('./run.ts')
      done(await ejectCommand(source, flags, io))
    })
}
