// The API as a Fastify plugin, beside one's own routes and plugins.
import { METHODS } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { v7 as uuidv7 } from 'uuid'
import type { Api } from '../define/api.ts'
import type { Answer } from '../exchange/answer.ts'
import { Exchange, type Incoming, type Runtime } from '../exchange/exchange.ts'
import { run } from '../exchange/run.ts'
import { tablesOf } from '../exchange/tables.ts'
import { targetsOf } from '../exchange/targets.ts'
import type { Trace } from '../exchange/trace.ts'
import type { ApiModel } from '../model/model.ts'
import { readContent } from './content.ts'
import { openDatabase } from './database.ts'
import { answerExpectation, isStillComing } from './expectation.ts'
import { lingering } from './lingering.ts'
import { faultOfMessage } from './message.ts'
import { inTurn } from './turns.ts'

export type ComityOptions = {
  /** `sqlite:PATH` or `sqlite::memory:` (the default). */
  readonly database?: string
  /** Hosts answered for, with or without port; others get 421. All, when not given. */
  readonly hosts?: readonly string[]
  /** Scheme, authority and path that clients see, where a proxy hides them: `https://api.example.org/bank`. */
  readonly publicUrl?: string
  /** Whether X-Forwarded-Prefix is believed; only behind a proxy that sets or removes it. */
  readonly forwardedPrefix?: 'trusted' | 'ignored'
  /** Receives the way of each request through the gates. Costs nothing when not given. */
  readonly trace?: (trace: Trace) => void
  /** Receives what failed inside the server, with the id the client was told; the host's log by default. */
  readonly onError?: (error: unknown, id: string) => void
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

/** `app.register(comity(api), { prefix: '/bank' })` */
export function comity(api: Api, options: ComityOptions = {}): FastifyPluginAsync {
  return async app => {
    const runtime = await openRuntime(api, options, app)
    const answer = handlerOf(runtime, options, app.prefix)
    // Contents are read by the exchange, once its gates have let the request that far.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, _payload, done) => done(null))
    app.setErrorHandler((error: { code?: string }, request, reply) => {
      if (error.code?.startsWith('FST_ERR_CTP') || error.code === 'FST_ERR_ROUTE_MISSING_CONTENT_TYPE')
        return answer(request, reply)
      throw error
    })
    for (const method of METHODS)
      if (method !== 'CONNECT' && !app.supportedMethods.includes(method)) app.addHttpMethod(method, { hasBody: true })
    const method = METHODS.filter(name => name !== 'CONNECT')
    for (const url of app.prefix === '' ? ['/*'] : ['/', '/*'])
      app.route({ method, url, exposeHeadRoute: false, handler: answer })
  }
}

async function openRuntime({ model }: Api, options: ComityOptions, app: FastifyInstance): Promise<Runtime> {
  const { database = 'sqlite::memory:', hosts, now = Date.now } = options
  const onError =
    options.onError ?? ((error, id) => app.log.error({ err: error, id }, 'a request failed inside the server'))
  const store = await openDatabase(database, model)
  app.addHook('onClose', async () => store.close())
  const { seed } = model
  if (store.fresh && seed) await store.write(tx => seed(tablesOf(model, tx, uuidv7) as never))
  let draining = false
  app.addHook('preClose', async () => {
    draining = true
  })
  const targets = targetsOf(model)
  return {
    model,
    store,
    now,
    newId: uuidv7,
    targetOf: targets.of,
    keep: targets.keep,
    hosts: hosts && new Set(hosts.map(host => host.toLowerCase())),
    isDraining: () => draining,
    pageAnswer: pagesOnDemand(model),
    report: onError,
    problem(code) {
      const kind = model.problems.get(code)
      if (!kind) throw new TypeError(`the problem registry has no row “${code}”`)
      return kind
    },
  }
}

/** Most processes are asked for no page; those that are load what writes them then. */
function pagesOnDemand(model: ApiModel): Runtime['pageAnswer'] {
  let pages: Promise<Runtime['pageAnswer']> | undefined
  return async x => {
    pages ??= import('../pages/pages.ts').then(({ pagesOf }) => pagesOf(model))
    return (await pages)(x)
  }
}

function handlerOf(runtime: Runtime, options: ComityOptions, prefix: string) {
  const { trace } = options
  const publicUrl = options.publicUrl === undefined ? undefined : new URL(options.publicUrl)
  const publicPath = publicUrl?.pathname.replace(/\/$/, '')
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply | Promise<FastifyReply> => {
    const { raw } = request
    const url = raw.url ?? '/'
    const forwarded = options.forwardedPrefix === 'trusted' ? prefixField(raw.headers['x-forwarded-prefix']) : undefined
    const incoming: Incoming = {
      method: raw.method ?? 'GET',
      url: prefix === '' ? url : url.slice(prefix.length) || '/',
      fields: raw.headers,
      fault: () => faultOfMessage(raw),
      prefix: () => (forwarded === undefined ? (publicPath ?? prefix) : forwarded + prefix),
      origin: () => publicUrl?.origin ?? (request.host ? `${request.protocol}://${request.host}` : ''),
      isForwarded: () => forwarded !== undefined,
      readContent(limit, timeout) {
        answerExpectation(raw, reply.raw)
        return readContent(raw, limit, timeout)
      },
      signal() {
        const gone = new AbortController()
        reply.raw.once('close', () => gone.abort())
        return gone.signal
      },
    }
    const x = new Exchange(runtime, incoming)
    if (trace) x.trace = []
    const answer = inTurn(raw, () => run(x))
    if (answer instanceof Promise) return answer.then(later => send(x, reply, later, trace))
    return send(x, reply, answer, trace)
  }
}

function send(
  x: Exchange,
  reply: FastifyReply,
  { status, fields, body }: Answer,
  trace: ComityOptions['trace'],
): FastifyReply {
  trace?.({ method: x.method, url: x.incoming.url, status, steps: x.trace ?? [] })
  reply.code(status).headers(fields)
  // RFC 9112 §9.6: a server that is closing says so in its last answer on each connection.
  if (x.runtime.isDraining()) reply.header('connection', 'close')
  const { raw } = reply.request
  if (body === undefined || x.method === 'HEAD') return reply.send()
  if (typeof body === 'string' || body instanceof Uint8Array) {
    if (fields.connection !== 'close' || !isStillComing(raw)) return reply.send(body)
    return reply.send(Readable.from(lingering(body, raw)))
  }
  // Two batches ahead of the reader at most; an error on the way cuts the response short, visibly.
  return reply.send(Readable.from(reported(x, body), { highWaterMark: 2 }))
}

/** The pieces of a body; what fails while they are made is on record, as nothing can be said of it any more. */
function reported({ runtime }: Exchange, body: AsyncIterable<string>): AsyncIterable<string> {
  const pieces = body[Symbol.asyncIterator]()
  // Not a generator: one that was never begun would not give back what `pieces` holds.
  const iterator: AsyncIterator<string> = {
    next: () =>
      pieces.next().catch((error: unknown) => {
        runtime.report(error, runtime.newId())
        throw error
      }),
    return: async () => (await pieces.return?.()) ?? { done: true, value: undefined },
  }
  return { [Symbol.asyncIterator]: () => iterator }
}

/** A path of our own making is all that may come of it. */
const prefixField = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' && /^(\/[A-Za-z0-9._~-]+)*\/?$/.test(value) ? value.replace(/\/$/, '') : undefined
