// An API that an OpenAPI document describes, and nobody has written yet: it is answered with examples.
import { SourceError } from '../source.ts'
import { type Documents, fetchDocument, isObject, readDocuments } from './document.ts'
import type { Content, Operation } from './operation.ts'
import { type ParameterCheck, parameterCheck } from './parameters.ts'
import { locate, member, rootOf } from './refs.ts'
import { type Routes, routesOf } from './routes.ts'
import { type Validator, validatorOf } from './validate.ts'

export type Mock = {
  readonly kind: 'mock'
  readonly title: string
  readonly documents: Documents
  readonly routes: Routes
  /** What is checked of a request; compiled when it is asked for first. */
  readonly parametersOf: (operation: Operation) => ParameterCheck
  /** `text`: what is sent has no types yet, as in a form. */
  readonly validatorOf: (content: Content, read: 'content' | 'text') => Validator
  /** Paths worth trying. */
  readonly paths: readonly string[]
  readonly notes: readonly string[]
  /** Files it was read from, absolute. */
  readonly files: readonly string[]
}

/** @param word a path, or an address. @throws SourceError */
export async function openMock(word: string, path: string): Promise<Mock> {
  const isAddress = /^https?:\/\//i.test(word)
  const documents = isAddress ? await fetchDocument(word) : await readDocuments(path)
  const files = isAddress ? [] : [...documents.all.keys()].map(uri => decodeURIComponent(new URL(uri).pathname))
  return mockOf(word, documents, files)
}

/** @throws SourceError where it is no OpenAPI 3 document, or has no paths */
export function mockOf(word: string, documents: Documents, files: readonly string[] = []): Mock {
  const root = rootOf(documents).value
  if (!isObject(root) || (root.openapi === undefined && root.swagger === undefined))
    throw new SourceError(`${word} is no OpenAPI document: it has no member “openapi”.`, 'Name another file.')
  if (typeof root.openapi !== 'string' || !root.openapi.startsWith('3.'))
    throw new SourceError(
      `${word} is written in OpenAPI ${root.openapi ?? root.swagger}; 3.0, 3.1 and 3.2 are read.`,
      'Convert it, with: npx swagger2openapi FILE',
    )
  const routes = routesOf(documents)
  if (routes.all.length === 0) throw new SourceError(`${word} has no paths that could be answered.`, 'Add one.')
  const checks = new WeakMap<Operation, ParameterCheck>()
  const title = member(member(rootOf(documents), 'info'), 'title').value
  return {
    kind: 'mock',
    title: typeof title === 'string' && title !== '' ? title : 'A mock',
    documents,
    routes,
    parametersOf: operation => kept(checks, operation, parameterCheck),
    validatorOf: ({ schema = true }, read) => validatorOf(schema, read),
    paths: tryPaths(routes),
    notes: unresolved(documents),
    files,
  }
}

function kept<Key extends object, Value>(map: WeakMap<Key, Value>, key: Key, make: (key: Key) => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make(key)
  map.set(key, made)
  return made
}

/** A few of what can be read without more ado. */
function tryPaths({ all }: Routes): readonly string[] {
  const reads = all.filter(({ operations }) => {
    const { parameters = [] } = operations.get('GET') ?? {}
    return operations.has('GET') && parameters.every(({ in: place, required }) => place === 'path' || !required)
  })
  return reads.slice(0, 3).map(({ template }) => template.replace(/\{[^}]+\}/g, '1'))
}

/** References that lead nowhere let anything pass: worth saying. */
function unresolved({ all }: Documents): readonly string[] {
  const missing = new Set<string>()
  const look = (value: unknown, base: string): void => {
    if (typeof value !== 'object' || value === null || missing.size > 9) return
    for (const [name, inside] of Object.entries(value)) {
      if (name === '$ref' && typeof inside === 'string') {
        if (locate({ root: base, all }, inside, base) === undefined) missing.add(inside)
      } else if (name !== 'example' && name !== 'default' && name !== 'enum' && name !== 'value') look(inside, base)
    }
  }
  for (const [uri, document] of all) look(document, uri)
  return [...missing].map(ref => `The reference “${ref}” leads nowhere: anything is taken for what it stands for.`)
}
