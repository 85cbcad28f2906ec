// What `comity --help` shows: every command in a line, on one screen of 24 lines of 80.
import type { Command } from 'commander'

/** The end of a command's help: lines that work as they stand. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map(line => `  ${line}\n`).join('')}`
}

const width = 80
const gap = 2

/** The help of the whole. Commands with one summary share a line: `get, head, post`. */
export function overview(program: Command): string {
  const rows = rowsOf(program)
  const longest = Math.max(...rows.map(({ names }) => names.length))
  const lines = rows.map(({ names, summary }) => `  ${names.padEnd(longest + gap)}${summary}`)
  return [
    'Usage: comity COMMAND [WORDS] [FLAGS]',
    '',
    ...lines.map(line => (line.length > width ? `${line.slice(0, width - 1)}…` : line)),
    '',
    'comity COMMAND --help explains a command; comity --version prints the version.',
    'Exit codes: 0 ok, 1 network or other failure, 2 usage, 3/4/5 by the status.',
    '',
  ].join('\n')
}

type Row = { readonly names: string; readonly summary: string }

function rowsOf(program: Command): readonly Row[] {
  const bySummary = new Map<string, string[]>()
  for (const command of program.commands) {
    const summary = command.summary() || command.description()
    bySummary.set(summary, [...(bySummary.get(summary) ?? []), command.name()])
  }
  return [...bySummary].map(([summary, names]) => ({ names: names.join(', '), summary }))
}
