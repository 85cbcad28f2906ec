// comity images: every image of a page into a folder, and a word about those that could not be had.
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { crawlerFor } from '../../calling/crawler.ts'
import type { CrawlerFlags } from '../../calling/crawler-flags.ts'
import { complainOfCall } from '../../calling/failure.ts'
import { exitCodes } from '../../exit-codes.ts'
import { complain } from '../../output/complain.ts'
import { type Failure, listFailures, reasonOf } from '../../output/failures.ts'
import { fetchPage } from '../../pages/fetch-page.ts'
import type { ImageReference, Sizes } from '../../pages/images.ts'
import { formatBytes, formatCount } from '../../terminal/amounts.ts'
import type { Io } from '../../terminal/io.ts'
import { progressBars } from '../../terminal/progress.ts'
import { inParallel } from '../../work/in-parallel.ts'
import { type FetchedImage, fetchImage } from './fetch-image.ts'
import { gatherImages } from './gather.ts'
import { type Placed, Placing } from './place.ts'

export type ImagesFlags = CrawlerFlags & {
  readonly out: string
  readonly sizes: Sizes
  readonly list?: boolean
  readonly most: number
  /** Bytes. */
  readonly maxSize: number
}

type Result = FetchedImage | Placed | { readonly kind: 'failed'; readonly why: string }

export async function imagesCommand(word: string, flags: ImagesFlags, io: Io): Promise<number> {
  const { client, urls, close } = await crawlerFor(flags, io, [word])
  try {
    const page = await fetchPage(client, urls[0] ?? '', io.interrupted)
    const { images, failures } = await gatherImages(client, page, flags.sizes, io.interrupted)
    const chosen = images.slice(0, flags.most)
    if (images.length > chosen.length)
      complain(
        io.stderr,
        `The page has ${images.length} images, and the first ${chosen.length} are taken`,
        '--most N takes more',
      )
    if (flags.list === true) {
      for (const { url } of chosen) io.stdout.write(`${url}\n`)
      listFailures(io.stderr, failures, failures.length, 'style sheets')
      return failures.length === 0 ? exitCodes.ok : exitCodes.failed
    }
    const folder = resolve(io.cwd, flags.out)
    await mkdir(folder, { recursive: true })
    const results = await saveAll(client, chosen, folder, flags, io)
    return report(chosen, results, failures, flags.out, io)
  } catch (error) {
    if (io.interrupted.aborted)
      return complain(io.stderr, 'Stopped: nothing was saved', undefined, exitCodes.interrupted)
    return complainOfCall(io.stderr, error)
  } finally {
    await close()
  }
}

async function saveAll(
  client: Parameters<typeof fetchImage>[0],
  images: readonly ImageReference[],
  folder: string,
  { maxSize }: ImagesFlags,
  io: Io,
): Promise<readonly (Result | undefined)[]> {
  const bars = await progressBars(io)
  const bar = bars.add('images', 'images', images.length)
  const results: (Result | undefined)[] = images.map(() => undefined)
  const placing = new Placing(folder)
  let done = 0
  let next = 0
  // Which of two gets the name that both would have does not hang on which came first.
  let turn = Promise.resolve()
  const placeReady = async (skip: 'none' | 'unfinished') => {
    for (; next < images.length; next++) {
      const result = results[next]
      if (result === undefined && skip === 'none') return
      if (result?.kind === 'fetched') results[next] = await placing.place(result)
    }
  }
  try {
    await inParallel(images, 4, io.interrupted, async (image, at) => {
      results[at] = await fetchImage(client, image, folder, maxSize, io.interrupted).catch(error => ({
        kind: 'failed' as const,
        why: reasonOf(error, image.url),
      }))
      turn = turn.then(() => placeReady('none'))
      await turn
      bar.update({ value: ++done })
    })
  } finally {
    await placeReady('unfinished')
    bar.end('')
    bars.stop()
  }
  return results
}

/** Paths to standard output, what failed to standard error. */
function report(
  images: readonly ImageReference[],
  results: readonly (Result | undefined)[],
  before: readonly Failure[],
  folder: string,
  io: Io,
): number {
  const failures = [...before]
  let [saved, there, bytes] = [0, 0, 0]
  for (const [at, result] of results.entries()) {
    if (result?.kind === 'failed') failures.push({ what: shown(images[at]?.url ?? ''), why: result.why })
    if (result?.kind !== 'saved' && result?.kind !== 'there') continue
    io.stdout.write(`${join(folder, result.name)}\n`)
    bytes += result.bytes
    if (result.kind === 'saved') saved++
    else there++
  }
  if (io.interrupted.aborted)
    return complain(io.stderr, `Stopped: ${formatCount(saved, 'image')} saved`, undefined, exitCodes.interrupted)
  if (io.stderr.isTTY === true)
    complain(io.stderr, `${formatCount(saved, 'image')} saved, ${there} there already, ${formatBytes(bytes)} in all`)
  listFailures(io.stderr, failures, images.length + before.length, 'images')
  return failures.length === 0 ? exitCodes.ok : exitCodes.failed
}

function shown(url: string): string {
  return url.length <= 200 ? url : `${url.slice(0, 199)}…`
}
