// What `comity serve` says once it serves: where, with which database, and three requests worth trying.
import { styleText } from 'node:util'
import type { Api } from '@comity/server'
import { type Field, samplesOf, wordsOf } from './sample.ts'

type Model = Api['model']

/** The lines to print; styled where standard output is a terminal. `url` has no slash at its end. */
export function banner(model: Model, url: string, database: string): string {
  const strong = (text: string) => styleText('bold', text)
  const faint = (text: string) => styleText('dim', text)
  return [
    `${strong(model.title)} is served at ${strong(url)}`,
    '',
    `  Docs      ${url}/docs`,
    `  Database  ${nameOf(database)}`,
    '',
    'Worth trying:',
    ...trials(model, url).map(line => `  ${line}`),
    '',
    faint('Ctrl-C stops it; requests under way are finished first.'),
    '',
  ].join('\n')
}

/** Three command lines for curl, derived from the model. */
export function trials(model: Model, url: string): readonly string[] {
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

/** Query words that show filtering, sorting and paging, as far as the fields allow. */
function choosy(fields: readonly Field[]): string {
  const chosen = fields.find(field => wordsOf(field).length > 0)
  const measured = fields.find(field => ['decimal', 'integer', 'number', 'date'].includes(field.kind))
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

function created(collection: Model['collections'][number], url: string): string | undefined {
  const samples = samplesOf(collection.fields)
  const possible = collection.methods.collection.includes('POST') && collection.ids === 'uuid'
  if (!possible || samples === undefined || collection.parent !== undefined) return undefined
  const content = JSON.stringify(Object.fromEntries(samples)).replaceAll("'", "'\\''")
  return `curl -i '${url}/${collection.name}' --json '${content}'`
}

function nameOf(database: string): string {
  const path = database.replace(/^sqlite:(\/\/)?/, '')
  return path === ':memory:' ? 'in memory, gone when the server stops' : path
}
