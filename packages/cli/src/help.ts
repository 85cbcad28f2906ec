// What `comity --help` shows: every command in a line, on one screen of 24 lines of 80 characters.
import type { Command } from 'commander'
import { wrapText } from './terminal/wrap-text.ts'

/** The end of a command's help: lines that work as they stand. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map(line => `  ${line}\n`).join('')}`
}

const width = 80
const gap = 2
/** Longer lists of names go on in the next line. */
const widestNames = 28

/** The help of the whole. Commands with one summary share a row: `get, head, post`. */
export function overview(program: Command): string {
  const rows = rowsOf(program)
  const longest = Math.min(widestNames, Math.max(...rows.map(({ names }) => names.length)))
  return [
    'Usage: comity COMMAND [WORDS] [FLAGS]',
    '',
    ...rows.flatMap(({ names, summary }) => {
      const [first = '', ...more] = wrapText(names, longest)
      return [cut(`  ${first.padEnd(longest + gap)}${summary}`), ...more.map(line => `  ${line}`)]
    }),
    '',
    'comity COMMAND --help explains a command; comity --version prints the version.',
    'Exit codes: 0 ok, 1 network or other failure, 2 usage, 3/4/5 by the status.',
    '',
  ].join('\n')
}

const cut = (line: string): string => (line.length > width ? `${line.slice(0, width - 1)}…` : line)

type Row = { readonly names: string; readonly summary: string }

function rowsOf(program: Command): readonly Row[] {
  const bySummary = new Map<string, string[]>()
  for (const command of program.commands) {
    const summary = command.summary() || command.description()
    bySummary.set(summary, [...(bySummary.get(summary) ?? []), command.name()])
  }
  return [...bySummary].map(([summary, names]) => ({ names: names.join(', '), summary }))
}
