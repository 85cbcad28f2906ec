// RFC 6265, kept by tough-cookie: domains, paths, Secure, expiry, public suffixes. The library is loaded with the first
// cookie, since most APIs never set one.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { CookieJar, SerializedCookieJar } from 'tough-cookie'
import type { Outgoing } from '../exchange/request.ts'
import type { Incoming } from '../exchange/response.ts'
import type { CookieOptions } from '../layers/cookies.ts'
import type { Layer } from '../layers/layer.ts'
import { setAll } from './jar.ts'

type Sessions = Record<string, SerializedCookieJar>

export function cookies({ file, session = 'default' }: CookieOptions = {}): Layer {
  let jar: CookieJar | undefined
  let opening: Promise<CookieJar> | undefined

  // Opened before the first request only where a file may hold some.
  const open = (): Promise<CookieJar> => {
    opening ??= (async () => {
      const { CookieJar } = await import('tough-cookie')
      const sessions = file === undefined ? {} : await sessionsIn(file)
      jar = new CookieJar()
      try {
        if (Object.hasOwn(sessions, session)) jar = CookieJar.deserializeSync(sessions[session] as SerializedCookieJar)
      } catch {
        // Spoilt: as if nothing had been kept.
      }
      return jar
    })()
    return opening
  }

  const withCookies = (request: Outgoing): Outgoing => {
    const cookie = jar?.getCookieStringSync(request.url) ?? ''
    return cookie === '' ? request : { ...request, fields: { ...request.fields, cookie } }
  }

  async function keep(incoming: Incoming, url: string): Promise<Incoming> {
    const jar = await open()
    setAll(jar, incoming.cookies, url)
    const now = file === undefined ? undefined : jar.serializeSync()
    if (file !== undefined && now !== undefined) await save(file, session, now)
    return incoming
  }

  return {
    name: 'cookies',
    ...(file === undefined ? {} : { ready: () => (jar === undefined ? open().then(() => {}) : undefined) }),
    adds: (request, call) => {
      const cookie = call.options.cookies === false ? undefined : withCookies(request).fields.cookie
      return cookie === undefined ? undefined : { cookie }
    },
    around: next => {
      const send: typeof next = (request, call) => {
        const sent = request.fields.cookie === undefined ? withCookies(request) : request
        return next(sent, call).then(incoming =>
          incoming.cookies.length === 0 ? incoming : keep(incoming, request.url),
        )
      }
      return (request, call) => {
        return call.options.cookies === false ? next(request, call) : send(request, call)
      }
    },
  }
}

async function sessionsIn(file: string): Promise<Sessions> {
  try {
    const read: unknown = JSON.parse(await readFile(file, 'utf8'))
    return typeof read === 'object' && read !== null ? (read as Sessions) : {}
  } catch {
    // Not there yet, or spoilt: then everybody is a stranger again.
    return {}
  }
}

const writing = new Map<string, Promise<void>>()

/** One after the other, each on what the one before it left; replaced at once or not at all. */
function save(file: string, session: string, jar: SerializedCookieJar): Promise<void> {
  const saved = (writing.get(file) ?? Promise.resolve())
    .catch(() => {})
    .then(async () => {
      const all = { ...(await sessionsIn(file)), [session]: jar }
      await mkdir(dirname(file), { recursive: true, mode: 0o700 })
      await writeFile(`${file}.${process.pid}.next`, JSON.stringify(all), { mode: 0o600 })
      await rename(`${file}.${process.pid}.next`, file)
    })
  writing.set(file, saved)
  const forget = () => writing.get(file) === saved && writing.delete(file)
  saved.then(forget, forget)
  return saved
}
