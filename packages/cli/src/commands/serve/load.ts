// What is to be served, whatever it was named by, or in words why it cannot be.
import { relative, resolve } from 'node:path'
import type { Api, Mock, ServeOptions, Source } from '@comity/server'
import { explainFailure } from '../../explain.ts'
import { loadApi } from '../../load.ts'
import { importAnew } from './import-anew.ts'
import type { ServeFlags } from './run.ts'

export type Served = {
  readonly kind: 'served'
  readonly api: Api | Mock
  /** How its items are kept. */
  readonly keeping: Pick<ServeOptions, 'store' | 'database'>
  /** The same for people, by its label: `Data`, `Database`. */
  readonly kept: readonly [label: string, where: string]
  readonly notes: readonly string[]
  /** Paths worth trying, where it is known what is there. */
  readonly paths: readonly string[]
  /** Files that it was made from, absolute. */
  readonly files: () => readonly string[]
  readonly refresh: Source['refresh']
}

export type Loaded = Served | { readonly kind: 'fault'; readonly message: string }

/** Loads a definition or opens a source; `watched` definitions are imported anew each time. */
export async function load(word: string, flags: ServeFlags): Promise<Loaded> {
  const { isDefinition, readOnly } = await import('@comity/server')
  const loaded = isDefinition(word) ? await loadDefinition(word, flags) : await loadSource(word, flags)
  if (loaded.kind === 'fault' || flags.readOnly !== true || loaded.api.kind === 'mock') return loaded
  return { ...loaded, api: readOnly(loaded.api) }
}

/** A document of OpenAPI: nothing is kept, whatever is written. */
async function loadMock(word: string): Promise<Loaded> {
  const { openMock } = await import('@comity/server')
  const mock = await openMock(word)
  return {
    kind: 'served',
    api: mock,
    keeping: {},
    kept: ['Data', 'a mock: answers are examples, and nothing that is sent is kept'],
    notes: mock.notes,
    paths: mock.paths,
    files: () => mock.files,
    refresh: undefined,
  }
}

async function loadDefinition(word: string, flags: ServeFlags): Promise<Loaded> {
  const files = new Set([resolve(word)])
  const loaded = await loadApi(word, flags.watch ? url => importAnew(url, file => files.add(file)) : undefined)
  if (loaded.kind === 'fault') return loaded
  const database = flags.memory ? 'sqlite::memory:' : flags.database
  return {
    kind: 'served',
    api: loaded.api,
    keeping: { database },
    kept: ['Database', nameOf(database)],
    notes: [],
    paths: [],
    files: () => [...files],
    refresh: undefined,
  }
}

async function loadSource(word: string, flags: ServeFlags): Promise<Loaded> {
  const { isOpenapi, openSource, SourceError } = await import('@comity/server')
  try {
    if (await isOpenapi(word)) return await loadMock(word)
    const source = await openSource(word, {
      keep: flags.memory || flags.readOnly ? 'memory' : 'source',
      access: flags.readOnly ? 'read-only' : 'read-write',
    })
    const kept = flags.readOnly ? 'read only' : source.keeps
    return {
      kind: 'served',
      api: source.api,
      keeping: source.open ? { store: source.open } : { database: 'sqlite::memory:' },
      kept: ['Data', kept],
      notes: source.notes,
      paths: source.paths ?? [],
      files: () => source.files,
      refresh: source.refresh,
    }
  } catch (error) {
    if (error instanceof SourceError) return { kind: 'fault', message: `${error.message} ${error.cure}`.trim() }
    return { kind: 'fault', message: explainFailure(word, resolve(word), error) }
  }
}

function nameOf(database: string): string {
  if (database === 'sqlite::memory:') return 'in memory, gone when the server stops'
  return resolve(database.replace(/^sqlite:/, ''))
}

/** A path as it is written from here. */
export const shown = (path: string): string => relative(process.cwd(), path) || path
