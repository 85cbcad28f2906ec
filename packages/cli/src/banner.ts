// What `comity serve` says once it serves: where, with which database, and three requests worth trying.
import { styleText } from 'node:util'
import type { Api } from '@comity/server'
import { type Field, samplesOf, wordsOf } from './sample.ts'

type Model = Api['model']

export type Kept = {
  /** Where what is written is kept, by its label: `Database`, `Data`. */
  readonly kept: readonly [label: string, where: string]
  /** What was decided about the source, a sentence each. */
  readonly notes?: readonly string[]
  /** Paths worth trying, where it is known what is there. */
  readonly paths?: readonly string[]
}

/** Notes that are shown; of more than these, how many there are. */
const mostNotes = 10

/** The lines to print; styled where standard output is a terminal. `url` has no slash at its end. */
export function banner(model: Model, url: string, { kept: [label, where], notes = [], paths = [] }: Kept): string {
  const strong = (text: string) => styleText('bold', text)
  const faint = (text: string) => styleText('dim', text)
  return [
    `${strong(model.title)} is served at ${strong(url)}`,
    '',
    `  Docs      ${url}/docs`,
    `  ${label.padEnd(8)}  ${where}`,
    '',
    ...(notes.length > 0 ? ['Noted:', ...notes.slice(0, mostNotes).map(note => `  ${note}`)] : []),
    ...(notes.length > mostNotes ? [`  … and ${notes.length - mostNotes} more of the kind.`] : []),
    ...(notes.length > 0 ? [''] : []),
    'Worth trying:',
    ...trials(model, url, paths).map(line => `  ${line}`),
    '',
    faint('Ctrl-C stops it; requests under way are finished first.'),
    '',
  ].join('\n')
}

/** Three command lines for curl, derived from the model. */
export function trials(model: Model, url: string, paths: readonly string[] = []): readonly string[] {
  if (paths.length > 0) return found(model, url, paths)
  const [collection] = model.collections.filter(({ parent }) => parent === undefined)
  const lines = [
    collection && `curl -i '${url}/${collection.name}?limit=3'`,
    collection && `curl '${url}/${collection.name}.csv?${choosy(collection.fields)}'`,
    ...model.services.map(service => called(service, url)),
    ...model.collections.map(each => created(each, url)),
    collection && `curl -i -X OPTIONS '${url}/${collection.name}'`,
    `curl -i '${url}/'`,
    `curl '${url}/openapi.json'`,
    `curl -i '${url}/readyz'`,
  ]
  return lines.filter(line => line !== undefined).slice(0, 3)
}

/** What is there, what is below it, and a new one. */
function found(model: Model, url: string, paths: readonly string[]): readonly string[] {
  const [item = ''] = paths
  const collection = model.collections.find(({ name, parent }) => parent === undefined && item.startsWith(`/${name}/`))
  return [
    ...paths.map((path, at) => `curl ${at === 0 ? '-i ' : ''}'${url}${path}'`),
    ...(collection ? [`curl '${url}/${collection.name}.csv?${choosy(collection.fields)}'`] : []),
    ...(collection ? [created(collection, url, 3) ?? []].flat() : []),
  ]
}

/** Query words that show filtering, sorting and paging, as far as the fields allow. */
function choosy(fields: readonly Field[]): string {
  const chosen = fields.find(field => wordsOf(field).length > 0)
  const measured = fields.find(
    field => field.references === undefined && ['decimal', 'integer', 'number', 'date'].includes(field.kind),
  )
  const words = [
    ...(chosen ? [[chosen.name, wordsOf(chosen)[0] ?? '']] : []),
    ...(measured ? [['sort', `-${measured.name}`]] : []),
    ['limit', '5'],
  ]
  return words.map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`).join('&')
}

function called(service: Model['services'][number], url: string): string | undefined {
  const samples = samplesOf(service.input)
  if (samples === undefined || service.method !== 'GET') return undefined
  const words = [...samples].map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return `curl '${url}/${service.name}${words.length > 0 ? '?' : ''}${words.join('&')}'`
}

/** `most`: members that need not be given, and are shown all the same. */
function created(collection: Model['collections'][number], url: string, most = 0): string | undefined {
  const samples = samplesOf(collection.fields, most)
  const possible = collection.methods.collection.includes('POST') && collection.ids !== 'given'
  if (!possible || samples === undefined || collection.parent !== undefined) return undefined
  const content = JSON.stringify(Object.fromEntries(samples)).replaceAll("'", "'\\''")
  return `curl -i '${url}/${collection.name}' --json '${content}'`
}
