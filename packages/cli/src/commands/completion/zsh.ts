// The script for zsh, over its own _arguments.
import type { Entry, Flag, Value } from './grammar.ts'

export function zshScript(entries: readonly Entry[]): string {
  const commands = entries.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`)
  const cases = entries.map(({ name, flags, word }) => {
    const lines = [...flags.flatMap(specs), quoted(`1:word:${action(word)}`), quoted('*:word:_files')]
    return `    ${name}) _arguments -s \\\n${lines.map(line => `      ${line}`).join(' \\\n')} ;;`
  })
  return `#compdef comity
# comity in zsh: source <(comity completion zsh)
_comity() {
  local -a commands
  commands=(
${commands.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
compdef _comity comity
`
}

function specs({ long, short, description, value }: Flag): readonly string[] {
  const text = description.replaceAll(/[[\]:]/g, each => `\\${each}`)
  const after = value.kind === 'none' ? '' : `:value:${action(value)}`
  const names = short === undefined ? [long] : [short, long]
  return names.map(name => quoted(`${name}${value.kind !== 'none' && name === long ? '=' : ''}[${text}]${after}`))
}

function action(value: Value): string {
  switch (value.kind) {
    case 'choices':
      return `(${value.choices.join(' ')})`
    case 'names':
      return `($(comity completion --names ${value.of} 2>/dev/null))`
    case 'files':
      return '_files'
    default:
      return ' '
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
