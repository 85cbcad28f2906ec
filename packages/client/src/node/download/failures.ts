// What ends an attempt, and what follows from it
import { retryAfter } from '@comity/http'
import type { HttpResponse } from '../../client/response.ts'
import { HttpError, NetworkError, TransferError } from '../../errors.ts'

/** Another version is served now; its answer, where it can be used. */
export class Changed extends Error {
  readonly response: HttpResponse | undefined
  constructor(response?: HttpResponse) {
    super('another version is served now')
    this.response = response
  }
}

/** Parts cannot be had: all of it has to come in one. */
export class Unpartable extends Error {}

/** Ms to wait before it is tried again; undefined: that would not help. */
export function waitAfter(error: unknown, now: number): number | undefined {
  if (error instanceof HttpError)
    return [408, 425, 429, 500, 502, 503, 504].includes(error.status)
      ? (retryAfter(error.response.fields, now) ?? 0)
      : undefined
  if (error instanceof NetworkError) return error.kind === 'aborted' || error.kind === 'closed' ? undefined : 0
  return undefined
}

/** What the file system says, in words. */
export function fileError(error: unknown, path: string): unknown {
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) return error
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT')
    return new TransferError('disk-full', `there is no room left for ${path}; what came is kept`, { cause: error })
  return new TransferError('file', `${path} cannot be written: ${String(error.code)}`, { cause: error })
}
