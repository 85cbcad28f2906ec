// comity metrics: its words and flags.
import { type Command, Option } from 'commander'
import { commonFlags, readTime } from '../../calling/flags.ts'
import { readFrom } from '../../calling/numbers.ts'
import { examples } from '../../help.ts'
import type { Io } from '../../terminal/io.ts'
import type { MetricsFlags } from './run.ts'

export function declareMetrics(program: Command, done: (exitCode: number) => void, io: Io): void {
  const command = program
    .command('metrics')
    .summary('measure how a server answers')
    .description(
      'Send a bounded number of requests, and tell how they ended and how long they took. ' +
        'Each is sent once: nothing is retried, cached or redirected.',
    )
    .argument('<url>', 'what to ask; or a file of URLs, one a line, asked in turn')
    .addOption(new Option('--n <count>', 'requests in all').argParser(readFrom(1, 1_000_000)).default(200))
    .addOption(new Option('--concurrency <count>', 'requests at once').argParser(readFrom(1, 256)).default(8))
    .addOption(new Option('--method <method>', 'a safe one').choices(['GET', 'HEAD', 'OPTIONS']).default('GET'))
    .addOption(new Option('--for <time>', 'no longer than this: 30s, 5m').argParser(readTime))
    .addOption(new Option('--as <format>', 'text with a histogram, or JSON').choices(['text', 'json']).default('text'))
  commonFlags(command)
    .addHelpText(
      'after',
      examples(
        'comity metrics :3000/posts --n 200 --concurrency 8',
        'comity metrics urls.txt --n 100 --for 30s --as json',
      ),
    )
    .action(async (word: string, flags: MetricsFlags) => {
      const { metricsCommand } = await import('./run.ts')
      done(await metricsCommand(word, flags, io))
    })
}
