// comity table: its words and flags.
import { type Command, Option } from 'commander'
import { commonFlags, readTime } from '../../calling/flags.ts'
import { readFrom } from '../../calling/numbers.ts'
import { examples } from '../../help.ts'
import type { Io } from '../../terminal/io.ts'
import type { TableFlags } from './run.ts'

export function declareTable(program: Command, done: (exitCode: number) => void, io: Io): void {
  const command = program
    .command('table')
    .summary('make one table of many answers')
    .description(
      'Ask many URLs, and write what they answer as the rows of one table: items of lists, objects, rows of CSV, lines ' +
        'of text. What failed is listed, and with --out the same command asks for that alone.',
    )
    .argument('<url...>', 'what to ask; {name} stands for a value of --each')
    .option('--each <values>', 'a file with a value a line, a CSV file for several, - for standard input, or 1..100')
    .option('--columns <names>', 'members to write, as id,statistics.viewCount; all unless told')
    .option('--select <path>', "where an answer has its rows, as a JSONPath: '$.items[*]'")
    .option('--lines', 'each line is a row, of any type of content; so it is for plain text')
    .option('--split <text>', 'what stands between the columns of a line; a space for any white space')
    .option('-o, --out <file>', '.csv, .ndjson, .json or .sqlite; standard output unless told')
    .addOption(new Option('--as <format>', 'what is written').choices(['csv', 'ndjson', 'json', 'sqlite']))
    .option('--table <name>', 'the table of an SQLite file', 'rows')
    .option('--overwrite', 'replace a table that has other columns')
    .addOption(new Option('--concurrency <count>', 'requests at once').argParser(readFrom(1, 64)).default(4))
    .addOption(new Option('--pace <time>', 'between two requests to one host').argParser(readTime))
    .option('--fresh', 'begin anew')
  commonFlags(command)
    .addHelpText(
      'after',
      examples(
        "comity table ':3000/todos/{id}' --each 1..5 --columns id,title,completed",
        "comity table :3000/users --select '$[?@.id<3]' --columns name,address.city --out users.csv",
        'comity table :8080/story.txt --out story.csv',
      ),
    )
    .action(async (words: readonly string[], flags: TableFlags) => {
      const { tableCommand } = await import('./run.ts')
      done(await tableCommand(words, flags, io))
    })
}
