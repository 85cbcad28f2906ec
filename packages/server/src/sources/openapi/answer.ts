// The way of a request through a mock: the gates of any API of Comity's, as far as a document has something to say of
// them, in the same order, and the same problems where one of them refuses.
import { createHash } from 'node:crypto'
import {
  evaluatePreconditions,
  formatPreferenceApplied,
  methods,
  negotiateMediaType,
  type Preferences,
  parsePrefer,
  reasonOf,
} from '@comity/http'
import { type Answer, type Refused, refuse } from '../../exchange/answer.ts'
import { type Chosen, chooseResponse } from './choose.ts'
import { contentFault } from './content.ts'
import { exampleOf, type Wishes } from './example.ts'
import type { Mock } from './mock.ts'
import type { Content, DeclaredResponse, Operation } from './operation.ts'
import type { Given } from './parameters.ts'
import { partOf } from './part.ts'
import { sampleOf } from './sample.ts'
import { whoIsAsked } from './security.ts'

export type MockRequest = {
  readonly method: string
  /** Percent-encoded, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  /** By lower-case name, several lines joined. */
  readonly field: (name: string) => string | undefined
  readonly content: Buffer | undefined
  /** ms since the epoch */
  readonly now: number
}

export function answerMock(mock: Mock, request: MockRequest): Answer | Refused {
  const { method, path } = request
  if (!methods.has(method) && !isDeclaredMethod(mock, method))
    return refuse('method-not-implemented', `${method} is no method that is known here.`)
  const matched = mock.routes.match(path)
  if (matched === undefined) return refuse('no-such-resource', `The document has no path that ${path} would be.`)
  const { route, values } = matched
  const allow = allowedOf(route.operations)
  const operation = route.operations.get(method) ?? (method === 'HEAD' ? route.operations.get('GET') : undefined)
  if (operation === undefined) {
    if (method === 'OPTIONS') return { status: 204, fields: { allow }, body: undefined }
    const detail = `${method} is not declared for ${route.template}; ${allow} are.`
    return refuse('method-not-allowed', detail, { fields: { allow }, members: { allowed: allow.split(', ') } })
  }
  const preferences = parsePrefer(request.field('prefer'))
  const given: Given = {
    path: values,
    query: request.query,
    field: request.field,
    cookies: cookiesOf(request.field('cookie')),
  }
  return (
    whoIsAsked(operation, given) ??
    wrongParameters(mock, operation, given, preferences) ??
    contentFault(mock, operation, request) ??
    respond(mock, operation, route.operations, request, preferences)
  )
}

const isDeclaredMethod = ({ routes }: Mock, method: string): boolean =>
  routes.all.some(({ operations }) => operations.has(method))

function allowedOf(operations: ReadonlyMap<string, Operation>): string {
  const names = [...operations.keys()]
  const more = [...(names.includes('GET') && !names.includes('HEAD') ? ['HEAD'] : []), 'OPTIONS']
  return [...new Set([...names, ...more])].join(', ')
}

function wrongParameters(
  mock: Mock,
  operation: Operation,
  given: Given,
  preferences: Preferences,
): Refused | undefined {
  const isStrict = preferences.get('handling')?.value === 'strict'
  const errors = mock.parametersOf(operation)(given, isStrict ? 'refused' : 'ignored')
  if (errors.length === 0) return
  return refuse('invalid-query', errors.map(({ detail }) => detail).join(' '), { errors })
}

function respond(
  mock: Mock,
  operation: Operation,
  operations: ReadonlyMap<string, Operation>,
  request: MockRequest,
  preferences: Preferences,
): Answer | Refused {
  const wished = wishesOf(preferences)
  if ('kind' in wished) return wished
  const { code, wishes } = wished
  const chosen = chooseResponse(operation, code)
  if (chosen.kind === 'undeclared') return undeclared(chosen.status, code)
  const applied = formatPreferenceApplied([
    ...(code === undefined ? [] : [['code', String(code)] as const]),
    ...(wishes.example === undefined ? [] : [['example', wishes.example] as const]),
    ...(wishes.from === 'types' ? [['dynamic', 'true'] as const] : []),
  ])
  const made = represent(mock, chosen, request, wishes)
  if ('kind' in made) return made
  const answer = { ...made, fields: { ...made.fields, ...(applied !== '' && { 'preference-applied': applied }) } }
  return conditional(mock, answer, operations, request)
}

type Wished = { readonly code: number | undefined; readonly wishes: Wishes }

/** New values for each time that they are asked for. */
let made = 0

function wishesOf(preferences: Preferences): Wished | Refused {
  const code = preferences.get('code')?.value
  if (code !== undefined && !/^[2-5]\d\d$/.test(code))
    return refuse('preference-unsupported', `“${code}” is no status code from 200 to 599.`, {
      errors: [{ field: 'Prefer', detail: 'code is a status code, such as 404.' }],
    })
  const isDynamic = preferences.get('dynamic')?.value === 'true'
  return {
    code: code === undefined ? undefined : Number(code),
    wishes: {
      example: preferences.get('example')?.value,
      from: isDynamic ? 'types' : 'examples',
      seed: isDynamic ? ++made : 0,
    },
  }
}

