// The command as a function, for programs that want to run it.
import { Command, CommanderError } from 'commander'
import { type Entry, needed } from './commands.ts'
import { exitCodes } from './exit-codes.ts'
import { overview } from './help.ts'
import { complain, UsageError } from './output/complain.ts'
import { type Io, processIo } from './terminal/io.ts'
import { version } from './version.ts'

export type { Io, Sink } from './terminal/io.ts'

/**
 * Runs `comity` with the words that follow its name, and resolves to the exit code (see `exit-codes.ts`). What a command
 * needs is loaded when it runs. `io` is where it reads and writes; that of the process unless given.
 */
export async function run(argv: readonly string[], io: Io = processIo()): Promise<number> {
  let exitCode: number = exitCodes.ok
  // Many type `help get` for `get --help`.
  const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv
  const program = await programFor(needed(words), io, code => {
    exitCode = code
  })
  try {
    await program.parseAsync(words, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof UsageError) return complain(io.stderr, error.message, error.cure, exitCodes.usage)
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return exitCodes.ok
    // Where help was not what was shown, it is where to look.
    if (error.code !== 'commander.help') io.stderr.write(`See ${helpOf(error, words)}.\n`)
    return exitCodes.usage
  }
}

const helpOf = ({ code }: CommanderError, [name = '']: readonly string[]): string =>
  code === 'commander.unknownCommand' || name.startsWith('-') ? 'comity --help' : `comity ${name} --help`

/** These commands, declared; `done` is told the exit code of the one that runs. */
async function programFor(entries: readonly Entry[], io: Io, done: (exitCode: number) => void): Promise<Command> {
  const program = new Command('comity')
    .description("Serve APIs that keep HTTP's promises, and use any.")
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: text => void io.stdout.write(text),
      writeErr: text => void io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 80,
      getErrHelpWidth: () => io.stderr.columns ?? 80,
    })
    .exitOverride()
  // One after the other: the help has their order.
  for (const { load } of entries) (await load())(program, done, io)
  program.helpInformation = () => overview(program)
  return program
}
