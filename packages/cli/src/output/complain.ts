// What went wrong, for a person: one sentence, and what to try.
import { exitCodes } from '../exit-codes.ts'
import type { Sink } from '../terminal/io.ts'

/** Writes the sentence, and the cure after it, to standard error; returns the exit code to end with. */
export function complain(stderr: Sink, sentence: string, cure?: string, exitCode: number = exitCodes.failed): number {
  stderr.write(`${finished(sentence)}${cure === undefined ? '' : ` ${finished(cure)}`}\n`)
  return exitCode
}

function finished(sentence: string): string {
  const text = sentence.trim()
  return /[.!?:]$/.test(text) ? text : `${text}.`
}

/** Anything wrong with how a command was asked; it ends with 2, and the message and cure are all that is printed. */
export class UsageError extends Error {
  readonly cure: string | undefined

  constructor(message: string, cure?: string) {
    super(message)
    this.name = 'UsageError'
    this.cure = cure
  }
}
