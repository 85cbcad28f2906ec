// The command as a function, for programs that want to run it.
import { Command, CommanderError } from 'commander'
import { needed } from './commands.ts'
import { exitCodes } from './exit-codes.ts'
import { overview } from './help.ts'
import { complain, UsageError } from './output/complain.ts'
import { whyUnwritten } from './output/print.ts'
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
  const program = await programFor(words, io, code => {
    exitCode = code
  })
  try {
    await program.parseAsync(words, { from: 'user' })
    return exitCode === exitCodes.interrupted && io.terminated === true ? exitCodes.terminated : exitCode
  } catch (error) {
    if (error instanceof UsageError) return complain(io.stderr, error.message, error.cure, exitCodes.usage)
    const unwritten = whyUnwritten(error)
    if (unwritten !== undefined) return complain(io.stderr, unwritten)
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  }
}

/** What these words need, declared; `done` is told the exit code of the one that runs. */
async function programFor(words: readonly string[], io: Io, done: (exitCode: number) => void): Promise<Command> {
  const program = new Command('comity')
    .description("Serve APIs that keep HTTP's promises, and use any.")
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: text => void io.stdout.write(text),
      writeErr: text => void io.stderr.write(text),
      outputError: (text, write) => write(usageOf(text, words)),
      getOutHelpWidth: () => io.stdout.columns ?? 80,
      getErrHelpWidth: () => io.stderr.columns ?? 80,
    })
    .exitOverride()
  // One after the other: the help has their order.
  for (const { load } of needed(words)) (await load())(program, done, io)
  program.helpInformation = () => overview(program)
  return program
}

/** What commander says of words, as everything else is said: a sentence, and what to try. */
function usageOf(text: string, words: readonly string[]): string {
  const [first = '', ...more] = text
    .replace(/^error: /, '')
    .trim()
    .split('\n')
  const sentence = `${first[0]?.toUpperCase() ?? ''}${first.slice(1)}`.replace(/(?<!\.|\?|[.?]\))$/, '.')
  const [word = ''] = words
  const command = needed(words).some(({ names }) => names.includes(word)) ? ` ${word}` : ''
  return `${[sentence, ...more].join(' ')} See comity${command} --help.\n`
}
