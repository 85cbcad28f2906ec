// A request of the description as a line for curl, ready for a POSIX shell.
import type { Content, Example, Operation, Parameter } from '../openapi/kind.ts'

/** In single quotes where the shell would read more than the word. */
export function quoteWord(word: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

export type Line = {
  readonly method: string
  /** Absolute, without trailing slash. */
  readonly url: string
  /** With `{id}`, as in the description. */
  readonly path: string
  readonly operation: Operation
  /** The operation's parameters, references followed. */
  readonly parameters: readonly Parameter[]
  /** Options by which the caller says who they are. */
  readonly credentials?: readonly string[]
}

/** What curl would have to be told, each option on a line of its own. */
export function curlLine({ method, url, path, operation, parameters, credentials = [] }: Line): string {
  const target =
    url + path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(exampleOf(parameters, name)))
  const words = parameters.filter(parameter => parameter.in === 'query' && parameter.required)
  const query = words.map(({ name }) => `${name}=${encodeURIComponent(exampleOf(parameters, name))}`).join('&')
  const options = [
    quoteWord(query ? `${target}?${query}` : target),
    ...credentials,
    ...required(parameters),
    ...content(operation),
  ]
  return [`curl ${verb(method, operation)}${options[0]}`, ...options.slice(1)].join(' \\\n  ')
}

function verb(method: string, { requestBody }: Operation): string {
  if (method === 'GET') return '-i '
  if (method === 'HEAD') return '-I '
  return method === 'POST' && requestBody ? '-i ' : `-i -X ${method} `
}

/** Fields without which the request would be refused; for If-Match that is 428. */
function required(parameters: readonly Parameter[]): readonly string[] {
  return parameters
    .filter(({ in: place, required, description, name }) =>
      place === 'header' ? required || (name === 'If-Match' && description.includes('428')) : false,
    )
    .map(({ name }) => `-H ${quoteWord(`${name}: ${exampleOf(parameters, name)}`)}`)
}

function content({ requestBody }: Operation): readonly string[] {
  const [type, value] = firstExample(requestBody?.content) ?? []
  if (type === undefined) return []
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return [`-H ${quoteWord(`Content-Type: ${type}`)}`, `-d ${quoteWord(text)}`]
}

/** The media type that comes first, and its first example. */
export function firstExample(content: Content | undefined): readonly [type: string, value: unknown] | undefined {
  for (const [type, { examples = {} }] of Object.entries(content ?? {})) {
    const [example] = Object.values(examples) as Example[]
    if (example !== undefined) return [type, example.value]
  }
  return undefined
}

function exampleOf(parameters: readonly Parameter[], name: string): string {
  const [example] = Object.values(parameters.find(parameter => parameter.name === name)?.examples ?? {}) as Example[]
  const value = example?.value
  return Array.isArray(value) ? value.join(',') : String(value ?? name)
}
