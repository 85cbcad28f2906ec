// comity links: where a page leads, a line each.
import { crawlerFor } from '../../calling/crawler.ts'
import type { CrawlerFlags } from '../../calling/crawler-flags.ts'
import { complainOfCall } from '../../calling/failure.ts'
import { exitCodes } from '../../exit-codes.ts'
import { fetchPage } from '../../pages/fetch-page.ts'
import { type Link, linksOf } from '../../pages/links.ts'
import type { Io } from '../../terminal/io.ts'

export type LinksFlags = CrawlerFlags & {
  readonly all?: boolean
  readonly only?: Link['kind']
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
    for (const { url } of links) io.stdout.write(`${url}\n`)
    return exitCodes.ok
  } catch (error) {
    return complainOfCall(io.stderr, error)
  } finally {
    await close()
  }
}
