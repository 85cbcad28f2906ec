// comity download: each URL into a file of its own, a few at once, a bar for each.
import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { type Client, type Downloaded, TransferError } from '@comity/client'
import { type CommonFlags, callingFor } from '../../calling/client.ts'
import { complainOfCall } from '../../calling/failure.ts'
import { exitCodes } from '../../exit-codes.ts'
import { complain } from '../../output/complain.ts'
import { type Failure, listFailures, reasonOf } from '../../output/failures.ts'
import { formatBytes } from '../../terminal/amounts.ts'
import type { Io } from '../../terminal/io.ts'
import { type Bars, progressBars } from '../../terminal/progress.ts'
import { inParallel } from '../../work/in-parallel.ts'
import { placeFor } from './place.ts'
import { digestsFor, nameOf } from './sums.ts'

export type DownloadFlags = CommonFlags & {
  readonly output?: string
  readonly connections: number
  readonly parallel: number
  readonly resume: boolean
  readonly overwrite?: boolean
  readonly sha256?: string
  readonly sums?: string
}

type File = { readonly url: string; readonly digest: string | undefined }
type Fetched =
  | { readonly kind: 'whole'; readonly file: Downloaded }
  | { readonly kind: 'failed'; readonly error: unknown; readonly path: string | undefined; readonly bytes: number }
  | { readonly kind: 'not-begun' }

export async function downloadCommand(words: readonly string[], flags: DownloadFlags, io: Io): Promise<number> {
  const { client, urls, close } = await callingFor(flags, io, words)
  try {
    const place = await placeFor(flags.output, urls.length, io.cwd)
    const digests = await digestsFor(urls, flags, io.cwd)
    const files = urls.map((url, at): File => ({ url, digest: digests[at] }))
    const bars = await progressBars(io)
    const results = files.map((): Fetched => ({ kind: 'not-begun' }))
    await inParallel(files, flags.parallel, io.interrupted, async (file, at) => {
      results[at] = await fetchOne(client, file, place, flags, io.interrupted, bars)
    })
    bars.stop()
    return report(urls, results, io)
  } finally {
    await close()
  }
}

async function fetchOne(
  client: Client,
  { url, digest }: File,
  { path, named }: Awaited<ReturnType<typeof placeFor>>,
  { connections, resume, overwrite }: DownloadFlags,
  signal: AbortSignal,
  bars: Bars,
): Promise<Fetched> {
  const bar = bars.add(nameOf(url), 'bytes')
  let known: string | undefined
  let bytes = 0
  try {
    const file = await client.download(url, path, {
      connections,
      resume,
      signal,
      existing: named || overwrite === true ? 'replace' : 'refuse',
      ...(digest === undefined ? {} : { digest }),
      onPath(told) {
        known = told
      },
      onProgress(progress) {
        bytes = progress.bytes
        bar.update({ value: progress.bytes, total: progress.total, speed: progress.speed, eta: progress.eta })
      },
    })
    bar.update({ value: file.bytes, total: file.bytes })
    bar.end(file.verified === undefined ? 'done' : `done, ${file.verified} holds`)
    return { kind: 'whole', file }
  } catch (error) {
    bar.end(signal.aborted ? 'stopped' : 'failed')
    return { kind: 'failed', error, path: known, bytes }
  }
}

/** Paths to standard output, what failed to standard error. */
function report(urls: readonly string[], results: readonly Fetched[], io: Io): number {
  const failures: Failure[] = []
  let single: unknown
  for (const [at, result] of results.entries()) {
    if (result.kind === 'whole') io.stdout.write(`${savedLine(result.file, io)}\n`)
    if (result.kind !== 'failed') continue
    single = result.error
    failures.push({ what: urls[at] ?? '', why: whyOf(result.error, urls[at] ?? '') })
  }
  const parts = results.map(result => leftOf(result, io.cwd)).filter(line => line !== undefined)
  if (io.interrupted.aborted) {
    const kept = parts.length === 0 ? 'nothing is left behind' : parts.join('; ')
    const cure = parts.length === 0 ? undefined : 'The same command goes on with it'
    return complain(io.stderr, `Stopped: ${kept}`, cure, exitCodes.interrupted)
  }
  if (failures.length === 0) return exitCodes.ok
  let exitCode: number = exitCodes.failed
  if (urls.length > 1) listFailures(io.stderr, failures, urls.length, 'files')
  else if (single instanceof TransferError)
    exitCode = complain(io.stderr, sentenceOf(single, urls[0] ?? ''), cureOf(single))
  else exitCode = complainOfCall(io.stderr, single)
  if (parts.length > 0) complain(io.stderr, parts.join('; '), 'The same command goes on with it')
  return exitCode
}

function savedLine({ path, bytes, verified, resumedBytes }: Downloaded, io: Io): string {
  const shown = shownFrom(io.cwd, path)
  if (io.stdout.isTTY !== true) return shown
  const told = [
    formatBytes(bytes),
    ...(resumedBytes > 0 ? [`${formatBytes(resumedBytes)} of it were there`] : []),
    ...(verified === undefined ? [] : [`${verified} holds`]),
  ]
  return `${shown}: ${told.join(', ')}`
}

/** What a later run can go on with. */
function leftOf(result: Fetched, cwd: string): string | undefined {
  if (result.kind !== 'failed' || result.path === undefined) return undefined
  const part = `${result.path}.part`
  return existsSync(`${part}.json`) ? `${shownFrom(cwd, part)} holds ${formatBytes(result.bytes)}` : undefined
}

function shownFrom(cwd: string, path: string): string {
  const near = relative(cwd, resolve(path))
  return near.startsWith('..') ? path : near
}

function whyOf(error: unknown, url: string): string {
  const cure = error instanceof TransferError ? cureOf(error) : undefined
  const sentence = reasonOf(error, url)
  return cure === undefined ? sentence : `${sentence}. ${cure}`
}

/** Whatever is said of one file: some say which, some only what became of it. */
function sentenceOf({ kind, message }: TransferError, url: string): string {
  return kind === 'digest' || kind === 'changed' ? `${url}: ${message}` : message
}

function cureOf({ kind }: TransferError): string | undefined {
  switch (kind) {
    case 'exists':
      return 'Name another with --output, or replace it with --overwrite.'
    case 'digest':
      return 'Nothing of it was kept: fetch it again, or look whether the digest is that of another version.'
    case 'changed':
      return 'Try again with --retry 5, or --connections 1.'
    default:
      return undefined
  }
}
