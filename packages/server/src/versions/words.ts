// The steps of a version in words, for the changelog. Backticks enclose names.
import type { Changes, ServiceChanges, Step } from '../define/version.ts'

const listed = (names: readonly string[]): string => {
  const quoted = names.map(name => `\`${name}\``)
  const last = quoted.pop() ?? ''
  return quoted.length > 0 ? `${quoted.join(', ')} and ${last}` : last
}

const part = (path: string): string => path.split('.').at(-1) ?? path

/** What changed with the next version, a sentence for each step. */
export function wordsOf(step: Step, next: string): string {
  switch (step.kind) {
    case 'moves':
      return wordsOfMoves(step)
    case 'added':
      return `\`${step.member}\` is new.${step.value === undefined ? '' : ` What was created through the older version got \`${JSON.stringify(step.value)}\`.`}`
    case 'dropped':
      return `\`${step.member}\` is gone. The older version reads \`${JSON.stringify(step.shown)}\`, and keeps nothing of what is sent.`
    case 'retyped': {
      const { member, to = member, loses } = step
      const said =
        to === member
          ? `\`${member}\` is written in another way`
          : `\`${member}\` is now \`${to}\`, written in another way`
      return `${said}.${loses === undefined ? '' : ` Lost on the way: ${loses}.`}`
    }
    case 'converted': {
      const { fields, replaces, note, loses } = step
      const verb = Object.keys(fields).length === 1 ? 'is' : 'are'
      const said =
        replaces.length > 0
          ? `${listed(Object.keys(fields))} ${verb} now ${listed(replaces)}.`
          : `${listed(Object.keys(fields))} ${verb} gone.`
      return [said, note, loses && `Lost on the way: ${loses}.`].filter(Boolean).join(' ')
    }
    case 'called':
      return `\`/${step.name}\` has a new name in version ${next}.`
    case 'filter':
      return `The query word \`${step.from}\` is now \`${step.to}\`.`
  }
}

function wordsOfMoves({ how, moves }: Extract<Step, { kind: 'moves' }>): string {
  const [first] = moves
  if (first === undefined) return ''
  switch (how) {
    case 'renamed':
      return `\`${first.from}\` is now \`${first.to}\`.`
    case 'moved':
      return `\`${first.from}\` has moved to \`${first.to}\`.`
    case 'split': {
      const parts = moves.map(({ from, to, stays }) =>
        stays ? `\`${from}\` is found in \`${to}\` alone` : `\`${from}\` is now \`${to}\``,
      )
      return `The object \`${first.from.split('.')[0]}\` was taken apart: ${parts.join(', ')}.`
    }
    case 'merged':
      return `${listed(moves.map(({ from }) => from))} became one object, \`${first.to.split('.')[0]}\`, with ${listed(moves.map(({ to }) => part(to)))}.`
  }
}

/** All that changed of a resource. */
export function historyOf(changes: Changes | ServiceChanges | 'added', next: string): readonly string[] {
  if (changes === 'added') return ['This resource is new.']
  if ('kind' in changes) return changes.steps.map(step => wordsOf(step, next))
  const { called, ...sides } = changes
  return [
    ...(called === undefined ? [] : [`\`/${called}\` has a new name in version ${next}.`]),
    ...Object.entries(sides).flatMap(([side, { steps }]) =>
      steps.map(
        step => `${side === 'query' ? 'Query words' : side === 'input' ? 'Input' : 'Output'}: ${wordsOf(step, next)}`,
      ),
    ),
  ]
}
