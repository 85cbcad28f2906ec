// The rows that a server refused, in a file of their own and in the form of the one they came from, to be mended there.
import { open } from 'node:fs/promises'
import type { FileFormat, Records } from './records.ts'
import type { Refused } from './send.ts'

/**
 * Writes `refused` behind the first `length` bytes, which are those that were refused before; what stands behind them is
 * of a run that was ended before it could say so. Returns the new length.
 */
export async function keepRefused(
  path: string,
  length: number,
  refused: readonly Refused[],
  header: Records['header'],
  format: FileFormat,
): Promise<number> {
  if (refused.length === 0) return length
  const file = await open(path, length === 0 ? 'w' : 'r+')
  try {
    await file.truncate(length)
    const heading = length === 0 && header !== undefined ? [header.text] : []
    const ending = format === 'csv' ? '\r\n' : '\n'
    const text = [...heading, ...refused.map(({ row }) => row.text)].map(line => line + ending).join('')
    const { bytesWritten } = await file.write(text, length)
    await file.datasync()
    return length + bytesWritten
  } finally {
    await file.close()
  }
}
