// A definition from its file: the Api, or in words why there is none.
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Api } from '@comity/server'
import { explainFailure } from './explain.ts'

/** `fault`: sentences for a person, each line ready to print. */
export type Loaded = { readonly kind: 'api'; readonly api: Api } | { readonly kind: 'fault'; readonly message: string }

/** Imports the module at a file URL. */
export type Importing = (url: string) => Promise<Record<string, unknown>>

/** Import the definition at `path` (from the current folder). Its default export has to be what `defineApi` returns. */
export async function loadApi(path: string, importing: Importing = url => import(url)): Promise<Loaded> {
  const file = resolve(path)
  const missing = await whyNoFile(path, file)
  if (missing !== undefined) return { kind: 'fault', message: missing }
  let exported: Record<string, unknown>
  try {
    exported = await importing(pathToFileURL(file).href)
  } catch (error) {
    return { kind: 'fault', message: explainFailure(path, file, error) }
  }
  if (isApi(exported.default)) return { kind: 'api', api: exported.default }
  return { kind: 'fault', message: `${path}: ${whyNoApi(exported)}` }
}

async function whyNoFile(path: string, file: string): Promise<string | undefined> {
  try {
    const found = await stat(file)
    if (found.isFile()) return undefined
    if (found.isDirectory()) return `${path} is a folder; name the file that defines the API, such as ${path}/api.ts.`
    return `${path} is not a file.`
  } catch (error) {
    if (codeOf(error) === 'EACCES') return `${path} may not be read by this user.`
    return `${path} is not there. The path is read from the current folder, ${process.cwd()}.`
  }
}

function whyNoApi(exported: Record<string, unknown>): string {
  const cure = 'A definition ends with: export default defineApi({ … })'
  const named = Object.keys(exported).find(name => isApi(exported[name]))
  if (named !== undefined) return `the API is exported as "${named}", not as the default. Add: export default ${named}`
  if (!('default' in exported)) return `nothing is exported as the default. ${cure}`
  const value = exported.default
  if (isRecord(value) && isRecord(value.resources)) {
    return `the default export is a definition that was not given to defineApi. ${cure}`
  }
  return `the default export is ${describe(value)}, not an API. ${cure}`
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (isRecord(value) && typeof value.kind === 'string') return `a ${value.kind}`
  if (value instanceof Promise) return 'a promise'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const isApi = (value: unknown): value is Api => isRecord(value) && value.kind === 'api' && isRecord(value.model)
const codeOf = (error: unknown): unknown => (isRecord(error) ? error.code : undefined)
