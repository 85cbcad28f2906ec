// comity links: where a page leads, a line each.
import { crawlerFor } from '../../calling/crawler.ts'
import type { CrawlerFlags } from '../../calling/crawler-flags.ts'
import { complainOfCall } from '../../calling/failure.ts'
import { exitCodes } from '../../exit-codes.ts'
import { paintFor } from '../../output/colour.ts'
import { columnsOf } from '../../output/columns.ts'
import { rendered } from '../../output/formats.ts'
import { print, ReaderGone } from '../../output/print.ts'
import { fetchPage } from '../../pages/fetch-page.ts'
import { type Link, linksOf } from '../../pages/links.ts'
import type { Io } from '../../terminal/io.ts'

export type LinksFlags = CrawlerFlags & {
  readonly all?: boolean
  readonly only?: Link['kind']
  readonly as: 'lines' | 'json' | 'csv' | 'ndjson' | 'table' | 'yaml'
}

export async function linksCommand(word: string, flags: LinksFlags, io: Io): Promise<number> {
  const { client, urls, close } = await crawlerFor(flags, io, [word])
  try {
    const page = await fetchPage(client, urls[0] ?? '', io.interrupted)
    const links = linksOf(page, flags.all === true ? 'all' : 'anchors').filter(({ kind }) =>
      flags.only === undefined
        ? flags.all === true || kind === 'same-site' || kind === 'other-site'
        : kind === flags.only,
    )
    const text = await rendered(flags.as === 'lines' ? links.map(({ url }) => url) : links, {
      format: flags.as,
      columns: flags.as === 'lines' ? undefined : columnsOf('url,text,kind,from,rel'),
      paint: paintFor(io, io.stdout),
      width: io.stdout.isTTY === true ? io.stdout.columns || 80 : undefined,
    })
    await print(io.stdout, text)
    return exitCodes.ok
  } catch (error) {
    if (error instanceof ReaderGone) return exitCodes.ok
    if (io.interrupted.aborted) return exitCodes.interrupted
    return complainOfCall(io.stderr, error)
  } finally {
    await close()
  }
}
