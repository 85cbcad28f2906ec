// An OpenAPI document and the files it refers to, read once. What it can name is bounded: files of its own folder and
// below, so many and so large, and nothing on the network.
import { readFile, realpath } from 'node:fs/promises'
import { dirname, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseDocument } from 'yaml'
import { SourceError } from '../source.ts'

/** Documents by their URI; the first is where reading began. */
export type Documents = {
  readonly root: string
  readonly all: ReadonlyMap<string, unknown>
}

export const documentLimits = {
  /** Bytes of one document. */
  bytes: 16 * 1024 * 1024,
  files: 100,
  depth: 200,
  /** Objects, lists and values in all of them. */
  nodes: 2_000_000,
  /** ms for a document to come from the network. */
  fetchTimeout: 10_000,
} as const

type Object_ = { readonly [name: string]: unknown }

export const isObject = (value: unknown): value is Object_ =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** JSON is YAML; but it is read faster, and its faults are told better, as what it is. */
export function parseText(text: string, called: string): unknown {
  if (/^\s*[{[]/.test(text)) {
    try {
      return JSON.parse(text)
    } catch {
      // YAML's flow style begins like JSON.
    }
  }
  // Core schema: no dates, no merge keys, no tags that make anything but plain data. Aliases must not multiply.
  const document = parseDocument(text, { schema: 'core', prettyErrors: true, logLevel: 'silent' })
  const [error] = document.errors
  if (error)
    throw new SourceError(`${called} is neither JSON nor YAML: ${error.message.split('\n')[0]}`, 'Correct it there.')
  try {
    return document.toJS({ maxAliasCount: 1000 })
  } catch (cause) {
    throw new SourceError(
      `${called} cannot be read: ${(cause as Error).message}.`,
      'Write out what its aliases repeat.',
    )
  }
}

/** @throws SourceError */
export async function readDocuments(path: string): Promise<Documents> {
  const file = await realpath(path)
  const folder = dirname(file) + sep
  const all = new Map<string, unknown>()
  const root = pathToFileURL(file).href
  const waiting = [root]
  let nodes = 0
  for (let uri = waiting.shift(); uri !== undefined; uri = waiting.shift()) {
    if (all.has(uri)) continue
    if (all.size >= documentLimits.files)
      throw new SourceError(`${path} refers to more than ${documentLimits.files} files.`, 'Bundle them into one.')
    const value = await readOne(uri, root, folder)
    all.set(uri, value)
    const seen = survey(value)
    nodes += seen.nodes
    if (nodes > documentLimits.nodes)
      throw new SourceError(`${path} and its files are too large.`, 'Serve a part of it.')
    for (const ref of seen.refs) {
      const target = withoutFragment(ref, uri)
      if (target !== undefined && !all.has(target)) waiting.push(target)
    }
  }
  return { root, all }
}

/** One document, from anywhere: it can refer to itself only. @throws SourceError */
export async function fetchDocument(url: string): Promise<Documents> {
  let text: string
  try {
    const response = await fetch(url, {
      headers: {
        accept: 'application/openapi+json, application/openapi+yaml, application/json, application/yaml, */*;q=0.1',
      },
      signal: AbortSignal.timeout(documentLimits.fetchTimeout),
    })
    if (!response.ok) throw new SourceError(`${url} answers ${response.status}.`, 'Open it in a browser to see why.')
    text = await textOf(response, url)
  } catch (error) {
    if (error instanceof SourceError) throw error
    throw new SourceError(`${url} cannot be fetched: ${reasonOf(error)}.`, 'Check the address, or save it to a file.')
  }
  const value = parseText(text, url)
  if (survey(value).nodes > documentLimits.nodes) throw new SourceError(`${url} is too large.`, 'Serve a part of it.')
  return { root: url, all: new Map([[url, value]]) }
}

const reasonOf = (error: unknown): string => {
  const { cause, message } = error as Error & { cause?: { code?: string } }
  return cause?.code ?? message
}

async function textOf({ body }: Response, url: string): Promise<string> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body ?? []) {
    size += piece.length
    if (size > documentLimits.bytes) throw new SourceError(`${url} is larger than 16 MiB.`, 'Serve a part of it.')
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

async function readOne(uri: string, root: string, folder: string): Promise<unknown> {
  const path = fileURLToPath(uri)
  const called = uri === root ? path : `${path}, to which the document refers,`
  let file: string
  try {
    file = await realpath(path)
  } catch {
    throw new SourceError(`${called} is not there.`, 'Correct the $ref, or put the file in its place.')
  }
  // Also where a link leads elsewhere.
  if (!file.startsWith(folder))
    throw new SourceError(`${called} is outside of the folder of the document.`, 'Put it in that folder, or below.')
  const bytes = await readFile(file)
  if (bytes.length > documentLimits.bytes)
    throw new SourceError(`${called} is larger than 16 MiB.`, 'Serve a part of it.')
  return parseText(bytes.toString('utf8'), path)
}

/** The file a reference names; undefined where it is within the same one, or is no file at all. */
function withoutFragment(ref: string, base: string): string | undefined {
  if (ref.startsWith('#')) return undefined
  try {
    const url = new URL(ref, base)
    url.hash = ''
    return url.protocol === 'file:' ? url.href : undefined
  } catch {
    return undefined
  }
}

/** What stands here is data of the API's, whatever it looks like. */
const dataMembers: ReadonlySet<string> = new Set([
  'example',
  'default',
  'enum',
  'const',
  'value',
  'dataValue',
  'examples',
])

function survey(document: unknown): { readonly refs: readonly string[]; readonly nodes: number } {
  const refs: string[] = []
  let nodes = 0
  const look = (value: unknown, depth: number): void => {
    nodes++
    if (typeof value !== 'object' || value === null || nodes > documentLimits.nodes) return
    if (depth > documentLimits.depth)
      throw new SourceError(`The document is nested deeper than ${documentLimits.depth} levels.`, 'Flatten it.')
    for (const [name, member] of Object.entries(value)) {
      if (name === '$ref' && typeof member === 'string') refs.push(member)
      // The examples of a media type may refer, those of a schema are data.
      else if (!dataMembers.has(name) || (name === 'examples' && isObject(member))) look(member, depth + 1)
    }
  }
  look(document, 0)
  return { refs, nodes }
}
