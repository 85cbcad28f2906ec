// A mock behind Fastify: what the document leaves open (its own address, the pages of problems) is answered here.
import {
  type CorsPolicy,
  corsFields,
  isAllowedOrigin,
  type ProblemKind,
  parsePreflight,
  preflightFields,
  problemKinds,
} from '@comity/http'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type CorsDefinition, corsPolicyOf } from '../define/cors.ts'
import type { Answer, Refused } from '../exchange/answer.ts'
import { problemAnswer } from '../exchange/problem-answer.ts'
import { problemDocument } from '../pages/problem.ts'
import { answerMock, type MockRequest } from '../sources/openapi/answer.ts'
import type { Mock } from '../sources/openapi/mock.ts'

export type MockOptions = {
  /** Receives what failed inside the server, with the id the client was told. */
  readonly onError?: (error: unknown, id: string) => void
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  /** Whose pages may call it. */
  readonly cors?: CorsDefinition
}

/** Largest content, in bytes. */
const mostContent = 1_048_576

/** `app.register(mocked(mock))` */
export function mocked(mock: Mock, options: MockOptions = {}): FastifyPluginAsync {
  const { now = Date.now, onError } = options
  const cors = options.cors && corsPolicyOf(options.cors)
  const send = sendWith(cors)
  return async app => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: mostContent }, (_request, body, done) =>
      done(null, body),
    )
    app.setErrorHandler((error: { code?: string; statusCode?: number }, request, reply) => {
      if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
        return send(request, reply, refusal('content-too-large', `At most ${mostContent} bytes are read.`))
      const id = crypto.randomUUID()
      onError?.(error, id)
      return send(
        request,
        reply,
        refusal('internal-error', `Something failed inside the server. It is on record as ${id}.`),
      )
    })
    const known = new Set<string>(app.supportedMethods)
    for (const { operations } of mock.routes.all)
      for (const method of [...operations.keys(), 'QUERY'])
        if (!known.has(method) && method !== 'CONNECT') {
          known.add(method)
          app.addHttpMethod(method, { hasBody: true })
        }
    const method = [...known].filter(name => name !== 'CONNECT')
    app.route({
      method,
      url: '/*',
      exposeHeadRoute: false,
      handler: (request, reply) => send(request, reply, answer(mock, request, now(), cors)),
    })
  }
}

const refusal = (code: string, detail: string): Refused => ({ kind: 'refused', code, detail })

function answer(mock: Mock, request: FastifyRequest, now: number, cors: CorsPolicy | undefined): Answer | Refused {
  const { raw, body } = request
  const url = raw.url ?? '/'
  const mark = url.indexOf('?')
  const path = mark === -1 ? url : url.slice(0, mark)
  const asked: MockRequest = {
    method: raw.method ?? 'GET',
    path,
    query: new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1)),
    field: name => {
      const value = raw.headers[name.toLowerCase()]
      return Array.isArray(value) ? value.join(', ') : value
    },
    content: Buffer.isBuffer(body) ? body : undefined,
    now,
  }
  const before = cors && preflight(mock, asked, cors)
  if (before !== undefined) return before
  const isRead = asked.method === 'GET' || asked.method === 'HEAD'
  const own = isRead && mock.routes.match(path) === undefined ? ownPage(mock, path, originOf(request)) : undefined
  return own ?? answerMock(mock, asked)
}

/** Fetch §3.3.2: what a browser asks before it asks. An origin that may not is told nothing. */
function preflight(mock: Mock, asked: MockRequest, cors: CorsPolicy): Answer | undefined {
  const wished = parsePreflight(asked.method, asked.field)
  if (wished === undefined || !isAllowedOrigin(cors, wished.origin)) return undefined
  const methods = mock.routes.match(asked.path) === undefined ? ['GET', 'HEAD'] : allowed(mock, asked)
  const vary = 'access-control-request-method, access-control-request-headers'
  return { status: 204, fields: { ...preflightFields(cors, wished, methods), vary }, body: undefined }
}

function allowed(mock: Mock, asked: MockRequest): readonly string[] {
  const answered = answerMock(mock, { ...asked, method: 'OPTIONS' })
  return 'kind' in answered ? [] : String(answered.fields.allow ?? '').split(', ')
}

function ownPage(mock: Mock, path: string, origin: string): Answer | undefined {
  if (path === '/openapi.json') return json('application/openapi+json', mock.documents.all.get(mock.documents.root))
  if (path === '/') return json('application/json', entry(mock, origin))
  const code = /^\/problems\/([a-z-]+)$/.exec(path)?.[1]
  const kind = code === undefined ? undefined : problemKinds.get(code)
  return kind && json('application/json', problemDocument(kind, { url: origin, path: '' }))
}

/** What there is, for who comes without a path. */
const entry = ({ title, routes }: Mock, origin: string) => ({
  title,
  description: 'A mock: answers are examples. Prefer: code=404, example=NAME or dynamic=true choose others.',
  document: `${origin}/openapi.json`,
  paths: Object.fromEntries(routes.all.map(({ template, operations }) => [template, [...operations.keys()]])),
})

function json(type: string, value: unknown): Answer {
  const body = Buffer.from(JSON.stringify(value))
  return {
    status: 200,
    fields: { 'content-type': type, 'content-length': String(body.length), 'cache-control': 'no-cache' },
    body,
  }
}

const originOf = (request: FastifyRequest): string => {
  const origin = `${request.protocol}://${request.host}`
  return URL.canParse(origin) ? origin : ''
}

const sendWith =
  (cors: CorsPolicy | undefined) =>
  (request: FastifyRequest, reply: FastifyReply, given: Answer | Refused): FastifyReply => {
    const { status, fields, body } = 'kind' in given ? refusedAnswer(request, given) : given
    reply.code(status).headers(fields)
    if (cors !== undefined) {
      reply.headers(corsFields(cors, request.headers.origin))
      if (!cors.origins.includes('*')) reply.header('vary', [fields.vary, 'origin'].filter(Boolean).join(', '))
    }
    return request.method === 'HEAD' || body === undefined ? reply.send() : reply.send(body as Uint8Array)
  }

const refusedAnswer = (request: FastifyRequest, refused: Refused): Answer =>
  problemAnswer(refused, {
    kind: problemKinds.get(refused.code) as ProblemKind,
    base: originOf(request),
    instance: (request.raw.url ?? '/').split('?', 1)[0] ?? '/',
    accept: request.headers.accept,
    acceptLanguage: request.headers['accept-language'],
  })
