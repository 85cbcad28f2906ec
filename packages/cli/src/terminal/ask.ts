// A question on the terminal whose answer is not shown: a password.
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { Io } from './io.ts'

/** What asks; undefined where nobody could answer. */
export function askerOn({ stdin, stderr, interrupted }: Io): ((question: string) => Promise<string>) | undefined {
  if (stdin.isTTY !== true || stderr.isTTY !== true) return undefined
  return async question => {
    // What is typed goes nowhere, from before the question on.
    const nowhere = new Writable({ write: (_piece, _encoding, done) => done() })
    const lines = createInterface({ input: stdin, output: nowhere, terminal: true })
    stderr.write(question)
    // In this mode of the terminal Ctrl-C is a character.
    const stopped = new Promise<never>((_, reject) => lines.once('SIGINT', () => reject(new Interrupted())))
    try {
      return await Promise.race([lines.question('', { signal: interrupted }), stopped])
    } finally {
      lines.close()
      stderr.write('\n')
    }
  }
}

/** Ctrl-C, where the terminal hands it over as a character. */
export class Interrupted extends Error {}
