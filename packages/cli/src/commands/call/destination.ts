// Where the content goes: to standard output, or into a file that is whole or not there.
import { resolve } from 'node:path'
import { UsageError } from '../../output/complain.ts'
import { print } from '../../output/print.ts'
import { openAside } from '../../output/write-file.ts'
import type { Io } from '../../terminal/io.ts'

export type Destination = {
  readonly write: (piece: string | Uint8Array) => Promise<void>
}

/**
 * Lets `fill` write. A file takes its name when `fill` has resolved; should it reject, what was there stays.
 * @throws UsageError where the file cannot be written
 */
export async function into(out: string | undefined, io: Io, fill: (to: Destination) => Promise<void>): Promise<void> {
  if (out === undefined) return fill({ write: piece => print(io.stdout, piece) })
  const aside = await openAside(resolve(io.cwd, out)).catch(error => {
    throw new UsageError(whyNot(out, error))
  })
  try {
    await fill(aside)
  } catch (error) {
    await aside.drop()
    throw error
  }
  await aside.keep()
}

function whyNot(path: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return `The folder for ${path} is not there`
    case 'EISDIR':
      return `${path} is a folder, and --out needs a file`
    case 'EACCES':
    case 'EROFS':
      return `${path} may not be written by this user`
    default:
      return `${path} cannot be written: ${error.message}`
  }
}
