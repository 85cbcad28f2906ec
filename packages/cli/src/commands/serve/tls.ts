// The files of --cert, --key and --client-ca.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import type { TlsOptions } from '@comity/server'
import { UsageError } from '../../output/complain.ts'

export type TlsFlags = { readonly cert?: string; readonly key?: string; readonly clientCa?: string }

/** Undefined where there is no --cert. @throws UsageError for files that are not there, or do not fit */
export async function tlsOf({ cert, key, clientCa }: TlsFlags, cwd: string): Promise<TlsOptions | undefined> {
  if (cert === undefined && key === undefined) {
    if (clientCa !== undefined) throw new UsageError('--client-ca is for HTTPS', 'Give --cert and --key too.')
    return undefined
  }
  if (cert === undefined || key === undefined)
    throw new UsageError(
      `--${cert === undefined ? 'key' : 'cert'} has to come with --${cert === undefined ? 'cert' : 'key'}`,
    )
  const read = (path: string, flag: string) =>
    readFile(resolve(cwd, path), 'utf8').catch(() => {
      throw new UsageError(`The file of ${flag}, ${path}, cannot be read`, 'It has to be a PEM file.')
    })
  const pair = { cert: await read(cert, '--cert'), key: await read(key, '--key') }
  try {
    createSecureContext(pair)
  } catch (error) {
    throw new UsageError(`${cert} and ${key} are no certificate and its key: ${(error as Error).message}`)
  }
  return {
    ...pair,
    ...(clientCa !== undefined && {
      clients: { ca: await read(clientCa, '--client-ca'), certificate: 'asked' as const },
    }),
  }
}
