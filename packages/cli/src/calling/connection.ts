// How servers are reached: whose certificates are trusted, that of this client, and the proxy on the way.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { TransportOptions } from '@comity/client'
import { UsageError } from '../output/complain.ts'
import type { Io } from '../terminal/io.ts'
import type { CommonFlags } from './flags.ts'

/** @throws UsageError where a file cannot be read */
export async function tlsOf(
  { ca, insecure, cert, key }: Pick<CommonFlags, 'ca' | 'insecure' | 'cert' | 'key'>,
  io: Io,
): Promise<NonNullable<TransportOptions['tls']>> {
  if ((cert === undefined) !== (key === undefined))
    throw new UsageError('A certificate and its key go together', 'Give both --cert FILE and --key FILE.')
  return {
    ...(ca === undefined ? {} : { ca: await authorities(resolve(io.cwd, ca)) }),
    ...(cert === undefined || key === undefined
      ? {}
      : { cert: await read('certificate', '--cert', io, cert), key: await read('key', '--key', io, key) }),
    ...(insecure === true ? { rejectUnauthorized: false } : {}),
  }
}

async function authorities(path: string): Promise<readonly string[]> {
  const { rootCertificates } = await import('node:tls')
  const own = await readFile(path, 'utf8').catch(() => {
    throw new UsageError(`The certificates in ${path} cannot be read`, 'Give the path of a PEM file after --ca.')
  })
  return [...rootCertificates, own]
}

async function read(what: string, flag: string, io: Io, file: string): Promise<string> {
  const text = await readFile(resolve(io.cwd, file), 'utf8').catch(() => '')
  if (text.includes('-----BEGIN ')) return text
  throw new UsageError(`There is no ${what} in ${file}`, `Give the path of a PEM file after ${flag}.`)
}

/** Of this machine nobody else is asked, unless it is said. */
const loopback = 'localhost,127.0.0.1,::1'

/** What `--proxy` says, else the variables that curl reads; HTTP_PROXY is none of them, since a CGI program gets it from a caller. */
export function proxyOf({ proxy }: Pick<CommonFlags, 'proxy'>, { env }: Io): Pick<TransportOptions, 'proxy'> {
  if (proxy !== undefined) {
    const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
      throw new UsageError(`“${proxy}” is no proxy that can be asked`, 'Give one as --proxy http://host:3128.')
    return { proxy: { http: url, https: url } }
  }
  const given = (...names: readonly string[]): string =>
    names.map(name => env[name]).find(value => value !== undefined && value !== '') ?? ''
  const all = given('all_proxy', 'ALL_PROXY')
  const http = given('http_proxy') || all
  const https = given('https_proxy', 'HTTPS_PROXY') || all
  if (http === '' && https === '') return {}
  return { proxy: { http, https, except: [loopback, given('no_proxy', 'NO_PROXY')].filter(Boolean).join(',') } }
}
