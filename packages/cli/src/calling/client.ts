// One place where the flags of a command become a client.
import { type AuthOptions, basic, type Client, type ClientOptions, createClient } from '@comity/client'
import { paintFor } from '../output/colour.ts'
import type { Io } from '../terminal/io.ts'
import { version } from '../version.ts'
import { proxyOf, tlsOf } from './connection.ts'
import type { CommonFlags } from './flags.ts'
import type { Profile } from './profile.ts'
import type { Session } from './session.ts'
import { type Target, targetOf } from './target.ts'

export { type CommonFlags, commonFlags } from './flags.ts'

export type Calling = {
  readonly client: Client
  /** The absolute URLs of the words given, in their order. */
  readonly urls: readonly string[]
  /** Lets go of connections and files. */
  readonly close: () => Promise<void>
}

/**
 * A client as the flags have it, for the URLs that `words` mean; credentials go to their origins only.
 * @throws UsageError where a word or flag cannot be kept
 */
export async function callingFor(
  flags: CommonFlags,
  io: Io,
  words: readonly string[],
  more: Omit<ClientOptions, 'auth' | 'cookies' | 'baseUrl'> = {},
): Promise<Calling> {
  const name = flags.profile ?? io.env.COMITY_PROFILE ?? ''
  const profile = name === '' ? {} : await import('./profile.ts').then(({ profileOf }) => profileOf(io.env, name))
  const all = { ...profile, ...flags }
  const targets = words.map(word => targetOf(word, profile.baseUrl))
  const urls = targets.map(({ url }) => url)
  const { session: kept } = all
  const session = kept === undefined ? undefined : (await import('./session.ts')).sessionOf(io.env, kept)
  const auth = await authFor(flags, profile, session, targets, io)
  const endings: (() => unknown)[] = []
  const client = createClient({
    ...(all.timeout === undefined ? {} : { timeout: all.timeout }),
    ...(all.deadline === undefined ? {} : { deadline: all.deadline }),
    ...(all.retry === undefined ? {} : retrying(all.retry)),
    ...(flags.follow === false ? { redirect: false as const } : {}),
    ...(session === undefined ? {} : { cookies: { file: session.cookies } }),
    ...(auth === undefined ? {} : { auth }),
    cache: flags.cache === true ? { store: await storeFor(io, endings) } : false,
    metrics: false,
    ...more,
    fields: { 'user-agent': `comity/${version()}`, ...fieldsFor(profile, urls), ...more.fields },
    transport:
      more.transport !== undefined && 'send' in more.transport
        ? more.transport
        : { tls: await tlsOf(all, io), ...proxyOf(all, io), ...more.transport },
  })
  await watch(flags, io, client, endings)
  return {
    client,
    urls,
    async close() {
      for (const end of endings) await end()
      await client.close()
    },
  }
}

/** Who asks for so many tries gets them: neither a budget nor a pause after failures cuts them short. */
function retrying(count: number): ClientOptions {
  return count === 0 ? { retry: false } : { retry: { attempts: count + 1 }, retryBudget: false, breaker: false }
}

/** What was told first counts: `--auth`, the URL, the session, the profile. */
async function authFor(
  flags: CommonFlags,
  profile: Profile,
  session: Session | undefined,
  targets: readonly Target[],
  io: Io,
): Promise<AuthOptions | undefined> {
  const origins = [...new Set(targets.map(({ url }) => new URL(url).origin))]
  const read = async (word: string, rule: 'any' | 'references') => {
    const { schemeFrom } = await import('./surroundings.ts')
    return schemeFrom(word, io, session?.tokens, rule)
  }
  if (flags.auth !== undefined) {
    const scheme = await read(flags.auth, 'any')
    await session?.keepAuth(origins, flags.auth)
    return { scheme, origins }
  }
  for (const { url, user } of targets)
    if (user !== undefined) return { scheme: basic(user), origins: [new URL(url).origin] }
  for (const origin of origins) {
    const word = await session?.authFor(origin)
    if (word !== undefined) return { scheme: await read(word, 'any'), origins: [origin] }
  }
  if (profile.auth === undefined || profile.baseUrl === undefined) return undefined
  return { scheme: await read(profile.auth, 'references'), origins: [new URL(profile.baseUrl).origin] }
}

/** Those of a profile are for the API that it is for. */
function fieldsFor({ baseUrl, fields }: Profile, urls: readonly string[]): Profile['fields'] {
  if (fields === undefined || baseUrl === undefined) return fields
  const { origin } = new URL(baseUrl)
  return urls.every(url => new URL(url).origin === origin) ? fields : {}
}

async function storeFor(io: Io, endings: (() => unknown)[]) {
  const { sqliteStore } = await import('@comity/client')
  const { mkdir } = await import('node:fs/promises')
  const { dirname } = await import('node:path')
  const { cacheFile } = await import('./places.ts')
  const path = cacheFile(io.env)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const store = sqliteStore(path)
  endings.push(() => store.close())
  return store
}

async function watch(flags: CommonFlags, io: Io, client: Client, endings: (() => unknown)[]): Promise<void> {
  const paint = paintFor(io, io.stderr)
  if (flags.verbose === true) {
    const { watchWire } = await import('./wire.ts')
    const { hidingFor } = await import('./message.ts')
    endings.push(watchWire(io.stderr, paint, hidingFor(flags)))
  }
  if (flags.trace === true) {
    const { traceLines } = await import('./trace.ts')
    client.on('call', event => void io.stderr.write(`${traceLines(event, paint).join('\n')}\n`))
  }
}
