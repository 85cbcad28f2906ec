// A session: what is kept under a name from one command to the next. Cookies, tokens, and by which credentials an origin
// was asked; these only for the origin that they were given for.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sessionFolder } from './places.ts'

export type Session = {
  readonly cookies: string
  readonly tokens: string
  /** The word of `--auth` by which this origin was asked the last time. */
  readonly authFor: (origin: string) => Promise<string | undefined>
  readonly keepAuth: (origins: readonly string[], word: string) => Promise<void>
}

/** @throws UsageError where the name is none */
export function sessionOf(env: Readonly<Record<string, string | undefined>>, name: string): Session {
  const folder = sessionFolder(env, name)
  const file = join(folder, 'auth.json')
  return {
    cookies: join(folder, 'cookies.json'),
    tokens: join(folder, 'tokens.json'),
    authFor: async origin => {
      const word = (await all(file))[origin]
      return typeof word === 'string' ? word : undefined
    },
    async keepAuth(origins, word) {
      const before = await all(file)
      if (origins.every(origin => before[origin] === word)) return
      const text = JSON.stringify({ ...before, ...Object.fromEntries(origins.map(origin => [origin, word])) }, null, 2)
      await writePrivately(file, text)
    },
  }
}

async function all(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const read: unknown = JSON.parse(await readFile(file, 'utf8'))
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : {}
  } catch {
    // Not there yet, or spoilt: then nobody is known.
    return {}
  }
}

/** Only its owner reads it; replaced at once or not at all. */
async function writePrivately(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const next = `${file}.${process.pid}.next`
  await writeFile(next, text, { mode: 0o600 })
  await rename(next, file)
}
