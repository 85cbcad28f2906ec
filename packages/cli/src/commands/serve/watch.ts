// Files that change: told once they have been quiet for a moment.
import { watch as watchFolder } from 'node:fs'
import { dirname, join } from 'node:path'

/** Editors write a file in several steps. In ms. */
const quiet = 80

export type Watching = {
  /** These from now on. */
  readonly look: (files: readonly string[]) => void
  readonly stop: () => void
}

/** `changed` is never called while it has not ended. Folders are watched, as files are replaced by others. */
export function watchFiles(changed: () => Promise<void>): Watching {
  let files: ReadonlySet<string> = new Set()
  const folders = new Map<string, { close(): void }>()
  let timer: NodeJS.Timeout | undefined
  let work: Promise<void> = Promise.resolve()

  const noticed = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      work = work.then(changed).catch(() => {})
    }, quiet)
  }
  const isMeant = (folder: string, name: string | null): boolean =>
    name === null || files.has(folder) || files.has(join(folder, name))
  const open = (folder: string) => {
    try {
      const watcher = watchFolder(folder, (_event, name) => {
        if (isMeant(folder, name)) noticed()
      })
      watcher.on('error', () => folders.delete(folder))
      folders.set(folder, watcher)
    } catch {
      // A folder that is not there, or one too many for the system: it is not watched.
    }
  }

  return {
    look(next) {
      files = new Set(next)
      for (const folder of new Set([...next.map(dirname), ...next]))
        if (!folders.has(folder) && isFolder(folder, next)) open(folder)
    },
    stop() {
      clearTimeout(timer)
      for (const watcher of folders.values()) watcher.close()
      folders.clear()
    },
  }
}

/** What files lie in, or a folder that is itself the source. */
const isFolder = (path: string, files: readonly string[]): boolean =>
  files.some(file => dirname(file) === path) || !/\.[^/\\]+$/.test(path)
