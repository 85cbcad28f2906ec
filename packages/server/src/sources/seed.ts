// The items of files as the seed of a definition, such as `comity eject` writes.
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Tables } from '../define/collection.ts'

/**
 * `seed: seedFrom(new URL('./db.json', import.meta.url))`: fills a new database with what a JSON, CSV or NDJSON file, or a
 * folder of them, holds. Its lists are those of the collections of the same names.
 */
export const seedFrom =
  (source: URL | string) =>
  async (tx: Tables): Promise<void> => {
    const path = typeof source === 'string' ? source : fileURLToPath(source)
    const { readFiles, understood } = await import('./files.ts')
    const kind = (await stat(path)).isDirectory() ? 'folder' : 'file'
    const files = await readFiles({ path, kind, word: path })
    for (const list of understood(basename(path), files).lists) {
      const later: { readonly id: string | number; readonly links: Record<string, unknown> }[] = []
      for (const [at, row] of list.found.rows.entries()) {
        const id = list.ids.values[at] as string | number
        const entry: Record<string, unknown> = { id }
        for (const [name, member] of list.members) if ((row[name] ?? null) !== null) entry[member] = row[name]
        const own = list.ownLinks.filter(member => entry[member] !== undefined)
        if (own.length > 0) later.push({ id, links: Object.fromEntries(own.map(member => [member, entry[member]])) })
        for (const member of own) delete entry[member]
        await tx[list.segment].add(entry)
      }
      for (const { id, links } of later) await tx[list.segment].set(id, links)
    }
  }
