// comity explain: its words and flags.
import { type Command, Option } from 'commander'
import { commonFlags } from '../../calling/flags.ts'
import { examples } from '../../help.ts'
import type { Io } from '../../terminal/io.ts'
import type { ExplainFlags } from './run.ts'

export function declareExplain(program: Command, done: (exitCode: number) => void, io: Io): void {
  const command = program
    .command('explain')
    .summary('say why a request is answered as it is')
    .description(
      'Sends the request. A Comity server that keeps traces (comity serve --trace) is asked for the way of the request ' +
        'through its gates; of any other answer it is told what its fields promise, and which promises are broken. For ' +
        'that, a GET is asked a few more times: by HEAD, on condition, for a byte, in a coding, and a path that nobody has.',
    )
    .argument('<method>', 'GET, POST …')
    .argument('<url>', 'https://api.example/x, api.example/x, :3000/x')
    .argument('[words...]', 'what goes with it, as for comity get and comity post')
    .option('--promises', 'what the fields promise, of a Comity server too')
    .option('--no-more', 'ask once, and nothing more')
    .addOption(new Option('--as <form>', 'how it is told').choices(['text', 'json']).default('text'))
    .option('--form', 'members as a form instead of JSON')
    .option('--no-stdin', 'leave standard input alone')
  commonFlags(command)
    .addHelpText(
      'after',
      examples(
        'comity explain GET :3000/todos/1',
        'comity explain PUT :3000/todos/1 \'If-Match:"old"\' title=New',
        'comity explain GET https://example.com/',
      ),
    )
    .action(async (method: string, url: string, words: string[], flags: ExplainFlags) => {
      const { explainCommand } = await import('./run.ts')
      done(await explainCommand(method, url, words, flags, io))
    })
}
