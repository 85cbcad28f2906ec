// Tokens beyond the life of a process, in a file that only its owner reads
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { TokenStore, Tokens } from '../../layers/auth/oauth2/options.ts'

/** A store in one file (mode 0600, replaced at once or not at all). Several schemes may share it. */
export function tokenFile(path: string): TokenStore {
  let writing: Promise<void> = Promise.resolve()
  async function all(): Promise<Record<string, Tokens>> {
    try {
      const read: unknown = JSON.parse(await readFile(path, 'utf8'))
      return typeof read === 'object' && read !== null ? (read as Record<string, Tokens>) : {}
    } catch {
      // Not there yet, or spoilt: then they are obtained anew.
      return {}
    }
  }
  return {
    async load(name) {
      const tokens = await all()
      const found = Object.hasOwn(tokens, name) ? tokens[name] : undefined
      return typeof found?.access === 'string' ? found : undefined
    },
    save(name, tokens) {
      writing = writing
        .catch(() => {})
        .then(async () => {
          const { [name]: _, ...others } = await all()
          const next = `${path}.${process.pid}.next`
          await mkdir(dirname(path), { recursive: true, mode: 0o700 })
          await writeFile(next, JSON.stringify(tokens === undefined ? others : { ...others, [name]: tokens }), {
            mode: 0o600,
          })
          await rename(next, path)
        })
      return writing
    },
  }
}
