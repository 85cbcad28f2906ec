// What whole files ask of a client: single requests, that no layer repeats, decodes or renegotiates on its own.
import type { Ask, Files, TransferOptions } from '../exchange/transfers.ts'
import type { Platform } from '../exchange/transport.ts'
import type { Client } from './client.ts'
import type { RequestOptions } from './options.ts'

/** RFC 9110 §14.1: ranges are those of a coding, so none may come in between. */
const whole = { accept: '*/*', 'accept-encoding': 'identity' }

/** The options of a transfer that are those of a request. */
export function plainOf(options: TransferOptions): Omit<RequestOptions, 'signal'> {
  const { signal, onProgress, resume, attempts, ...rest } = options
  return rest
}

export function askThrough(client: Client, method: string, target: string, options: TransferOptions): Ask {
  const { fields, ...rest } = plainOf(options)
  const shared = {
    ...rest,
    retry: false,
    coding: false,
    breaker: false,
    negotiate: false,
    cache: false,
    dedupe: false,
    throwOnError: true,
  } as const
  return (more, signal) =>
    client.request(method, target, { ...shared, signal, fields: { ...whole, ...fields, ...more } })
}

export async function filesOf({ files }: Platform): Promise<Files> {
  if (files === undefined) throw new TypeError('browsers keep files by themselves: use a link')
  return files()
}
