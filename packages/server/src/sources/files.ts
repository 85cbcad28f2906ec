// Files as a source: read, understood, served from memory, and written again with every write.
import { readdir, readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { defineApi } from '../define/api.ts'
import type { ApiModel } from '../model/model.ts'
import { openSqlite, type SqliteStore } from '../store/sqlite/open.ts'
import { quoted } from './eject/code.ts'
import { fill, refill } from './fill.ts'
import type { FoundFile, ReadFile } from './found.ts'
import { type Inferred, type InferredList, infer } from './infer/definition.ts'
import { sameShape } from './infer/shape.ts'
import { type Keeper, keeperOf } from './keep/keeper.ts'
import { stampOf } from './keep/write-whole.ts'
import { readCsv } from './read/csv.ts'
import { readJson } from './read/json.ts'
import { readNdjson } from './read/ndjson.ts'
import { type Refreshed, type Sight, type Source, SourceError, type SourceOptions } from './source.ts'

const readers: Readonly<Record<string, (path: string, text: string) => ReadFile>> = {
  '.json': readJson,
  '.csv': readCsv,
  '.tsv': readCsv,
  '.ndjson': readNdjson,
  '.jsonl': readNdjson,
}

/** Reads the files that a word names: one, or those of a folder. @throws SourceError */
export async function readFiles({
  path,
  kind,
  word,
}: Pick<Sight, 'path' | 'kind' | 'word'>): Promise<readonly FoundFile[]> {
  if (kind !== 'folder') return [await readOne(path)]
  const names = await namesIn(path)
  if (names.length === 0)
    throw new SourceError(
      `There is nothing in ${word} to serve.`,
      'A folder of CSV, NDJSON or JSON files is served, a collection each; a definition is named by its file.',
    )
  const files = await Promise.all(names.map(name => readOne(join(path, name))))
  refuseSameNames(files)
  return files
}

const namesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder)).filter(name => readers[extname(name).toLowerCase()] && !name.startsWith('.')).sort()

async function readOne(path: string): Promise<FoundFile> {
  // Before it is read: what is written meanwhile is seen as another state.
  const stamp = stampOf(path)
  const read = readers[extname(path).toLowerCase()]
  const bytes = await readFile(path)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new SourceError(`${basename(path)} is not UTF-8.`, 'Save it as UTF-8, and start again.')
  }
  if (read === undefined) throw new SourceError(`${basename(path)} is of no kind that can be served.`, '')
  return { ...read(path, text), stamp }
}

function refuseSameNames(files: readonly FoundFile[]): void {
  const seen = new Map<string, string>()
  for (const { path, lists, things } of files)
    for (const { name } of [...lists, ...things]) {
      const before = seen.get(name)
      if (before !== undefined)
        throw new SourceError(
          `${basename(before)} and ${basename(path)} both hold “${name}”.`,
          'Rename one of them: a list is served under its name.',
        )
      seen.set(name, path)
    }
}

/** What is made of them. */
export const understood = (title: string, files: readonly FoundFile[]): Inferred =>
  infer(
    title,
    files.flatMap(({ lists }) => lists),
    files.flatMap(({ things }) => things),
  )

/** An item, and what is below one. */
function pathsOf({ lists, definition }: Inferred): readonly string[] {
  const first = ({ segment, ids }: InferredList): string | undefined =>
    ids.values[0] === undefined ? undefined : `/${segment}/${encodeURIComponent(ids.values[0])}`
  const item = lists.map(first).findLast(path => path !== undefined)
  for (const list of lists) {
    const resource = definition.resources[list.segment]
    const [below] = resource?.kind === 'collection' ? Object.keys(resource.definition.nested ?? {}) : []
    const path = first(list)
    if (below && path && item) return [item, `${path}/${below}`]
  }
  return item === undefined ? [] : [item]
}

const sameTexts = (some: readonly FoundFile[], others: readonly FoundFile[]): boolean =>
  some.length === others.length &&
  some.every(({ path, text }, at) => others[at]?.path === path && others[at].text === text)

/** Opens files that a word names. @throws SourceError, DefinitionError */
export async function openFiles(sight: Sight, { keep = 'source' }: SourceOptions): Promise<Source> {
  const title = basename(sight.path)
  let files = await readFiles(sight)
  let inferred = understood(title, files)
  const api = defineApi(inferred.definition)
  let store: SqliteStore | undefined
  let keeper: Keeper | undefined

  const keeperFrom = (since: number): Keeper | undefined =>
    keep === 'memory'
      ? undefined
      : keeperOf({
          files,
          lists: inferred.lists,
          model: api.model,
          since,
          changedOutside: () => void refreshed().catch(() => {}),
        })

  const open = async (model: ApiModel): Promise<SqliteStore> => {
    // Revisions go on from where an earlier run cannot have come to, so that no validator of its is taken for one of ours.
    const opened = await openSqlite(model, 'memory', {
      after: Date.now(),
      committing: (touched, reads) => keeper?.commit(touched, reads),
    })
    await opened.write(tx => fill(model, inferred.lists, tx))
    keeper = keeperFrom((await opened.clock()).revision)
    store = opened
    return { ...opened, fresh: false }
  }

  const sameNames = async (): Promise<boolean> =>
    sight.kind !== 'folder' ||
    (await namesIn(sight.path)).join('/') === files.map(({ path }) => basename(path)).join('/')

  const refresh = async (): Promise<Refreshed> => {
    if (store === undefined) return 'outdated'
    if (keeper?.isCurrent() && (await sameNames())) return 'unchanged'
    const found = await readFiles(sight)
    if (keeper === undefined && sameTexts(files, found)) return 'unchanged'
    const next = understood(title, found)
    if (!sameShape(inferred.definition, next.definition)) return 'outdated'
    const before = { files, inferred, keeper }
    try {
      // What is written in the same commit goes to the new state of the files.
      await store.write(tx => {
        files = found
        inferred = next
        keeper = keeperFrom(before.keeper?.revision() ?? 0)
        return refill(api.model, next.lists, tx)
      })
      return 'refreshed'
    } catch (error) {
      ;({ files, inferred, keeper } = before)
      throw error
    }
  }

  let refreshing: Promise<Refreshed> | undefined
  /** One at a time: who asks meanwhile gets what comes of it. */
  const refreshed = (): Promise<Refreshed> => {
    refreshing ??= refresh().finally(() => {
      refreshing = undefined
    })
    return refreshing
  }

  return {
    what: sight.kind === 'folder' ? 'a folder' : 'a file',
    api,
    open,
    keeps: keep === 'memory' ? 'in memory, gone when the server stops' : `written back to ${sight.word}`,
    notes: inferred.notes,
    seedCode: path => ({ expression: `seedFrom(new URL(${quoted(path)}, import.meta.url))`, imports: ['seedFrom'] }),
    paths: pathsOf(inferred),
    files: [sight.path, ...(sight.kind === 'folder' ? files.map(({ path }) => path) : [])],
    refresh: refreshed,
  }
}
