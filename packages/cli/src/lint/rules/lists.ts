// Rules about lists: none without an end.
import type { Operation } from '../api.ts'
import type { Rule } from '../rule.ts'
import { isArray, isGiven } from '../segments.ts'

const paging =
  /^(page|limit|offset|cursor|after|before|per[_-]?page|page[_-]?(size|number|token)|size|start|count|take|skip|top|max[_-]?results|first|last|marker)$|^(page|paging)\[/i

export const paged: Rule = {
  id: 'lists/paging',
  level: 'error',
  title: 'Every list is read in pages',
  reason:
    'A list grows; without pages the day comes when neither the server nor the caller can hold it, and pages cannot be added then without breaking callers.',
  fix: 'Take limit with an offset or a cursor, bound the limit, and say by Link where the next page is (RFC 8288).',
  *check(api) {
    for (const operation of api.operations) {
      const { method, path, pointer, responses } = operation
      if (method !== 'GET' || isGiven(path.split('/').at(-1) ?? '')) continue
      if (responses.some(response => isArray(api, response)) && !pages(operation))
        yield { pointer, message: `GET ${path} answers a list and takes no parameter that limits it.` }
    }
  },
}

const pages = ({ parameters }: Operation): boolean =>
  parameters.some(({ name, in: where }) => where !== 'path' && (paging.test(name) || name.toLowerCase() === 'range'))

export const boundedPages: Rule = {
  id: 'lists/bounded-pages',
  level: 'note',
  title: 'The size of a page has an end',
  reason: 'limit=1000000 is what the server meant to prevent.',
  fix: 'Give the schema of limit a maximum, and answer 400 beyond it.',
  *check({ operations, shapes }) {
    for (const { method, path, parameters } of operations)
      for (const { name, schema: said, pointer } of parameters) {
        if (method !== 'GET' || !/^(limit|per[_-]?page|page[_-]?size|size|take|top|max[_-]?results)$/i.test(name))
          continue
        const choices = shapes(said)
        if (choices.some(({ type, maximum }) => (type === 'integer' || type === 'number') && maximum === undefined))
          yield { pointer, message: `“${name}” of GET ${path} has no maximum.` }
      }
  },
}
