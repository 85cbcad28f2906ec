// comity import: its words and flags.
import { type Command, Option } from 'commander'
import { commonFlags } from '../../calling/flags.ts'
import { readFrom } from '../../calling/numbers.ts'
import { examples } from '../../help.ts'
import type { Io } from '../../terminal/io.ts'
import type { ImportFlags } from './run.ts'

export function declareImport(program: Command, done: (exitCode: number) => void, io: Io): void {
  const command = program
    .command('import')
    .summary('send the rows of a file to a collection')
    .description(
      'Send the rows of a CSV, NDJSON or JSON file to a collection, in batches. What was imported is written down beside ' +
        'the file, so that the same command goes on where it was stopped, and run twice imports once.',
    )
    .argument('<file>', 'the rows; .csv, .ndjson or .json')
    .argument('<url>', 'the collection')
    .addOption(new Option('--from <format>', 'what the file is').choices(['csv', 'ndjson', 'json']))
    .addOption(
      new Option('--send <format>', 'what is sent; as the file is, unless told').choices(['csv', 'ndjson', 'json']),
    )
    .addOption(
      new Option('--method <method>', 'POST creates, PUT replaces by id, PATCH changes by id')
        .choices(['POST', 'PUT', 'PATCH'])
        .default('POST'),
    )
    .addOption(
      new Option('--batch <rows>', 'rows of a request; with 1, each is sent as an object')
        .argParser(readFrom(1, 100_000))
        .default(1000),
    )
    .option('--lenient', 'pass by rows that are refused, and keep them in a file')
    .option('--refused <file>', 'where those are kept: NAME.refused.csv, unless told')
    .option('--text', 'where CSV is sent as JSON, leave numbers and truth values text')
    .option('--state <file>', 'where it is written down what was imported: FILE.import.json, unless told')
    .option('--again', 'import all rows once more')
  commonFlags(command)
    .addHelpText(
      'after',
      examples(
        'comity import albums.csv :3000/albums',
        'comity import people.ndjson :3000/users --send json --batch 1 --lenient',
      ),
    )
    .action(async (file: string, word: string, flags: ImportFlags) => {
      const { importCommand } = await import('./run.ts')
      done(await importCommand(file, word, flags, io))
    })
}
