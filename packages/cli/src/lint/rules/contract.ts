// Rules about the whole: problems, versions, ids, who may ask.
import type { Api, Response } from '../api.ts'
import { isRecord } from '../record.ts'
import type { Rule } from '../rule.ts'
import { isGiven } from '../segments.ts'

export const problemDetails: Rule = {
  id: 'problems/details',
  level: 'warning',
  title: 'What went wrong is told as problem details',
  reason: 'One form for every mistake (RFC 9457) is read by one piece of code, for a person and for a program.',
  fix: 'Answer 4xx and 5xx as application/problem+json with type, title, status and detail.',
  *check({ operations }) {
    for (const { method, path, responses } of operations)
      for (const response of responses)
        if (isMistake(response) && !tellsProblem(response))
          yield {
            pointer: response.pointer,
            message: `${response.status} of ${method} ${path} is no problem document.`,
          }
  },
}

const isMistake = ({ status, content }: Response): boolean =>
  (/^[45]/.test(status) || status === 'default') && Object.keys(content).length > 0

const tellsProblem = ({ content }: Response): boolean =>
  Object.keys(content).some(type => /^application\/problem\+/.test(type))

export const versioned: Rule = {
  id: 'versions/named',
  level: 'warning',
  title: 'A caller can name the version it was written for',
  reason: 'The day an answer has to change, callers that cannot say which version they speak all break at once.',
  fix: 'Put the version into the path (/v1), or take a field such as API-Version.',
  *check({ document, paths, operations }) {
    const servers = Array.isArray(document.servers) ? document.servers : []
    const urls = servers.map(server => (isRecord(server) ? String(server.url ?? '') : ''))
    const inPath = [...urls, ...paths.map(({ path }) => path)].some(url => /(^|\/)v\d+(\.\d+)*(\/|$)/i.test(url))
    const byName = operations.some(({ parameters }) =>
      parameters.some(({ name }) => /^(v|version|.*-version)$/i.test(name)),
    )
    if (!inPath && !byName && operations.length > 0)
      yield { pointer: '/paths', message: 'No path, server or parameter names a version.' }
  },
}

export const noSequentialIds: Rule = {
  id: 'ids/no-counting',
  level: 'warning',
  title: 'Ids cannot be guessed by counting',
  reason:
    'Whoever has /orders/1001 tries 1002, and learns how many there are; a slip in permissions then shows everything.',
  fix: 'Give ids as random texts: UUIDs (version 7 keeps them in order).',
  *check(api) {
    const { operations } = api
    const seen = new Set<string>()
    for (const { method, parameters, path, pointer, responses } of operations) {
      if (!isGiven(path.split('/').at(-1) ?? '') || seen.has(path)) continue
      const counted = parameters.find(each => each.in === 'path' && /id$/i.test(each.name) && isCount(each.schema))
      const shown = method === 'GET' ? responses.find(response => showsCount(response, api)) : undefined
      if (counted === undefined && shown === undefined) continue
      seen.add(path)
      const message = counted
        ? `“${counted.name}” in ${path} is a number.`
        : `The “id” that GET ${path} shows is a number.`
      yield { pointer: counted?.pointer ?? pointer, message }
    }
  },
}

const isCount = ({ type, format }: Readonly<Record<string, unknown>>): boolean =>
  type === 'integer' || type === 'number' || format === 'int64'

function showsCount({ status, content }: Response, { schema, shapes }: Api): boolean {
  if (!status.startsWith('2')) return false
  return Object.values(content).some(media =>
    shapes(schema(media).schema).some(({ properties }) => isRecord(properties) && isCount(schema(properties.id))),
  )
}

export const whoMayAsk: Rule = {
  id: 'security/said',
  level: 'note',
  title: 'It is said who may ask',
  reason: 'Callers, and tools that write clients, look for it; silence reads as “anybody may write”.',
  fix: 'Describe securitySchemes and give each operation that writes a security; an empty list says that anybody may.',
  *check({ document, operations }) {
    if (document.security !== undefined) return
    const open = operations.filter(
      ({ method, security }) => security === undefined && ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method),
    )
    const [first] = open
    if (first)
      yield {
        pointer: first.pointer,
        message: `${first.method} ${first.path}${open.length > 1 ? ` and ${open.length - 1} more` : ''} do not say who may ask.`,
      }
  },
}

export const repeatable: Rule = {
  id: 'methods/repeatable',
  level: 'note',
  title: 'A POST can be repeated without doing it twice',
  reason: 'When the answer is lost, a caller cannot know whether its POST was done; with a key it just asks again.',
  fix: 'Take Idempotency-Key and answer a repeat with the first answer.',
  *check({ operations }) {
    const posts = operations.filter(({ method }) => method === 'POST')
    const without = posts.filter(
      ({ parameters }) => !parameters.some(({ name }) => name.toLowerCase() === 'idempotency-key'),
    )
    const [first] = without
    if (first)
      yield {
        pointer: first.pointer,
        message: `POST ${first.path}${without.length > 1 ? ` and ${without.length - 1} more` : ''} take no Idempotency-Key.`,
      }
  },
}

export const guarded: Rule = {
  id: 'methods/guarded',
  level: 'note',
  title: 'A change can be made on condition that nobody else made one',
  reason: 'Two who read and then write overwrite each other unseen; If-Match finds it (RFC 9110 §13.1.1).',
  fix: 'Send an ETag with what is read, take If-Match with PUT, PATCH and DELETE, and answer 412.',
  *check({ operations }) {
    const changes = operations.filter(
      ({ method, path }) => ['PUT', 'PATCH'].includes(method) && isGiven(path.split('/').at(-1) ?? ''),
    )
    const without = changes.filter(
      ({ parameters, responses }) =>
        !parameters.some(({ name }) => name.toLowerCase() === 'if-match') &&
        !responses.some(({ status }) => status === '412'),
    )
    const [first] = without
    if (first)
      yield {
        pointer: first.pointer,
        message: `${first.method} ${first.path}${without.length > 1 ? ` and ${without.length - 1} more` : ''} take no If-Match.`,
      }
  },
}
