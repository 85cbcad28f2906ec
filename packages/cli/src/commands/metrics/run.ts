// comity metrics: a bounded number of requests, measured.
import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Client, ComityError, NetworkError } from '@comity/client'
import { type CommonFlags, callingFor } from '../../calling/client.ts'
import { exitCodes } from '../../exit-codes.ts'
import { drawReport } from '../../measuring/draw-report.ts'
import { type Measured, reportOf } from '../../measuring/report.ts'
import { complain, UsageError } from '../../output/complain.ts'
import { Counter } from '../../terminal/counter.ts'
import type { Io } from '../../terminal/io.ts'
import { progressBars } from '../../terminal/progress.ts'
import { inParallel } from '../../work/in-parallel.ts'

export type MetricsFlags = CommonFlags & {
  readonly n: number
  readonly concurrency: number
  readonly method: 'GET' | 'HEAD' | 'OPTIONS'
  /** Ms. */
  readonly for?: number
  readonly as: 'text' | 'json'
}

/** What would hide how the server answers. */
const plain = {
  retry: false,
  cache: false,
  dedupe: false,
  breaker: false,
  redirect: false,
  throwOnError: false,
  metrics: false,
} as const

export async function metricsCommand(word: string, flags: MetricsFlags, io: Io): Promise<number> {
  const words = await wordsOf(word, io.cwd)
  const { client, urls, close } = await callingFor(flags, io, words, plain)
  try {
    const ends = flags.for === undefined ? [] : [AbortSignal.timeout(flags.for)]
    const signal = AbortSignal.any([io.interrupted, ...ends])
    const bars = await progressBars(io)
    const bar = bars.add('metrics', 'requests', flags.n)
    const counter = new Counter(flags.n)
    const measured: Measured[] = []
    const begin = performance.now()
    await inParallel(asked(urls, flags.n), flags.concurrency, signal, async url => {
      const one = await measure(client, flags.method, url, signal)
      // What was under way at the end says nothing about the server.
      if (one === undefined) return
      measured.push(one)
      bar.update(counter.at(measured.length))
    })
    const ms = performance.now() - begin
    bar.end('')
    bars.stop()
    const report = reportOf(measured, ms)
    const title = urls.length === 1 ? `${flags.method} ${urls[0]}` : `${flags.method} of ${urls.length} URLs`
    const text =
      flags.as === 'json' ? `${JSON.stringify(report, undefined, 2)}\n` : drawReport(report, title, flags.concurrency)
    io.stdout.write(text)
    if (io.interrupted.aborted)
      return complain(
        io.stderr,
        `Stopped after ${measured.length} of ${flags.n} requests`,
        undefined,
        exitCodes.interrupted,
      )
    if (measured.length < flags.n)
      complain(io.stderr, `The time was over after ${measured.length} of ${flags.n} requests`)
    if (report.whole !== undefined) return exitCodes.ok
    return complain(io.stderr, 'No request was answered', 'Start the server, or check the address.')
  } finally {
    await close()
  }
}

function* asked(urls: readonly string[], count: number): Generator<string> {
  for (let at = 0; at < count; at++) yield urls[at % urls.length] ?? ''
}

/** Undefined where it was cut short by its caller. */
async function measure(
  client: Client,
  method: string,
  url: string,
  signal: AbortSignal,
): Promise<Measured | undefined> {
  const begin = performance.now()
  let head: number | undefined
  let bytes = 0
  try {
    const response = await client.request(method, url, { signal })
    head = performance.now() - begin
    for await (const piece of response) bytes += piece.length
    return { outcome: response.status, head, whole: performance.now() - begin, bytes }
  } catch (error) {
    if (signal.aborted) return undefined
    if (!(error instanceof ComityError)) throw error
    const outcome = error instanceof NetworkError ? error.kind : 'no answer'
    return { outcome, head, whole: performance.now() - begin, bytes }
  }
}

async function wordsOf(word: string, cwd: string): Promise<readonly string[]> {
  const path = resolve(cwd, word)
  const isFile = await stat(path).then(
    found => found.isFile(),
    () => false,
  )
  // A host may end so, but who asks by `https://` can say that.
  if (!isFile && /^[^:/]+\.(?:txt|csv|list)$/i.test(word))
    throw new UsageError(`${word} is not there`, 'Name a file of URLs, one a line, or a URL.')
  if (!isFile) return [word]
  const lines = (await readFile(path, 'utf8')).split(/\r?\n/).map(line => line.trim())
  const words = lines.filter(line => line !== '' && !line.startsWith('#'))
  if (words.length === 0) throw new UsageError(`${word} names no URLs`, 'Write one a line.')
  return words
}
