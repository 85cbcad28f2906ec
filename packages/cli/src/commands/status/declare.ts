// comity status: its words and flags.
import { type Command, Option } from 'commander'
import { examples } from '../../help.ts'
import { formats } from '../../output/formats.ts'
import type { Io } from '../../terminal/io.ts'
import type { StatusFlags } from './run.ts'

export function declareStatus(program: Command, done: (exitCode: number) => void, io: Io): void {
  program
    .command('status')
    .summary('explain a status code')
    .description('Explain a status code: what it means, who sends it, what to do, and where it is defined.')
    .argument('[word...]', 'a code (404), a class (4xx), or words of it (not found); all of them unless given')
    .addOption(new Option('--as <format>', 'what it is written as').choices(formats.filter(each => each !== 'raw')))
    .addHelpText(
      'after',
      examples('comity status 409', 'comity status teapot', 'comity status 5xx', 'comity status 429 --as json'),
    )
    .action(async (words: string[], flags: StatusFlags) => {
      const { explainStatus } = await import('./run.ts')
      done(await explainStatus(words, flags, io))
    })
}
