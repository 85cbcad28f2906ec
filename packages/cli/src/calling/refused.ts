// What a status of 300 and above says, in one sentence, and what to try.
import type { HttpResponse } from '@comity/client'
import { problemKinds, understand } from '@comity/http'
import { exitCodeOf } from '../exit-codes.ts'
import { complain } from '../output/complain.ts'
import { safeLine } from '../output/safe-text.ts'
import type { Sink } from '../terminal/io.ts'

/** Says it, and returns the exit code. */
export function complainOfStatus(stderr: Sink, response: HttpResponse): number {
  const { status, reason, problem } = response
  const known = understand(status)
  const name = `${status} ${safeLine(reason === '' ? known.reason : reason)}`.trimEnd()
  const why = problem?.detail ?? (known.code === status ? known.meaning : undefined) ?? problem?.title
  const errors = (problem?.errors ?? []) as readonly { readonly detail?: unknown }[]
  const details = errors.length > 1 || problem?.detail === undefined ? errors.flatMap(errorLine) : []
  const exitCode = complain(
    stderr,
    why === undefined ? name : `${name}: ${safeLine(why)}`,
    cureFor(response),
    exitCodeOf(status),
  )
  for (const line of details.slice(0, 20)) stderr.write(`  ${safeLine(line)}\n`)
  return exitCode
}

function errorLine(error: unknown): readonly string[] {
  if (typeof error !== 'object' || error === null) return []
  const { pointer, parameter, detail } = error as Record<string, unknown>
  const where = [pointer, parameter].find(each => typeof each === 'string')
  return typeof detail === 'string' ? [where === undefined ? detail : `${where}: ${detail}`] : []
}

function cureFor(response: HttpResponse): string {
  const { status, request } = response
  const field = (name: string): string | undefined => {
    const value = response.field(name)
    return value === undefined ? undefined : safeLine(value)
  }
  const location = field('location')
  const allow = field('allow')
  const wait = field('retry-after')
  if (status === 304) return 'What you have is still the newest.'
  const { notFollowed } = response
  if (notFollowed !== undefined) return `It was not followed: ${notFollowed}.`
  if (status < 400 && location !== undefined) return `It leads to ${location}; leave out --no-follow to go there.`
  if (status === 401) {
    const schemes = field('www-authenticate')
    return `Give credentials with --auth${schemes === undefined ? '' : `; the server takes: ${schemes.slice(0, 200)}`}.`
  }
  if (status === 405 && allow !== undefined)
    return `${request.method} is not among what it takes: ${allow.toLowerCase()}.`
  if (status === 415 && field('accept') !== undefined)
    return `It takes ${field('accept')}; say yours with Content-Type:TYPE.`
  if ((status === 429 || status === 503) && wait !== undefined)
    return `Ask again after ${wait} s, or let --retry 5 wait for it.`
  if (status >= 500) return 'Try again with --retry 3, and tell who runs it should it stay.'
  return problemKinds.get(response.problem?.code ?? '')?.cure ?? `See: comity status ${status}.`
}
