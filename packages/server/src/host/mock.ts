// A mock behind Fastify: what the document leaves open (its own address, the pages of problems) is answered here.
import { type ProblemKind, problemKinds } from '@comity/http'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
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
}

/** Largest content, in bytes. */
const mostContent = 1_048_576

/** `app.register(mocked(mock))` */
export function mocked(mock: Mock, options: MockOptions = {}): FastifyPluginAsync {
  const { now = Date.now, onError } = options
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
      handler: (request, reply) => send(request, reply, answer(mock, request, now())),
    })
  }
}

const refusal = (code: string, detail: string): Refused => ({ kind: 'refused', code, detail })

function answer(mock: Mock, request: FastifyRequest, now: number): Answer | Refused {
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
  const isRead = asked.method === 'GET' || asked.method === 'HEAD'
  const own = isRead && mock.routes.match(path) === undefined ? ownPage(mock, path, originOf(request)) : undefined
  return own ?? answerMock(mock, asked)
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

function send(request: FastifyRequest, reply: FastifyReply, given: Answer | Refused): FastifyReply {
  const { status, fields, body } = 'kind' in given ? refusedAnswer(request, given) : given
  reply.code(status).headers(fields)
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
