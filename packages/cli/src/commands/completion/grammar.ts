// The words and flags of all commands, as a shell has to know them.
import type { Command } from 'commander'

/** What may follow a flag, or stand as a word. */
export type Value =
  | { readonly kind: 'none' }
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  | { readonly kind: 'files' }
  /** Told by `comity completion --names`. */
  | { readonly kind: 'names'; readonly of: 'profiles' | 'sessions' }
  | { readonly kind: 'free' }

export type Flag = {
  readonly long: string
  readonly short: string | undefined
  readonly description: string
  readonly value: Value
}

export type Entry = {
  readonly name: string
  readonly description: string
  readonly flags: readonly Flag[]
  /** The first word. */
  readonly word: Value
}

export function grammarOf(program: Command): readonly Entry[] {
  return program.commands.map(command => {
    const flags = command
      .createHelp()
      .visibleOptions(command)
      .flatMap((option): readonly Flag[] => {
        const { long, short, description } = option
        if (long === undefined || long === null) return []
        const takes = option.required || option.optional
        return [
          { long, short: short ?? undefined, description, value: takes ? valueFor(long, option.argChoices) : none },
        ]
      })
    const [argument] = command.registeredArguments
    const choices = argument?.argChoices
    const word: Value =
      choices === undefined ? (argument === undefined ? none : { kind: 'files' }) : { kind: 'choices', choices }
    return { name: command.name(), description: command.summary() || command.description(), flags, word }
  })
}

const none: Value = { kind: 'none' }
const ofFiles = /^--(?:out|output|ca|file|each|save|database)$/

function valueFor(long: string, choices: readonly string[] | undefined): Value {
  if (choices !== undefined) return { kind: 'choices', choices }
  if (long === '--profile') return { kind: 'names', of: 'profiles' }
  if (long === '--session') return { kind: 'names', of: 'sessions' }
  return { kind: ofFiles.test(long) ? 'files' : 'free' }
}
