// The words and flags of all commands, as a shell has to know them.
import type { Command, Option } from 'commander'

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
  const entries = program.commands.map((command): Entry => {
    const inner = command.commands
    const flags = [command, ...inner].flatMap(flagsOf)
    return {
      name: command.name(),
      description: command.summary() || command.description(),
      flags: flags.filter(({ long }, at) => flags.findIndex(other => other.long === long) === at),
      word: inner.length > 0 ? { kind: 'choices', choices: inner.map(each => each.name()) } : wordOf(command),
    }
  })
  const choices = entries.map(({ name }) => name)
  return [...entries, { name: 'help', description: 'explain a command', flags: [], word: { kind: 'choices', choices } }]
}

function flagsOf(command: Command): readonly Flag[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap((option): readonly Flag[] => {
      const { long, short, description } = option
      if (long === undefined || long === null) return []
      const takes = option.required || option.optional
      const value = takes ? valueFor(option) : none
      return [{ long, short: short ?? undefined, description, value }]
    })
}

function wordOf({ registeredArguments: [argument] }: Command): Value {
  if (argument === undefined) return none
  return argument.argChoices === undefined ? { kind: 'files' } : { kind: 'choices', choices: argument.argChoices }
}

const none: Value = { kind: 'none' }
/** `--out <file>`: what a flag takes is said by its own words. */
const ofFiles = /[<[](?:file|folder)[>\]]|--(?:database|each|output)\b/

function valueFor({ long, flags, argChoices: choices }: Option): Value {
  if (choices !== undefined) return { kind: 'choices', choices }
  if (long === '--profile') return { kind: 'names', of: 'profiles' }
  if (long === '--session') return { kind: 'names', of: 'sessions' }
  return { kind: ofFiles.test(flags) ? 'files' : 'free' }
}
