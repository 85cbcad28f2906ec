// A module as it is now, though it was imported before, with the modules that it imports by relative paths.
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

const mark = 'comity-load'
let loads = 0
let hooked = false
/** Told of every file that is imported anew, by the number of the load. */
const listeners = new Map<string, (file: string) => void>()

/** Imports the module at a file URL. `imported` is told of each file of its own, the first included. */
export async function importAnew(url: string, imported: (file: string) => void): Promise<Record<string, unknown>> {
  hook()
  const number = String(++loads)
  listeners.set(number, imported)
  try {
    return (await import(`${url}?${mark}=${number}`)) as Record<string, unknown>
  } finally {
    listeners.delete(number)
  }
}

function hook(): void {
  if (hooked) return
  hooked = true
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context)
      const number = loadOf(context.parentURL) ?? loadOf(specifier)
      // What a package has is not edited: it is not imported twice.
      const isOwn = specifier.startsWith('.') || loadOf(specifier) !== undefined
      if (number === undefined || !isOwn || !resolved.url.startsWith('file:')) return resolved
      const url = new URL(resolved.url)
      url.searchParams.set(mark, number)
      listeners.get(number)?.(fileURLToPath(url))
      return { ...resolved, url: url.href }
    },
  })
}

const loadOf = (url: string | undefined): string | undefined =>
  url?.includes(`${mark}=`) ? (new URL(url, 'file:').searchParams.get(mark) ?? undefined) : undefined
