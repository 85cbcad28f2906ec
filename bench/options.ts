// The words of the command line.
import { parseArgs } from 'node:util'

/** In a content coding: each is of the list, which is long enough to be compressed. */
export const codedNames = ['list-gzip', 'list-br', 'list-zstd', '304-gzip'] as const
export const plainNames = ['item', '304', 'list', 'post'] as const
export const workNames = [...plainNames, ...codedNames] as const
export type WorkName = (typeof workNames)[number]

export const measureNames = [...workNames, 'start', 'pages', 'export', 'client'] as const
export type MeasureName = (typeof measureNames)[number]

export type Options = {
  /** Length of one measurement. */
  readonly seconds: number
  readonly connections: number
  /** Measurements of each kind, taken in turn; the median counts. */
  readonly rounds: number
  /** Rows of the large collection. */
  readonly rows: number
  readonly only: readonly MeasureName[]
  /** A file for the results. */
  readonly json: string | undefined
  /** Whether the tables in README.md are written anew. */
  readonly markdown: boolean
}

export const usage = `npm run bench -- [options]
  --seconds N       length of one measurement (4)
  --connections N   connections kept open (32)
  --rounds N        measurements of each kind; the median counts (5)
  --only a,b        of ${measureNames.join(', ')}
  --rows N          rows of the large collection (1000000)
  --json FILE       write the results as JSON
  --markdown        write the tables into bench/README.md`

/** @throws Error where a word is not understood. */
export function readOptions(argv: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seconds: { type: 'string', default: '4' },
      connections: { type: 'string', default: '32' },
      rounds: { type: 'string', default: '5' },
      rows: { type: 'string', default: '1000000' },
      only: { type: 'string', default: measureNames.join(',') },
      json: { type: 'string' },
      markdown: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return 'help'
  const only = values.only.split(',').map(name => {
    const known = measureNames.find(each => each === name)
    if (known === undefined) throw new Error(`--only knows ${measureNames.join(', ')}, and not "${name}".`)
    return known
  })
  return {
    seconds: amount('seconds', values.seconds),
    connections: amount('connections', values.connections),
    rounds: amount('rounds', values.rounds),
    rows: amount('rows', values.rows),
    only,
    json: values.json,
    markdown: values.markdown,
  }
}

function amount(name: string, text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} takes a whole number from 1.`)
  return number
}
