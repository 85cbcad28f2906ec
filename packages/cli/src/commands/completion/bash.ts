// The script for bash 3.2 and newer, without the package bash-completion.
import type { Entry, Value } from './grammar.ts'

export function bashScript(entries: readonly Entry[]): string {
  const cases = entries.flatMap(({ name, flags }) =>
    flags.flatMap(({ long, short, value }) =>
      value.kind === 'none'
        ? []
        : [
            `    ${[long, short].flatMap(each => (each ? [`'${name} ${each}'`] : [])).join(' | ')}) ${action(value)} ;;`,
          ],
    ),
  )
  const flags = entries.map(({ name, flags }) => `    ${name}) flags='${flags.map(({ long }) => long).join(' ')}' ;;`)
  const words = entries.flatMap(({ name, word }) =>
    word.kind === 'choices' ? [`    ${name}) ${action(word)} ;;`] : [],
  )
  return `# comity in bash: source <(comity completion bash)
_comity() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]} flags=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${entries.map(({ name }) => name).join(' ')} --help --version' -- "$cur"))
    return
  fi
  # --as=csv comes in three words.
  if [ "$cur" = = ]; then cur=
  elif [ "$prev" = = ]; then prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  case "$command $prev" in
${cases.join('\n')}
  esac
  case "$command" in
${flags.join('\n')}
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$cur"))
    return
  fi
  [ "$COMP_CWORD" -eq 2 ] || return
  case "$command" in
${words.join('\n')}
  esac
}
complete -o default -F _comity comity
`
}

/** Where nothing is proposed, bash itself proposes files. */
function action(value: Value): string {
  switch (value.kind) {
    case 'choices':
      return `COMPREPLY=($(compgen -W '${value.choices.join(' ')}' -- "$cur")); return`
    case 'names':
      return `COMPREPLY=($(compgen -W "$(comity completion --names ${value.of} 2>/dev/null)" -- "$cur")); return`
    default:
      return 'return'
  }
}
