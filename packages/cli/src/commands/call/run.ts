// comity get … : one request, and its answer.
import type { HttpResponse } from '@comity/client'
import { type Calling, type CommonFlags, callingFor } from '../../calling/client.ts'
import { complainOfCall } from '../../calling/failure.ts'
import { hidingFor } from '../../calling/message.ts'
import { complainOfStatus } from '../../calling/refused.ts'
import { exitCodes } from '../../exit-codes.ts'
import { paintFor } from '../../output/colour.ts'
import { complain } from '../../output/complain.ts'
import type { Format } from '../../output/formats.ts'
import { print, ReaderGone } from '../../output/print.ts'
import { Unreadable } from '../../output/value.ts'
import { Interrupted } from '../../terminal/ask.ts'
import type { Io } from '../../terminal/io.ts'
import { type ContentFlags, contentFor } from './content.ts'
import { NotSent, offlineTransport, requestText } from './offline.ts'
import { optionsOf } from './options.ts'
import { type Output, outputFor, showAnswer, showRefusal } from './output.ts'
import { wordOf } from './words.ts'

export type CallFlags = CommonFlags &
  ContentFlags & {
    readonly as?: Format
    readonly select?: string
    readonly columns?: string
    readonly out?: string
    readonly include?: boolean
    readonly body?: boolean
    readonly offline?: boolean
    readonly allPages?: boolean
    readonly maxItems?: number
  }

/** Resolves to the exit code. */
export async function call(
  method: string,
  url: string,
  texts: readonly string[],
  flags: CallFlags,
  io: Io,
): Promise<number> {
  let calling: Calling | undefined
  try {
    const words = texts.map(wordOf)
    const output = await outputFor(method, flags, io)
    const body = await contentFor(method, words, flags, io)
    calling = await callingFor(
      flags,
      io,
      [url],
      flags.offline === true ? { transport: offlineTransport, retry: false } : {},
    )
    const target = calling.urls[0] as string
    const options = optionsOf(words, body, flags.offline === true ? undefined : io.interrupted)
    if (flags.allPages === true) {
      const { showPages } = await import('./pages.ts')
      return await showPages(calling.client, target, options, flags.maxItems, output)
    }
    const response = await calling.client.request(method, target, { ...options, throwOnError: false })
    return await show(response, output, io)
  } catch (error) {
    if (error instanceof NotSent) {
      await print(io.stdout, await requestText(error.request, paintFor(io, io.stdout), hidingFor(flags)))
      return exitCodes.ok
    }
    return failed(error, io)
  } finally {
    await calling?.close()
  }
}

function failed(error: unknown, io: Io): number {
  if (error instanceof ReaderGone) return exitCodes.ok
  if (io.interrupted.aborted || error instanceof Interrupted) return exitCodes.interrupted
  if (error instanceof Unreadable)
    return complain(io.stderr, error.message, 'Leave out --as, --select and --columns to get it as it is.')
  return complainOfCall(io.stderr, error)
}

async function show(response: HttpResponse, output: Output, io: Io): Promise<number> {
  if (response.status < 300) return (await showAnswer(response, output)) ?? exitCodes.ok
  if (response.status < 400) await showAnswer(response, output)
  else await showRefusal(response, output)
  return complainOfStatus(io.stderr, response)
}
