// comity download: its words and flags.
import { type Command, Option } from 'commander'
import { commonFlags } from '../../calling/flags.ts'
import { readFrom } from '../../calling/numbers.ts'
import { examples } from '../../help.ts'
import type { Io } from '../../terminal/io.ts'
import type { DownloadFlags } from './run.ts'

export function declareDownload(program: Command, done: (exitCode: number) => void, io: Io): void {
  const command = program
    .command('download')
    .summary('fetch files, resumed and checked')
    .description(
      'Fetch files. What breaks off is gone on with, by the same command too; what is there is whole and checked.',
    )
    .argument('<url...>', 'what to fetch')
    .option('-o, --output <path>', 'the file; a folder where it is one, or ends with /')
    // As the other commands have it.
    .addOption(new Option('--out <path>').hideHelp())
    .addOption(new Option('--connections <count>', 'most for each file: 1 to 32').argParser(readFrom(1, 32)).default(4))
    .addOption(new Option('--parallel <count>', 'files at once: 1 to 32').argParser(readFrom(1, 32)).default(3))
    .option('--resume', 'go on with what an earlier run left; so it does unless told', true)
    .option('--no-resume', 'begin anew')
    .option('--overwrite', 'replace a file that is there already and was not named by --output')
    .option('--sha256 <digest>', 'what the file has to hash to, as 64 hexadecimal digits')
    .option('--sums <file>', 'the digests of the files by their names, as sha256sum writes them')
  commonFlags(command)
    .addHelpText(
      'after',
      examples(
        'comity download :3000/photos.csv',
        'comity download :3000/posts.json :3000/todos.csv -o downloads/ --connections 8',
      ),
    )
    .action(async (words: readonly string[], { out, ...flags }: DownloadFlags & { readonly out?: string }) => {
      const { downloadCommand } = await import('./run.ts')
      done(await downloadCommand(words, out === undefined ? flags : { output: out, ...flags }, io))
    })
}
