// comity completion: the script for a shell, from the words and flags that the commands declare.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { stateFolder } from '../../calling/places.ts'
import { profileNames } from '../../calling/profile.ts'
import { exitCodes } from '../../exit-codes.ts'
import { UsageError } from '../../output/complain.ts'
import { print } from '../../output/print.ts'
import type { Io } from '../../terminal/io.ts'
import { bashScript } from './bash.ts'
import { fishScript } from './fish.ts'
import { grammarOf } from './grammar.ts'
import { zshScript } from './zsh.ts'

export type Shell = 'bash' | 'zsh' | 'fish'
export type CompletionFlags = { readonly names?: 'profiles' | 'sessions' }

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript }

/** Resolves to the exit code. @throws UsageError where no shell is named */
export async function complete(
  shell: Shell | undefined,
  { names }: CompletionFlags,
  program: Command,
  io: Io,
): Promise<number> {
  if (names !== undefined) {
    const found = names === 'profiles' ? await profileNames(io.env) : await sessionNames(io)
    await print(io.stdout, found.map(name => `${name}\n`).join(''))
    return exitCodes.ok
  }
  if (shell === undefined) throw new UsageError('No shell is named', 'Write comity completion bash, zsh or fish.')
  await print(io.stdout, scripts[shell](grammarOf(program)))
  return exitCodes.ok
}

const sessionNames = (io: Io): Promise<readonly string[]> =>
  readdir(join(stateFolder(io.env), 'sessions')).then(
    names => names.toSorted(),
    () => [],
  )
