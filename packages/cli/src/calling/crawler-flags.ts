// The flags of a client that reads what others serve to people. They are declared without loading it.
import { type Command, Option } from 'commander'
import { type CommonFlags, commonFlags, readTime } from './flags.ts'

export type CrawlerFlags = CommonFlags & {
  readonly userAgent?: string
  /** Ms between two requests to one host. */
  readonly pace: number
}

export function crawlerFlags(command: Command): Command {
  return commonFlags(command)
    .option('--user-agent <name>', 'who asks, to servers and their robots.txt')
    .addOption(
      new Option('--pace <time>', 'between two requests to one host; robots.txt may ask for more')
        .argParser(readTime)
        .default(100, '100ms'),
    )
}
