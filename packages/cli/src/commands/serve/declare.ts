// comity serve: its words and flags.
import { type Command, InvalidArgumentError, Option } from 'commander'
import { examples } from '../../help.ts'
import type { Io } from '../../terminal/io.ts'
import type { ServeFlags } from './run.ts'

export function declareServe(program: Command, done: (exitCode: number) => void, io: Io): void {
  program
    .command('serve')
    .summary('serve an API from a file or a definition')
    .description(
      'Serve an API from what you have: db.json (an object of named lists), a CSV or NDJSON file, a folder of them, a SQLite database, or a definition. An OpenAPI document is mocked.',
    )
    .argument(
      '<source>',
      'db.json, todos.csv, a folder, shop.sqlite, openapi.yaml (or its URL), or a .ts or .js whose default export is defineApi({ … })',
    )
    .addOption(option('-p, --port <number>', 'port; 0 takes any that is free', 'PORT', readPort).default(3000))
    .addOption(option('-H, --host <address>', 'address to listen on', 'HOST').default('127.0.0.1'))
    .addOption(
      option('-d, --database <address>', 'of a definition: sqlite:PATH or sqlite::memory:', 'DATABASE_URL').default(
        'sqlite:comity.sqlite',
      ),
    )
    .option('-m, --memory', 'keep what is written in memory; the source stays as it is')
    .option('-r, --read-only', 'answer what reads, refuse what writes (405)')
    .addOption(
      new Option('--maintenance [minutes]', 'answer 503 to everything but the documents, for so long')
        .argParser(readMinutes)
        .preset('0'),
    )
    .option('-w, --watch', 'serve the source as it is after each change, without dropping connections')
    .addOption(
      new Option('--cors [origins]', 'let pages of these origins call it; of any, where none is named')
        .argParser(readOrigins)
        .preset('*'),
    )
    .addOption(new Option('--delay <ms>', 'let each request wait').argParser(readDelay))
    .addOption(
      new Option('--faults <percent>', 'meet so many requests with failures, cuts and slowness').argParser(readShare),
    )
    .addOption(new Option('--faults-seed <number>', 'the same faults each time').argParser(readWhole))
    .option('-t, --trace', 'print the way of each request through the gates, and show it at /traces')
    .option('--cert <file>', 'serve HTTPS and HTTP/2: the certificate, with those up to its root (PEM)')
    .option('--key <file>', 'the private key of --cert (PEM)')
    .option('--client-ca <file>', 'ask clients for certificates of these authorities (PEM)')
    .option('-o, --open', 'open the documents in the browser')
    .addHelpText(
      'after',
      examples(
        'comity serve examples/placeholder/db.json --memory',
        'comity serve db.json --watch --cors',
        'comity serve db.json --faults 5% --delay 200',
        'comity serve openapi.yaml --port 4010',
        'comity serve db.json --cert server.pem --key server.key',
        'comity serve examples/bank/api.ts --database sqlite::memory:',
      ),
    )
    .action(async (source: string, flags: ServeFlags, command: Command) => {
      if (command.getOptionValueSource('database') === 'cli' && !/\.[cm]?[jt]s$/i.test(source))
        command.error(
          `error: option '--database' is for definitions; ${source} keeps its own data (--memory leaves it as it is)`,
        )
      const { serveCommand } = await import('./run.ts')
      done(await serveCommand(source, flags, io))
    })
}

type Reader = (value: string) => unknown

// An empty word, as of `PORT=`, is none.
function option(flags: string, description: string, env: string, read: Reader = value => value): Option {
  return new Option(flags, description).env(env).argParser((value, before) => (value === '' ? before : read(value)))
}

/** 0: nobody knows how many. */
function readMinutes(value: string): number {
  if (/^\d{1,6}$/.test(value)) return Number(value)
  throw new InvalidArgumentError('Minutes are a whole number.')
}

function readPort(value: string): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN
  if (port <= 65_535) return port
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.')
}

/** Longest delay, in ms. */
const longest = 600_000

function readDelay(value: string): number {
  const [, number, unit] = /^(\d{1,6})(ms|s)?$/.exec(value) ?? []
  const ms = Number(number) * (unit === 's' ? 1000 : 1)
  if (ms <= longest) return ms
  throw new InvalidArgumentError(
    `A delay is a whole number of milliseconds (200, 200ms) or seconds (2s), up to ${longest} ms.`,
  )
}

function readShare(value: string): number {
  const percent = /^\d{1,3}(\.\d+)?%?$/.test(value) ? Number(value.replace('%', '')) : Number.NaN
  if (percent <= 100) return percent / 100
  throw new InvalidArgumentError('Faults are a share of the requests from 0% to 100%, such as 5%.')
}

function readWhole(value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value)
  throw new InvalidArgumentError('A seed is a whole number.')
}

function readOrigins(value: string): readonly string[] {
  const origins = value.split(',').map(origin => origin.trim())
  for (const origin of origins)
    if (origin !== '*' && !(URL.canParse(origin) && new URL(origin).origin === origin))
      throw new InvalidArgumentError(`“${origin}” is no origin, such as http://localhost:5173.`)
  return origins
}
