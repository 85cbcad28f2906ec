// What whole files ask of a client: single requests, that no layer repeats, decodes or renegotiates on its own.
import type { Ask, AskUpload, DownloadOptions, Files, TransferOptions, UploadOptions } from '../exchange/transfers.ts'
import type { Platform } from '../exchange/transport.ts'
import type { Client } from './client.ts'
import type { RequestOptions } from './options.ts'

/** RFC 9110 §14.1: ranges are those of a coding, so none may come in between. */
const whole = { accept: '*/*', 'accept-encoding': 'identity' }

/** No layer repeats, renegotiates, decodes, shares or keeps what is a part of something larger. */
const alone = {
  retry: false,
  coding: false,
  breaker: false,
  negotiate: false,
  cache: false,
  dedupe: false,
  throwOnError: true,
} as const

/** The options of a transfer that are those of a request. */
export function plainOf(options: TransferOptions): Omit<RequestOptions, 'signal'> {
  const { signal, onProgress, resume, attempts, ...rest } = options
  return rest
}

export function askThrough(client: Client, method: string, target: string, options: DownloadOptions): Ask {
  const { fields, connections, digest, existing, onPath, ...rest } = plainOf(options) as DownloadOptions
  const shared = { ...rest, ...alone } as const
  return (more, signal) =>
    client.request(method, target, { ...shared, signal, fields: { ...whole, ...fields, ...more } })
}

export function askUploadThrough(client: Client, target: string, options: UploadOptions): AskUpload {
  const { method, type, fields, params, ...rest } = plainOf(options) as UploadOptions
  const shared = { ...rest, ...alone, idempotency: false } as const
  return (method, url, given) =>
    client.request(method, url ?? target, {
      ...shared,
      ...given,
      ...(url === undefined && params !== undefined ? { params } : {}),
      fields: { ...fields, ...given.fields },
    })
}

export async function filesOf({ files }: Platform): Promise<Files> {
  if (files === undefined) throw new TypeError('browsers keep files by themselves: use a link')
  return files()
}
