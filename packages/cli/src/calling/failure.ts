// What a failed call was, for a person: one sentence, what to try, and the exit code.
import { ComityError, HttpError, NetworkError } from '@comity/client'
import { exitCodes } from '../exit-codes.ts'
import { complain, UsageError } from '../output/complain.ts'
import type { Sink } from '../terminal/io.ts'
import { complainOfStatus } from './refused.ts'

/** Says what went wrong, and returns the exit code to end with. What is no failure of a call is thrown again. */
export function complainOfCall(stderr: Sink, error: unknown): number {
  if (error instanceof UsageError) return complain(stderr, error.message, error.cure, exitCodes.usage)
  if (error instanceof HttpError) return complainOfStatus(stderr, error.response)
  if (error instanceof NetworkError) return complain(stderr, error.message, cureOf(error))
  if (error instanceof ComityError) return complain(stderr, error.message)
  const fault = fileFault(error)
  if (fault !== undefined) return complain(stderr, fault)
  // What the client cannot send, it says so: a token that is none, a field that would be two.
  if (error instanceof TypeError) return complain(stderr, error.message, undefined, exitCodes.usage)
  throw error
}

/** What the file system says, in words; undefined where it is not what failed. */
function fileFault(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error && 'path' in error)) return undefined
  switch (error.code) {
    case 'ENOENT':
      return `${error.path} is not there, or its folder is not`
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `${error.path} may not be written by this user`
    case 'EISDIR':
      return `${error.path} is a folder`
    case 'ENOSPC':
    case 'EDQUOT':
      return `There is no room left for ${error.path}`
    default:
      return `${error.path} cannot be read or written: ${String(error.code)}`
  }
}

function cureOf({ kind }: NetworkError): string | undefined {
  switch (kind) {
    case 'name-not-known':
      return 'Check the spelling of the host, and that this machine is on the network.'
    case 'refused':
      return 'Start the server, or check the port.'
    case 'timeout':
      return 'Try again with a longer --timeout, or with --retry.'
    case 'tls':
      return 'Trust its authority with --ca FILE, or give http:// where the server has no TLS.'
    default:
      return undefined
  }
}
