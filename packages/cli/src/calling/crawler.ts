// A client for what others serve to people: it says who it is, obeys robots.txt, and takes its time.
import type { Io } from '../terminal/io.ts'
import { version } from '../version.ts'
import { type Calling, callingFor } from './client.ts'
import type { CrawlerFlags } from './crawler-flags.ts'

export function crawlerFor(flags: CrawlerFlags, io: Io, words: readonly string[]): Promise<Calling> {
  const userAgent = flags.userAgent ?? `comity/${version()}`
  return callingFor(flags, io, words, {
    polite: { userAgent, interval: flags.pace },
    fields: { 'user-agent': userAgent },
    cache: false,
  })
}
