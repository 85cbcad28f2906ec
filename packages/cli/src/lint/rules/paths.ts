// Rules about paths: things are nouns in the plural, methods are the verbs, and two levels are enough.
import { pluralize, singularize } from 'inflection'
import type { Api, PathOf } from '../api.ts'
import type { Rule } from '../rule.ts'
import { isArray, isGiven, isPage, levelsOf, wordsOf } from '../segments.ts'

export const pluralNouns: Rule = {
  id: 'paths/plural-nouns',
  level: 'warning',
  title: 'A collection is a noun in the plural',
  reason:
    'Who has seen /accounts/1 can guess /accounts; /account/1 and /accounts side by side must be looked up each time.',
  fix: 'Name the segment before an id in the plural: /accounts/{id}.',
  *check(api) {
    const seen = new Set<string>()
    for (const { path, segments, pointer } of api.paths)
      for (const [index, segment] of segments.entries()) {
        if (isGiven(segment) || isPage(segment) || seen.has(segment) || !isCollection(api, segments, index, path))
          continue
        seen.add(segment)
        const last = wordsOf(segment).at(-1) ?? ''
        if (last !== '' && pluralize(singularize(last)) !== last)
          yield { pointer, message: `“${segment}” in ${path} holds many; call it “${pluralOf(segment)}”.` }
      }
  },
}

/** An id follows, or a list is answered. */
function isCollection(api: Api, segments: readonly string[], index: number, path: string): boolean {
  if (isGiven(segments[index + 1] ?? '')) return true
  if (index !== segments.length - 1) return false
  return api.paths.some(
    each =>
      each.path === path &&
      each.operations.some(
        ({ method, responses }) => method === 'GET' && responses.some(response => isArray(api, response)),
      ),
  )
}

function pluralOf(segment: string): string {
  const last = wordsOf(segment).at(-1) ?? ''
  const at = segment.toLowerCase().lastIndexOf(last)
  return segment.slice(0, at) + pluralize(segment.slice(at))
}

/** What methods say already. */
const methodVerbs =
  'add create delete destroy edit fetch find get insert list modify patch post put read remove retrieve save set show store update view'
const verbs: ReadonlySet<string> = new Set(methodVerbs.split(' '))

export const noVerbs: Rule = {
  id: 'paths/no-verbs',
  level: 'error',
  title: 'The method is the verb',
  reason:
    'GET /getUsers says the same thing twice, and POST /users/delete hides from caches, proxies and retries what it does.',
  fix: 'Name the thing, and let GET, POST, PUT, PATCH and DELETE say what becomes of it: DELETE /users/{id}.',
  *check(api) {
    for (const { path, segments, pointer } of api.paths)
      for (const segment of segments) {
        if (isGiven(segment)) continue
        const [first = '', ...others] = wordsOf(segment)
        if (verbs.has(first))
          yield {
            pointer,
            message: `“${segment}” in ${path} is ${others.length > 0 ? 'a verb and its object' : 'a verb'}.`,
          }
      }
  },
}

const deepest = 2

export const depth: Rule = {
  id: 'paths/depth',
  level: 'warning',
  title: 'At most two resources in a path',
  reason:
    'A deep path needs every id above it to reach a thing that has an id of its own, and breaks when the thing moves.',
  fix: 'Give the innermost resource a path of its own and filter it by what it belongs to: /entries?transactionId=1.',
  *check({ paths }) {
    for (const { path, segments, pointer } of paths) {
      const levels = levelsOf(segments)
      if (levels > deepest) yield { pointer, message: `${path} is ${levels} resources deep.` }
    }
  },
}

export const plainSegments: Rule = {
  id: 'paths/plain-segments',
  level: 'warning',
  title: 'Paths are written in lower case, words joined by hyphens, without a slash or an ending at their end',
  reason:
    'Paths are compared letter by letter: /userAccounts and /useraccounts are two resources, and somebody will mistype one.',
  fix: 'Write /user-accounts; choose the format by Accept, or by an ending that every resource has.',
  *check({ paths }) {
    for (const each of paths) {
      const { path, pointer } = each
      const odd = oddSegment(each)
      if (odd !== undefined)
        yield { pointer, message: `“${odd}” in ${path} is not of lower-case words joined by hyphens.` }
      else if (path.length > 1 && path.endsWith('/')) yield { pointer, message: `${path} ends with a slash.` }
    }
  },
}

const oddSegment = ({ segments }: PathOf): string | undefined =>
  segments.find(segment => !segment.includes('{') && !isPage(segment) && !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(segment))
