// A list to its end: items are written as their pages come, where the format allows it.
import type { Client, RequestOptions } from '@comity/client'
import { exitCodes } from '../../exit-codes.ts'
import { UsageError } from '../../output/complain.ts'
import { rendered } from '../../output/formats.ts'
import { readValue } from '../../output/value.ts'
import { type Destination, into } from './destination.ts'
import { formatFor, type Output, showValues } from './output.ts'

/** Resolves to the exit code. */
export async function showPages(
  client: Client,
  target: string,
  { body: _, ...options }: RequestOptions,
  maxItems: number | undefined,
  output: Output,
): Promise<number> {
  if (output.as === 'raw') throw new UsageError('--as raw is one content as it came, and --all-pages joins many')
  const limit = maxItems === undefined ? {} : { maxItems }
  const items = client.pages<unknown>(target, { ...options, ...limit, read: readValue })
  const format = formatFor([], output)
  const streams = output.selection === undefined && (format === 'ndjson' || format === 'json' || format === 'lines')
  const streamsCsv = output.selection === undefined && format === 'csv' && output.columns !== undefined
  if (!streams && !streamsCsv) return (await showValues(await items.all(), output)) ?? exitCodes.ok
  const { columns, paint, isTerminal, io } = output
  const width = isTerminal ? (io.stdout.columns ?? 80) : undefined
  const textOf = (item: unknown) => rendered([item], { format, columns, paint, width })
  await into(output.out, io, async to => {
    if (format === 'json') return jsonArray(items, textOf, to)
    let count = 0
    for await (const item of items) {
      const text = await textOf(item)
      // The names stand in the first line only.
      await to.write(format === 'csv' && count > 0 ? text.slice(text.indexOf('\n') + 1) : text)
      count++
    }
    if (format === 'csv' && count === 0) await to.write(await rendered([], { format, columns, paint, width }))
  })
  return exitCodes.ok
}

/** An array whose items are written one by one: `[`, each without the brackets of its own, `]`. */
async function jsonArray(
  items: AsyncIterable<unknown>,
  textOf: (item: unknown) => Promise<string>,
  to: Destination,
): Promise<void> {
  let before = '['
  for await (const item of items) {
    const text = await textOf(item)
    await to.write(`${before}${text.slice(1, text.lastIndexOf('\n]'))}`)
    before = ','
  }
  await to.write(before === '[' ? '[]\n' : '\n]\n')
}
