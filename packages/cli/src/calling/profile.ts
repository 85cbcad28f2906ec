// Named profiles: what is the same for every call of an API, in a file that may be shared, since it holds no secret.
import { readFile } from 'node:fs/promises'
import { isSecretField } from '@comity/http'
import { UsageError } from '../output/complain.ts'
import { readCount, readTime } from './flags.ts'
import { configFile } from './places.ts'

export type Profile = {
  readonly baseUrl?: string
  readonly auth?: string
  readonly fields?: Readonly<Record<string, string>>
  readonly timeout?: number
  readonly deadline?: number
  readonly retry?: number
  readonly session?: string
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly proxy?: string
}

type Env = Readonly<Record<string, string | undefined>>

/** @throws UsageError where the file or the profile cannot be used */
export async function profileOf(env: Env, name: string): Promise<Profile> {
  const path = configFile(env)
  const profiles = await profilesIn(path)
  const found = Object.hasOwn(profiles, name) ? profiles[name] : undefined
  if (isRecord(found)) return readProfile(found, `${path}: the profile “${name}”`)
  const names = Object.keys(profiles)
  throw new UsageError(
    `There is no profile “${name}” in ${path}`,
    names.length === 0
      ? `Write { "profiles": { "${name}": { "baseUrl": "https://…" } } } there.`
      : `There are: ${names.join(', ')}.`,
  )
}

/** The names of all profiles; none where there is no file, or it cannot be read. */
export async function profileNames(env: Env): Promise<readonly string[]> {
  return profilesIn(configFile(env)).then(Object.keys, () => [])
}

async function profilesIn(path: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}'
    throw new UsageError(`${path} cannot be read: ${error.code}`)
  })
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`)
  }
  const profiles = isRecord(read) ? (read.profiles ?? {}) : undefined
  if (!isRecord(profiles)) throw new UsageError(`${path} has no object “profiles” in it`)
  return profiles
}

function readProfile(given: Readonly<Record<string, unknown>>, where: string): Profile {
  const profile: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(given)) {
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined
    if (read === undefined) throw new UsageError(`${where} has “${name}”, which is unknown`, known)
    try {
      profile[name] = read(value)
    } catch (error) {
      throw new UsageError(`${where}: ${name}: ${(error as Error).message}`)
    }
  }
  return profile as Profile
}

const readers: Readonly<Record<string, (value: unknown) => unknown>> = {
  baseUrl: text,
  auth: text,
  session: text,
  ca: text,
  cert: text,
  key: text,
  proxy: text,
  timeout: value => readTime(String(value)),
  deadline: value => readTime(String(value)),
  retry: value => readCount(String(value)),
  fields(value) {
    if (!isRecord(value)) throw new Error('it is no object')
    for (const [name, each] of Object.entries(value)) {
      text(each)
      if (isSecretField(name.toLowerCase()))
        throw new Error(`${name} holds credentials, which belong into "auth" as a reference: "header:${name}:env:NAME"`)
    }
    return value
  },
}

const known = `A profile has ${Object.keys(readers).join(', ')}.`

function text(value: unknown): string {
  if (typeof value === 'string') return value
  throw new Error('it is no text')
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
