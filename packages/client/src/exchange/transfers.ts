// Whole files, up and down: what a caller may say, and what it is told. Node has them; browsers have their own ways.
import type { Fields } from '@comity/http'
import type { SharedOptions } from '../client/options.ts'
import type { HttpResponse } from '../client/response.ts'
import type { Clock } from '../layers/call.ts'
import type { TypedContent } from './content.ts'
import type { Params } from './params.ts'

export type Progress = {
  /** Bytes that are here (or there), those of an earlier run included. */
  readonly bytes: number
  readonly total: number | undefined
  /** Bytes per second, over the last seconds. */
  readonly speed: number
  /** Seconds that are left at this speed; undefined where that cannot be told. */
  readonly eta: number | undefined
  readonly connections: number
}

export type TransferOptions = Omit<SharedOptions, 'throwOnError' | 'deadline' | 'onInterim'> & {
  readonly params?: Params
  readonly signal?: AbortSignal
  /** False begins anew, whatever an earlier run left. */
  readonly resume?: boolean
  /** Attempts in a row that bring nothing before it is given up; 8 by default. */
  readonly attempts?: number
  /** Told about ten times a second, and at the end. */
  readonly onProgress?: (progress: Progress) => void
}

export type DownloadOptions = TransferOptions & {
  /**
   * At most so many at once, 4 by default: it begins with one, and takes another while that makes the whole faster.
   * `{ begin, most }` begins with several.
   */
  readonly connections?: number | { readonly begin: number; readonly most: number }
  /** What the content has to hash to: `sha-256=:…:` (RFC 9530), or 64 hexadecimal digits. Otherwise what the server says. */
  readonly digest?: string
  /** `refuse` leaves a file that is there already as it is, and fails with a TransferError; `replace` by default. */
  readonly existing?: 'replace' | 'refuse'
  /** Told the absolute path, once it is known: into a folder, when the server has said a name. */
  readonly onPath?: (path: string) => void
}

export type Downloaded = {
  /** Absolute. */
  readonly path: string
  readonly bytes: number
  /** Bytes that came over the network in this run, and those that were there before. */
  readonly received: number
  readonly resumedBytes: number
  readonly requests: number
  /** The most that were in use at once. */
  readonly connections: number
  /** The hash that was compared; undefined where none was told. */
  readonly verified: 'sha-256' | 'sha-512' | undefined
}

export type UploadOptions = TransferOptions & {
  /** `PUT` by default. */
  readonly method?: 'PUT' | 'POST'
  /** The media type; `application/octet-stream` by default. */
  readonly type?: string
}

export type Uploaded = {
  /** The server's last answer. */
  readonly response: HttpResponse
  readonly bytes: number
  /** Bytes that were sent in this run, those that were lost on the way included. */
  readonly sent: number
  readonly requests: number
  /** An earlier run was gone on with. */
  readonly resumed: boolean
}

/** What an upload asks its client for; without `url` it is the target. */
export type AskUpload = (
  method: string,
  url: string | undefined,
  given: {
    readonly fields: Readonly<Record<string, string>>
    readonly body?: TypedContent
    readonly signal: AbortSignal
    readonly onInterim?: (status: number, fields: Fields) => void
  },
) => Promise<HttpResponse>

/** What a transfer asks its client for: one request of it, with these fields. */
export type Ask = (fields: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<HttpResponse>

export type Files = {
  readonly download: (
    ask: Ask,
    clock: Clock,
    url: string,
    path: string,
    options: DownloadOptions,
  ) => Promise<Downloaded>
  readonly upload: (
    ask: AskUpload,
    clock: Clock,
    url: string,
    source: string | Blob,
    options: UploadOptions,
  ) => Promise<Uploaded>
}
