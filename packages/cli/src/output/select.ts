// RFC 9535: JSONPath. json-p3 passes the whole compliance suite; it is loaded when a path is given.
import { UsageError } from './complain.ts'

const deepest = 2000

export type Selection = {
  /** `one`: the path can only lead to one place; `many`: to any number. */
  readonly kind: 'one' | 'many'
  readonly from: (value: unknown) => readonly unknown[]
}

/** @throws UsageError where `path` is no JSONPath */
export async function selectionOf(path: string): Promise<Selection> {
  const { JSONPathEnvironment } = await import('json-p3')
  const environment = new JSONPathEnvironment({ maxRecursionDepth: deepest })
  const query = compiled(() => environment.compile(path), path)
  return {
    kind: query.singularQuery() ? 'one' : 'many',
    // Lazily: an array of any length can be gone through.
    from: value => Array.from(query.lazyQuery(value as never), node => node.value),
  }
}

const cure = "A path begins with $: '$.name', '$.items[0]', '$[?@.done == true].title' (RFC 9535)"

function compiled<Query>(compile: () => Query, path: string): Query {
  try {
    return compile()
  } catch (error) {
    const why = path === '' ? 'it is empty' : error instanceof Error ? error.message.replaceAll('\n', ' ') : ''
    throw new UsageError(`“${path}” is no JSONPath: ${why}`, cure)
  }
}
