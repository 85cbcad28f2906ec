// Content from standard input. What is no terminal and says nothing may stay silent for ever, so that it is not waited for
// unless told: `@-`.
import { fstatSync } from 'node:fs'
import { UsageError } from '../../output/complain.ts'
import type { Io } from '../../terminal/io.ts'

/** Ms for the first byte of a pipe. */
const patience = 2000

/** How long it is waited for: for its first byte, or as long as it takes. */
export type Waiting = 'briefly' | 'as-told'

/**
 * All of standard input; undefined where there is none: a terminal, or nothing in it.
 * @throws UsageError where it is open, and nothing comes
 */
export async function readStdin(io: Io, waiting: Waiting): Promise<Uint8Array | undefined> {
  const { stdin } = io
  if (waiting === 'briefly' && (stdin.isTTY === true || isNothing(stdin.fd))) return undefined
  const pieces: Uint8Array[] = []
  const timer = waiting === 'briefly' ? setTimeout(() => stdin.destroy(new Silent()), patience) : undefined
  try {
    for await (const piece of stdin) {
      clearTimeout(timer)
      pieces.push(typeof piece === 'string' ? Buffer.from(piece) : piece)
    }
  } catch (error) {
    if (!(error instanceof Silent)) throw error
    throw new UsageError(
      `Nothing came on standard input in ${patience / 1000} s`,
      'Write @- to wait for it as long as it takes, or --no-stdin where nothing is meant to come.',
    )
  } finally {
    clearTimeout(timer)
  }
  return pieces.length === 0 ? undefined : Buffer.concat(pieces)
}

class Silent extends Error {}

/** Is it closed, or a device like /dev/null? Pipes, sockets and files can have something. */
function isNothing(fd: number | undefined): boolean {
  if (fd === undefined) return false
  try {
    const found = fstatSync(fd)
    return !found.isFile() && !found.isFIFO() && !found.isSocket()
  } catch {
    return true
  }
}
