// comity export: its words and flags.
import { type Command, Option } from 'commander'
import { commonFlags } from '../../calling/flags.ts'
import { readFrom } from '../../calling/numbers.ts'
import { examples } from '../../help.ts'
import type { Io } from '../../terminal/io.ts'
import type { ExportFlags } from './run.ts'

export function declareExport(program: Command, done: (exitCode: number) => void, io: Io): void {
  const command = program
    .command('export')
    .summary('write all of a collection into a file')
    .description(
      'Read a list to its end, page by page, into a CSV, NDJSON, JSON or SQLite file. What was read is kept beside the ' +
        'file, so that the same command goes on where it was stopped.',
    )
    .argument('<url>', 'the collection')
    .argument('<file>', '.csv, .ndjson, .json or .sqlite')
    .addOption(new Option('--as <format>', 'what the file is').choices(['csv', 'ndjson', 'json', 'sqlite']))
    .option('--columns <names>', 'members to write, as id,address.city; all unless told')
    .option('--items <pointer>', 'where a page has its items, as a JSON Pointer; found unless told')
    .addOption(new Option('--page-size <rows>', 'rows to ask for at once, as limit').argParser(readFrom(1, 1_000_000)))
    .option('--table <name>', 'the table of an SQLite file', 'rows')
    .option('--overwrite', 'replace a table that has other columns')
    .option('--fresh', 'begin anew')
  commonFlags(command)
    .addHelpText(
      'after',
      examples(
        'comity export :3000/albums albums.csv',
        'comity export :3000/users people.sqlite --columns id,name,address.city',
      ),
    )
    .action(async (word: string, file: string, flags: ExportFlags) => {
      const { exportCommand } = await import('./run.ts')
      done(await exportCommand(word, file, flags, io))
    })
}
