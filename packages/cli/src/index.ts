// The command as a function, for programs that want to run it.
import { readFileSync } from 'node:fs'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import type { ServeFlags } from './commands/serve.ts'

/**
 * Runs `comity` with the words that follow its name, and resolves to the exit code: 0; 1 where what was asked failed;
 * 2 where it was asked wrongly or the definition is at fault. What a command needs is loaded when it runs.
 */
export async function run(argv: readonly string[]): Promise<number> {
  let exitCode = 0
  const program = new Command('comity')
    .description("Serve APIs that keep HTTP's promises.")
    .version(versionOf(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .showSuggestionAfterError()
    .exitOverride()
  program
    .command('serve')
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
    .exitOverride()
    .action(async (definition: string, flags: ServeFlags) => {
      const { serveCommand } = await import('./commands/serve.ts')
      exitCode = await serveCommand(definition, flags)
    })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? 0 : 2
  }
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

function versionOf(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
}
