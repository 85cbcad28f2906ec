// What is written of an answer, and how: as it came, for a person, or as chosen values in a chosen form.
import type { HttpResponse } from '@comity/client'
import { fieldLine, type Hiding, type Line, statusLine } from '../../calling/message.ts'
import { exitCodes } from '../../exit-codes.ts'
import { type Paint, paintFor, plain } from '../../output/colour.ts'
import { type Column, columnsOf } from '../../output/columns.ts'
import { complain, UsageError } from '../../output/complain.ts'
import { type Format, formatOfName, rendered } from '../../output/formats.ts'
import { print } from '../../output/print.ts'
import { type Selection, selectionOf } from '../../output/select.ts'
import { readValue } from '../../output/value.ts'
import type { Io } from '../../terminal/io.ts'
import { into } from './destination.ts'
import { showContent } from './on-terminal.ts'
import type { CallFlags } from './run.ts'

/** What the flags come to. */
export type Output = {
  readonly io: Io
  readonly out: string | undefined
  /** The content goes to a terminal, and `paint` is for it. */
  readonly isTerminal: boolean
  readonly paint: Paint
  readonly head: 'shown' | 'left-out'
  /** `values`: the content is read, selected from and written in a format; `content`: as it is. */
  readonly kind: 'values' | 'content'
  readonly as: Format | undefined
  readonly selection: Selection | undefined
  readonly select: string | undefined
  readonly columns: readonly Column[] | undefined
  readonly hiding: Hiding
}

/** @throws UsageError where the flags contradict each other */
export async function outputFor(method: string, flags: CallFlags, io: Io): Promise<Output> {
  const { select, columns, as, out } = flags
  const chooses = select !== undefined || columns !== undefined
  if (as === 'raw' && chooses)
    throw new UsageError('--as raw is the content as it came, and --select and --columns choose from it')
  const kind = chooses || (as !== undefined && as !== 'raw') ? 'values' : 'content'
  const isTerminal = out === undefined && io.stdout.isTTY === true
  const shows = isTerminal && kind === 'content' && as !== 'raw' && flags.verbose !== true
  return {
    io,
    out,
    isTerminal,
    paint: out === undefined ? paintFor(io, io.stdout) : plain,
    head: flags.body !== true && (flags.include === true || shows || method === 'HEAD') ? 'shown' : 'left-out',
    kind,
    as: as ?? (kind === 'values' && out !== undefined ? formatOfName(out) : undefined),
    selection: select === undefined ? undefined : await selectionOf(select),
    select,
    columns: columns === undefined ? undefined : columnsOf(columns),
    hiding: { secrets: isTerminal && flags.showSecrets !== true ? 'hidden' : 'shown', words: [] },
  }
}

/** Writes an answer that is no refusal; resolves to an exit code where something is missing in it. */
export async function showAnswer(response: HttpResponse, output: Output): Promise<number | undefined> {
  await showHead(response, output)
  if (output.kind === 'values') return showValues(await readValue(response), output)
  await showAsItIs(response, output)
  return undefined
}

/** The content of a refusal is what was asked for only where no values were; a file stays as it is. */
export async function showRefusal(response: HttpResponse, output: Output): Promise<void> {
  if (output.kind === 'values' || output.out !== undefined) return response.discard()
  await showHead(response, output)
  await showAsItIs(response, output)
}

async function showHead(response: HttpResponse, { head, io, hiding }: Output): Promise<void> {
  if (head === 'left-out' && !isBareOptions(response)) return
  const paint = paintFor(io, io.stdout)
  const { httpVersion, status, reason } = response
  const others = Object.entries(response.fields).flatMap(([name, value]): readonly Line[] =>
    value === undefined || name === 'set-cookie' ? [] : [[name, value]],
  )
  const lines = [...others, ...response.cookies.map((cookie): Line => ['set-cookie', cookie])]
  const text = [
    statusLine(httpVersion === '' ? '1.1' : httpVersion, status, reason, paint),
    ...lines.map(line => fieldLine(line, paint, hiding)),
  ]
  await print(io.stdout, `${text.join('\n')}\n\n`)
}

/** What OPTIONS asks for stands in the fields. */
const isBareOptions = (response: HttpResponse): boolean =>
  response.request.method === 'OPTIONS' && (response.status === 204 || response.field('content-length') === '0')

async function showAsItIs(response: HttpResponse, output: Output): Promise<void> {
  const { io, out, isTerminal, as, paint } = output
  if (isTerminal && as !== 'raw') {
    const unshown = await showContent(response, { write: piece => print(io.stdout, piece) }, paint)
    if (unshown !== undefined) complain(io.stderr, unshown, 'Keep it with --out FILE, or send it into a pipe.')
    return
  }
  await into(out, io, async to => {
    for await (const piece of response) await to.write(piece)
  })
}

/** Writes values in the format that is meant; resolves to an exit code where the path leads to nothing. */
export async function showValues(value: unknown, output: Output): Promise<number | undefined> {
  const { io, selection, select, columns, paint, isTerminal, out } = output
  if (value === undefined) return undefined
  let chosen: unknown = value
  if (selection !== undefined) {
    const found = selection.from(value)
    if (selection.kind === 'one' && found.length === 0)
      return complain(
        io.stderr,
        `There is nothing at ${select}`,
        'See what there is without --select.',
        exitCodes.failed,
      )
    chosen = selection.kind === 'one' ? found[0] : found
  }
  const width = isTerminal ? (io.stdout.columns ?? 80) : undefined
  const text = await rendered(chosen, { format: formatFor(chosen, output), columns, paint, width })
  await into(out, io, to => to.write(text))
  return undefined
}

/** Columns make a table for a person and CSV for a program; a selected text stands for itself; all else is JSON. */
export function formatFor(value: unknown, output: Output): Exclude<Format, 'raw'> {
  const { as, columns, isTerminal, selection } = output
  if (as !== undefined && as !== 'raw') return as
  if (columns !== undefined) return isTerminal ? 'table' : 'csv'
  return selection?.kind === 'one' && (typeof value !== 'object' || value === null) ? 'lines' : 'json'
}
