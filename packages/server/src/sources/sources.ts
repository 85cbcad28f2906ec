// Which kind of source a word names. What a kind needs is loaded when it is opened.
import { open as openFile, readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ApiDefinition } from '../define/api.ts'
import type { Mock } from './openapi/mock.ts'
import { type Sight, type Source, SourceError, type SourceKind, type SourceOptions } from './source.ts'

const ends =
  (...endings: readonly string[]) =>
  ({ path, kind }: Sight): boolean =>
    kind === 'file' && endings.some(ending => path.toLowerCase().endsWith(ending))

/** In order: the first that recognises what is there opens it. */
const kinds: readonly SourceKind[] = [
  {
    what: 'a SQLite database',
    recognises: ({ kind, head }) =>
      kind === 'file' && new TextDecoder().decode(head.subarray(0, 16)) === 'SQLite format 3\0',
    open: async (sight, options) => (await import('./sqlite/open.ts')).openSqliteSource(sight, options),
  },
  {
    what: 'a CSV or NDJSON file',
    recognises: ends('.csv', '.tsv', '.ndjson', '.jsonl'),
    open: async (sight, options) => (await import('./files.ts')).openFiles(sight, options),
  },
  {
    what: 'a folder of such files',
    recognises: ({ kind }) => kind === 'folder',
    open: async (sight, options) => (await import('./files.ts')).openFiles(sight, options),
  },
  {
    what: 'a JSON file',
    recognises: ends('.json'),
    open: async (sight, options) => (await import('./files.ts')).openFiles(sight, options),
  },
]

/** The definition of a source as TypeScript; `path` leads from the module to the source. */
export async function ejected({ api, seedCode, notes, database }: Source, word: string, path: string): Promise<string> {
  const { ejected: write } = await import('./eject/eject.ts')
  const how = database === undefined ? 'comity serve serves it' : `comity serve THIS.ts --database ${database}`
  const lead = [`Made from ${word}, to go on from: ${how}.`, ...notes]
  return write(api.definition as ApiDefinition, seedCode?.(path), lead)
}

/** Whether a word names a definition, which is to be imported and not read. */
export const isDefinition = (word: string): boolean => /\.[cm]?[jt]s$/i.test(word)

/** Whether a word names an OpenAPI document, which has no items: see `openMock`. @throws SourceError */
export async function isOpenapi(word: string): Promise<boolean> {
  if (isDefinition(word)) return false
  const { kind, path, head } = await lookAt(word)
  if (kind === 'address') return /^https?:/i.test(path)
  if (kind === 'file' && /\.ya?ml$/i.test(path)) return true
  if (kind !== 'file' || !/\.json$/i.test(path)) return false
  const said = /["'](openapi|swagger)["']\s*:\s*["']\d/
  if (said.test(new TextDecoder().decode(head))) return true
  // Members may stand in any order; a list of data may hold the word.
  const text = (await stat(path)).size > mostDocument ? '' : await readFile(path, 'utf8')
  return said.test(text) && isDocument(text)
}

/** Largest document that is looked through, in bytes. */
const mostDocument = 16 * 1024 * 1024

function isDocument(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && ('openapi' in value || 'swagger' in value)
  } catch {
    return false
  }
}

/** An API that a document describes, answered with examples. @throws SourceError */
export async function openMock(word: string): Promise<Mock> {
  const { path } = await lookAt(word)
  return (await import('./openapi/mock.ts')).openMock(word, path)
}

/** @throws SourceError where it is not there, of no known kind, or cannot be served as it is */
export async function openSource(word: string, options: SourceOptions = {}): Promise<Source> {
  if (await isOpenapi(word))
    throw new SourceError(
      `${word} is an OpenAPI document, which has no items of its own.`,
      'comity serve answers it with examples.',
    )
  const sight = await lookAt(word)
  const kind = kinds.find(({ recognises }) => recognises(sight))
  if (kind === undefined)
    throw new SourceError(
      `${word} is nothing that can be served.`,
      `Name ${kinds.map(({ what }) => what).join(', ')}, or a definition (.ts, .js).`,
    )
  return kind.open(sight, options)
}

const headLength = 4096

async function lookAt(word: string): Promise<Sight> {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(word)) return { word, path: word, kind: 'address', head: new Uint8Array() }
  const path = resolve(word)
  try {
    const found = await stat(path)
    if (found.isDirectory()) return { word, path, kind: 'folder', head: new Uint8Array() }
    const file = await openFile(path)
    try {
      const head = new Uint8Array(headLength)
      const { bytesRead } = await file.read(head, 0, headLength)
      return { word, path, kind: 'file', head: head.subarray(0, bytesRead) }
    } finally {
      await file.close()
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EACCES') throw new SourceError(`${word} may not be read by this user.`, 'Give it the right to.')
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new SourceError(`${word} is not there.`, `The path is read from the current folder, ${process.cwd()}.`)
    throw error
  }
}
