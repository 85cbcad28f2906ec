// What failed of many things, and why: a line each.
import type { Sink } from '../terminal/io.ts'

export type Failure = {
  /** A URL, a name, a line. */
  readonly what: string
  /** One sentence. */
  readonly why: string
}

/** Why a call for `url` failed, where the URL stands beside it already. */
export function reasonOf(error: unknown, url: string): string {
  const message = error instanceof Error ? error.message : String(error)
  const bare = url.split('?', 1)[0] ?? url
  return message.startsWith(`GET ${bare}`) ? message.replace(/^GET \S+ was /, '') : message.replace(` ${bare}`, ' it')
}

const most = 100

/** `2 of 9 images failed:`, and each with its reason; the first hundred of them. */
export function listFailures(stderr: Sink, failures: readonly Failure[], of: number, things: string): void {
  if (failures.length === 0) return
  const lines = failures.slice(0, most).map(({ what, why }) => `  ${what}: ${why}`)
  const rest = failures.length > most ? [`  and ${(failures.length - most).toLocaleString('en')} more`] : []
  const heading = `${failures.length.toLocaleString('en')} of ${of.toLocaleString('en')} ${things} failed:`
  stderr.write(`${[heading, ...lines, ...rest].join('\n')}\n`)
}