/** What a document says nothing of can be asked for all the same, to see what a client makes of it. */
function undeclared(status: number, code: number | undefined): Answer | Refused {
  if (code === undefined || status < 400) return { status, fields: { 'content-length': '0' }, body: undefined }
  const problem = {
    type: 'about:blank',
    title: reasonOf(status) ?? 'Error',
    status,
    detail: 'The document declares no such answer.',
  }
  const body = Buffer.from(JSON.stringify(problem))
  const fields = { 'content-type': 'application/problem+json', 'content-length': String(body.length) }
  return { status, fields: { ...fields, 'preference-applied': `code=${status}` }, body }
}

function represent(
  mock: Mock,
  chosen: Extract<Chosen, { kind: 'declared' }>,
  request: MockRequest,
  wishes: Wishes,
): Answer | Refused {
  const { status, response } = chosen
  const declared = fieldsOf(response, wishes)
  if (response.contents.length === 0 || status === 204 || status === 304)
    return {
      status,
      fields: { ...declared, ...(status === 204 || status === 304 ? {} : { 'content-length': '0' }) },
      body: undefined,
    }
  const offers = response.contents.map(({ mediaType }) => concrete(mediaType))
  const found = negotiateMediaType(request.field('accept'), offers)
  // A refusal is never 406 on top.
  if (found === -1 && status < 400)
    return refuse('not-acceptable', `The document declares ${offers.join(', ')}; Accept allows none of them.`, {
      members: { available: offers },
    })
  const at = Math.max(found, 0)
  const mediaType = offers[at] ?? ''
  const example = exampleOf(mock.documents, response.contents[at] as Content, mediaType, wishes)
  if (example.kind === 'no-such-example') {
    const { names } = example
    const detail = names.length > 0 ? `The examples are ${names.join(', ')}.` : 'The document names no examples of it.'
    return refuse('preference-unsupported', `There is no example “${wishes.example}”. ${detail}`, {
      errors: [{ field: 'Prefer', detail }],
    })
  }
  const body = example.bytes
  return {
    status,
    fields: {
      'content-type': mediaType,
      'content-length': String(body.length),
      vary: 'accept, prefer',
      ...(status < 300 && { etag: etagOf(mediaType, body), 'cache-control': 'no-cache' }),
      ...declared,
    },
    body,
  }
}

const usual: Readonly<Record<string, string>> = {
  text: 'text/plain',
  image: 'image/png',
  audio: 'audio/mpeg',
  video: 'video/mp4',
}

/** What a range of media types stands for. */
function concrete(mediaType: string): string {
  const [type = '', subtype = ''] = mediaType.split('/')
  if (type === '*') return 'application/json'
  return subtype === '*' ? (usual[type] ?? 'application/octet-stream') : mediaType
}

const etagOf = (mediaType: string, body: Buffer): string =>
  `"${createHash('sha256').update(`${mediaType}\n`).update(body).digest('base64url').slice(0, 22)}"`

/** Fields that tell of this very message are Comity's. */
const ofMessage: ReadonlySet<string> = new Set([
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'connection',
  'etag',
  'date',
  'vary',
])

function fieldsOf({ fields }: DeclaredResponse, wishes: Wishes): Readonly<Record<string, string>> {
  return Object.fromEntries(
    fields.flatMap(({ name, schema, example }) => {
      const value = example ?? sampleOf(schema, wishes.from, wishes.seed).value
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
      return ofMessage.has(name) || /[^\t\x20-\x7e]/.test(text) ? [] : [[name, text]]
    }),
  )
}

/** Reads are conditional and have ranges; what writes is held against what GET would say. */
function conditional(
  mock: Mock,
  answer: Answer,
  operations: ReadonlyMap<string, Operation>,
  request: MockRequest,
): Answer | Refused {
  const { method, field, now } = request
  if (answer.status >= 300) return answer
  const isRead = method === 'GET' || method === 'HEAD' || method === 'QUERY'
  const current = isRead ? answer.fields.etag : currentTag(mock, operations, request)
  const verdict = evaluatePreconditions(
    method,
    {
      ifMatch: field('if-match'),
      ifNoneMatch: field('if-none-match'),
      ifModifiedSince: undefined,
      ifUnmodifiedSince: undefined,
      ifRange: field('if-range'),
      range: field('range'),
    },
    current === undefined
      ? { kind: isRead ? 'present' : 'absent' }
      : { kind: 'present', etag: { strength: 'strong', opaque: current.slice(1, -1) } },
    now,
  )
  switch (verdict.kind) {
    case 'malformed':
      return refuse('invalid-precondition', `${verdict.field} is neither * nor a list of entity tags.`)
    case 'failed':
      return refuse('precondition-failed', `${verdict.field} does not hold: the current ETag is ${current ?? 'none'}.`)
    case 'not-modified': {
      const { etag = '', vary = '', 'cache-control': cache = 'no-cache' } = answer.fields
      return { status: 304, fields: { etag, vary, 'cache-control': cache }, body: undefined }
    }
    case 'pass':
      return method === 'GET' && verdict.range === 'honour' ? partOf(answer, field('range')) : answer
  }
}

function currentTag(mock: Mock, operations: ReadonlyMap<string, Operation>, request: MockRequest): string | undefined {
  const read = operations.get('GET')
  const chosen = read && chooseResponse(read, undefined)
  if (chosen?.kind !== 'declared') return undefined
  const shown = represent(mock, chosen, request, { example: undefined, from: 'examples', seed: 0 })
  return 'kind' in shown ? undefined : shown.fields.etag
}

function cookiesOf(field: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>()
  for (const pair of field?.split(';') ?? []) {
    const equals = pair.indexOf('=')
    if (equals > 0) cookies.set(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim())
  }
  return cookies
}
