// One place where the flags of a command become a client.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Client, type ClientOptions, createClient } from '@comity/client'
import { UsageError } from '../output/complain.ts'
import type { Io } from '../terminal/io.ts'
import type { CommonFlags } from './flags.ts'
import { targetOf } from './target.ts'

export { type CommonFlags, commonFlags } from './flags.ts'

export type Calling = {
  readonly client: Client
  /** The absolute URLs of the words given, in their order. */
  readonly urls: readonly string[]
}

/**
 * A client as the flags have it, for the URLs that `words` mean; credentials go to their origins only. Close it at the end.
 * @throws UsageError where a word or flag cannot be kept
 */
export async function callingFor(
  flags: CommonFlags,
  io: Io,
  words: readonly string[],
  more: Omit<ClientOptions, 'auth' | 'cookies' | 'baseUrl'> = {},
): Promise<Calling> {
  const urls = words.map(word => targetOf(word))
  const client = createClient({
    ...(flags.timeout === undefined ? {} : { timeout: flags.timeout }),
    ...(flags.deadline === undefined ? {} : { deadline: flags.deadline }),
    ...(flags.retry === undefined ? {} : retrying(flags.retry)),
    ...more,
    transport: { tls: await tlsOf(flags, io), ...more.transport },
  })
  return { client, urls }
}

/** Who asks for so many tries gets them: neither a budget nor a pause after failures cuts them short. */
function retrying(count: number): ClientOptions {
  return count === 0 ? { retry: false } : { retry: { attempts: count + 1 }, retryBudget: false, breaker: false }
}

async function tlsOf({ ca, insecure }: CommonFlags, io: Io) {
  return {
    ...(ca === undefined ? {} : { ca: await certificates(resolve(io.cwd, ca)) }),
    ...(insecure === true ? { rejectUnauthorized: false } : {}),
  }
}

async function certificates(path: string): Promise<readonly string[]> {
  const { rootCertificates } = await import('node:tls')
  const own = await readFile(path, 'utf8').catch(() => {
    throw new UsageError(`The certificates in ${path} cannot be read`, 'Give the path of a PEM file after --ca.')
  })
  return [...rootCertificates, own]
}
