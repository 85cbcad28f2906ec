// comity completion: its words and flags.
import { Argument, type Command, Option } from 'commander'
import { examples } from '../../help.ts'
import type { Io } from '../../terminal/io.ts'
import type { CompletionFlags, Shell } from './run.ts'

const text = `Print what makes a shell complete the words of comity.

  bash   source <(comity completion bash)          in ~/.bashrc
  zsh    source <(comity completion zsh)           in ~/.zshrc, after compinit
  fish   comity completion fish | source           in ~/.config/fish/config.fish`

export function declareCompletion(program: Command, done: (exitCode: number) => void, io: Io): void {
  program
    .command('completion')
    .summary('complete its words in bash, zsh or fish')
    .description(text)
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']).argOptional())
    .addOption(new Option('--names <kind>', 'names to complete with').choices(['profiles', 'sessions']).hideHelp())
    .addHelpText('after', examples('comity completion bash'))
    .action(async (shell: Shell | undefined, flags: CompletionFlags) => {
      const { complete } = await import('./run.ts')
      done(await complete(shell, flags, program, io))
    })
}
