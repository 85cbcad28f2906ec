// Files that were laid aside become those of their folder, in the transaction that names them.

import { idOfFile } from '../../model/files.ts'
import type { Values } from '../../model/model.ts'
import type { Item } from '../../store/store.ts'
import { refuse, type Stop } from '../answer.ts'
import type { FileInput } from '../exchange.ts'
import { isRehearsal } from '../rehearsal.ts'
import { change, create, type Writing } from '../writing.ts'

export type FilesWritten =
  | { readonly kind: 'created' | 'changed'; readonly item: Item }
  | { readonly kind: 'many'; readonly how: 'created'; readonly items: readonly Item[] }

/** A PUT replaces or creates; a POST creates all of its files, or none. */
export async function writeFiles(writing: Writing, files: readonly FileInput[]): Promise<FilesWritten | Stop> {
  const { x } = writing
  const [first] = files
  if (first === undefined) throw new TypeError('there are no files to write')
  if (x.current.kind === 'item') {
    const item = await change(writing, x.current.item, told(writing, first))
    return { kind: 'changed', item }
  }
  const full = await fullFolder(writing, files.length)
  if (full) return full
  const choosing = writing.guard?.choosing(writing.collection)
  if (choosing) return choosing
  const items: Item[] = []
  for (const file of files) {
    const id = idOfFile(writing.parent, file.name)
    items.push(await create(writing, { ...told(writing, file), id, name: file.name }))
  }
  if (files.length === 1 && items[0]) return { kind: 'created', item: items[0] }
  return { kind: 'many', how: 'created', items }
}

/** What becomes known of the file, whose bytes get their lasting name. */
function told({ x }: Writing, { mediaType, laid }: FileInput): Values {
  if (!isRehearsal(x)) laid.keep()
  return { mediaType, size: laid.size, sha256: laid.sha256 }
}

async function fullFolder({ x, tx, collection, parent }: Writing, more: number): Promise<Stop | undefined> {
  const most = collection.files?.most ?? Number.POSITIVE_INFINITY
  if (most === Number.POSITIVE_INFINITY) return
  const there = await tx.count({ collection, parent, conditions: [] })
  if (there + more <= most) return
  // How many there are is told to who may see all of them.
  const said = x.sight?.seen(collection, 'POST').some(({ of }) => of === 'row') ? 'as many' : String(there)
  return refuse('too-many-files', `There are ${said} of at most ${most} ${collection.name} here already.`, {
    members: { limit: most },
  })
}
