// The script for fish.
import type { Entry, Flag, Value } from './grammar.ts'

export function fishScript(entries: readonly Entry[]): string {
  const lines = entries.flatMap(({ name, description, flags, word }) => {
    const here = `-n '__fish_seen_subcommand_from ${name}'`
    return [
      `complete -c comity -n __fish_use_subcommand -fa ${name} -d ${quoted(description)}`,
      ...flags.map(flag => `complete -c comity ${here} ${switches(flag)} -d ${quoted(flag.description)}`),
      ...(word.kind === 'choices' ? [`complete -c comity ${here} -fa ${quoted(word.choices.join(' '))}`] : []),
    ]
  })
  return `# comity in fish: comity completion fish | source\n${lines.join('\n')}\n`
}

function switches({ long, short, value }: Flag): string {
  const names = `${short === undefined ? '' : `-s ${short.slice(1)} `}-l ${long.slice(2)}`
  return `${names}${after(value)}`
}

function after(value: Value): string {
  switch (value.kind) {
    case 'none':
      return ''
    case 'choices':
      return ` -xa ${quoted(value.choices.join(' '))}`
    case 'names':
      return ` -xa '(comity completion --names ${value.of} 2>/dev/null)'`
    case 'files':
      return ' -rF'
    case 'free':
      return ' -x'
  }
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
