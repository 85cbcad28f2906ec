// comity serve: its words and flags.
import { type Command, InvalidArgumentError, Option } from 'commander'
import { examples } from '../../help.ts'
import type { ServeFlags } from './run.ts'

export function declareServe(program: Command, done: (exitCode: number) => void): void {
  program
    .command('serve')
    .summary('serve an API from a definition')
    .description('serve the API that a definition describes')
    .argument('<definition>', 'the file that defines it: a .ts or .js whose default export is defineApi({ … })')
    .addOption(option('-p, --port <number>', 'port; 0 takes any that is free', 'PORT', readPort).default(3000))
    .addOption(option('-H, --host <address>', 'address to listen on', 'HOST').default('127.0.0.1'))
    .addOption(
      option('-d, --database <address>', 'sqlite:PATH or sqlite::memory:', 'DATABASE_URL').default(
        'sqlite:comity.sqlite',
      ),
    )
    .option('-o, --open', 'open the documents in the browser')
    .addHelpText('after', examples('comity serve examples/bank/api.ts --database sqlite::memory:'))
    .action(async (definition: string, flags: ServeFlags) => {
      const { serveCommand } = await import('./run.ts')
      done(await serveCommand(definition, flags))
    })
}

type Reader = (value: string) => unknown

// An empty word, as of `PORT=`, is none.
function option(flags: string, description: string, env: string, read: Reader = value => value): Option {
  return new Option(flags, description).env(env).argParser((value, before) => (value === '' ? before : read(value)))
}

function readPort(value: string): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN
  if (port <= 65_535) return port
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.')
}
