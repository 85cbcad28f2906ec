// comity links: its words and flags.
import { type Command, Option } from 'commander'
import { crawlerFlags } from '../../calling/crawler-flags.ts'
import { examples } from '../../help.ts'
import type { Io } from '../../terminal/io.ts'
import type { LinksFlags } from './run.ts'

export function declareLinks(program: Command, done: (exitCode: number) => void, io: Io): void {
  const command = program
    .command('links')
    .summary('list where a page leads')
    .description('List the links of a page, each once and absolute, in the order of the page. robots.txt is obeyed.')
    .argument('<page>', 'the URL of the page')
    .option('--all', 'also places in the page, mail addresses, and what it loads: style sheets, scripts, frames')
    .addOption(
      new Option('--only <kind>', 'those of one kind').choices(['same-site', 'other-site', 'fragment', 'other']),
    )
    .addOption(
      new Option('--as <format>', 'URLs alone, or also text, kind, element and rel')
        .choices(['lines', 'table', 'csv', 'json', 'ndjson', 'yaml'])
        .default('lines'),
    )
  crawlerFlags(command)
    .addHelpText('after', examples('comity links :8080/', 'comity links :8080/ --only other-site'))
    .action(async (word: string, flags: LinksFlags) => {
      const { linksCommand } = await import('./run.ts')
      done(await linksCommand(word, flags, io))
    })
}
