// A client for what others serve to people: it says who it is, obeys robots.txt, and takes its time.
import { type Command, Option } from 'commander'
import type { Io } from '../terminal/io.ts'
import { version } from '../version.ts'
import { type Calling, type CommonFlags, callingFor } from './client.ts'
import { commonFlags, readTime } from './flags.ts'

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

export function crawlerFor(flags: CrawlerFlags, io: Io, words: readonly string[]): Promise<Calling> {
  const userAgent = flags.userAgent ?? `comity/${version()}`
  return callingFor(flags, io, words, {
    polite: { userAgent, interval: flags.pace },
    fields: { 'user-agent': userAgent },
    cache: false,
  })
}
