// Why a call went as it did: what its layers did, and how long it took.
import type { CallEvent } from '@comity/client'
import type { Paint } from '../output/colour.ts'
import { safeLine } from '../output/safe-text.ts'

const ms = (value: number): string => `${Math.round(value).toLocaleString('en')} ms`

/** The lines that tell of one call. */
export function traceLines({ request, response, error, trace, ms: took }: CallEvent, paint: Paint): readonly string[] {
  const path = request.url.replace(/\?.*$/s, '?…')
  const notes = trace.map(({ at, layer, text }) => `${ms(at).padStart(9)}  ${layer.padEnd(11)} ${safeLine(text)}`)
  const end =
    response === undefined ? `failed: ${safeLine((error as Error | undefined)?.message ?? '')}` : answered(response)
  return [
    `${request.method} ${safeLine(path)}`,
    ...(notes.length === 0 ? [`${ms(0).padStart(9)}  ${'sent'.padEnd(11)} once, as it is`] : notes),
    `${ms(took).padStart(9)}  ${'answer'.padEnd(11)} ${end}`,
  ].map((line, at) => `${paint.faint(at === 0 ? '*' : ' ')} ${at === 0 ? paint.strong(line) : line}`)
}

function answered({ status, reason, cached, timings, httpVersion }: NonNullable<CallEvent['response']>): string {
  const from =
    cached === undefined
      ? ''
      : `, ${cached === 'revalidated' ? 'the stored one, revalidated' : `${cached} from the cache`}`
  const steps = [
    ['dns', timings?.dns],
    ['connect', timings?.connect],
    ['tls', timings?.tls],
    ['first byte', timings?.firstByte],
  ] as const
  const times = steps.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${ms(value)}`]))
  const over = httpVersion === '' ? '' : ` over HTTP/${httpVersion}`
  return `${status} ${safeLine(reason)}`.trimEnd() + over + from + (times.length === 0 ? '' : ` (${times.join(', ')})`)
}
