// An API on its own: a server around the plugin, with the bounds a server on the open network needs.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import type { Logger } from 'pino'
import type { Api } from '../define/api.ts'
import { majorOf } from '../define/names.ts'
import type { Mode } from '../limits/mode.ts'
import { type Operation, operation } from '../limits/operation.ts'
import type { Mock } from '../sources/openapi/mock.ts'
import { answerBadTarget, answerClientError, answerConnect } from './client-errors.ts'
import { holdBackContinue } from './expectation.ts'
import { mostFields } from './message.ts'
import { type ComityOptions, comity } from './plugin.ts'
import { type ProxyOptions, trustProxyOf } from './proxies.ts'
import { originForm } from './request-target.ts'
import { type ServerBounds, secureServer, type TlsOptions } from './secure.ts'

export type ServeOptions = ComityOptions &
  ProxyOptions & {
    /** 3000 by default; 0 takes any free one. */
    readonly port?: number
    /** 127.0.0.1 by default: this machine only. */
    readonly host?: string
    /** Milliseconds for the fields of a request to arrive (408); 10,000 by default. */
    readonly headersTimeout?: number
    /** Milliseconds for a whole request to arrive, an import too (408); 600,000 by default. */
    readonly requestTimeout?: number
    /** Milliseconds in-flight requests get to finish when the server closes; 10,000 by default. */
    readonly drainTimeout?: number
    /** Called with the app before the API is in it: for hooks and plugins around all of its answers. */
    readonly around?: (app: FastifyInstance) => void | Promise<void>
    /** Milliseconds for which a connection is kept without a request; 72,000 by default. */
    readonly keepAliveTimeout?: number
    /** Milliseconds without a byte in either direction, after which a connection is cut; 120,000 by default. */
    readonly idleTimeout?: number
    /** The mode to begin in; `setMode` changes it. */
    readonly mode?: Mode
    /** HTTPS, and HTTP/2; plain HTTP to the same port is told so. Without it the server speaks HTTP/1.1 without TLS. */
    readonly tls?: TlsOptions
  }

export type Serving = Operation & {
  /** Where it listens: `http://127.0.0.1:3000`. */
  readonly url: string
  /** Stops accepting, lets in-flight requests finish, closes the database. */
  readonly close: () => Promise<void>
}

/** Most bytes of a request's line and fields (431). */
const mostFieldBytes = 16_384

/** Serve an API. Rejects when the port is taken or the database cannot be opened. */
export async function serve(api: Api | Mock, options: ServeOptions = {}): Promise<Serving> {
  const { port = 3000, host = '127.0.0.1' } = options
  const desk = options.operation ?? operation(options.mode)
  const app = await appFor(
    api,
    { ...options, operation: desk },
    options.tls &&
      (handle => serverFor(api, options, handle as (request: IncomingMessage, response: ServerResponse) => void)),
  )
  guard(app.server, api)
  try {
    await app.listen({ port, host })
  } catch (error) {
    await app.close()
    throw error
  }
  const { mode, setMode, block, unblock, blocked } = desk
  return {
    mode,
    setMode,
    block,
    unblock,
    blocked,
    url: urlOf(app.server, options, port),
    close: () => drain(app.server, () => app.close(), options.drainTimeout ?? 10_000),
  }
}

/** What a server is made with, besides what answers. */
export const serverOptions = ({ headersTimeout = 10_000 }: ServeOptions) => ({
  maxHeaderSize: mostFieldBytes,
  headersTimeout,
  connectionsCheckingInterval: 1_000,
  // A request without Host is refused with a problem, by the gates.
  requireHostHeader: false,
})

/** Milliseconds for a whole request to arrive. */
export const wholeTimeout = ({ requestTimeout = 600_000 }: ServeOptions): number => requestTimeout

/** Milliseconds for which a connection is kept without a request, and without a byte. */
export const keptFor = ({ keepAliveTimeout = 72_000 }: ServeOptions): number => keepAliveTimeout
export const idleFor = ({ idleTimeout = 120_000 }: ServeOptions): number => idleTimeout

/** What every answer of the server says, of what is no request too. */
export const saidBy = (api: Api | Mock): Readonly<Record<string, string>> =>
  api.kind === 'mock' ? {} : { 'api-version': majorOf(api.model.version) }

/** The API in an app that does not listen yet; on a server of its own, unless another is to be made for it. */
export async function appFor(
  api: Api | Mock,
  options: ServeOptions,
  serverFactory?: FastifyServerOptions['serverFactory'],
): Promise<FastifyInstance> {
  const said = saidBy(api)
  const app = Fastify({
    logger: false,
    requestTimeout: wholeTimeout(options),
    keepAliveTimeout: keptFor(options),
    connectionTimeout: idleFor(options),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    trustProxy: trustProxyOf(options),
    clientErrorHandler: (error, socket) => answerClientError(said, error, socket),
    http: serverOptions(options),
    rewriteUrl: originForm,
    frameworkErrors: (_error, request, reply) => answerBadTarget(said, request, reply),
    ...(serverFactory && { serverFactory }),
  })
  try {
    await options.around?.(app)
    const told = { onError: logError, ...options }
    // What mocks need is loaded for mocks.
    const plugin = api.kind === 'mock' ? (await import('./mock.ts')).mocked(api, told) : comity(api, told)
    await app.register(plugin)
    return app
  } catch (error) {
    await app.close()
    throw error
  }
}

/** What a server does by itself, before a request is one. */
export function guard(server: Server, api: Api | Mock): void {
  // One more, so that too many are noticed (431): what is beyond is not given to anybody.
  server.maxHeadersCount = mostFields + 1
  holdBackContinue(server)
  server.on('connect', (_request, socket) => answerConnect(saidBy(api), socket))
}

export function urlOf(server: Server, { tls, host = '127.0.0.1' }: ServeOptions, port: number): string {
  const address = server.address()
  const bound = typeof address === 'object' && address ? address.port : port
  return `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${bound}`
}

/** A server on which `handle` answers: of TLS where the options have certificates. */
export function serverFor(
  api: Api | Mock,
  options: ServeOptions,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const bounds: ServerBounds = { ...serverOptions(options), requestTimeout: wholeTimeout(options) }
  return options.tls
    ? secureServer(options.tls, bounds, saidBy(api), handle).setTimeout(idleFor(options))
    : createServer({ ...bounds, keepAliveTimeout: keptFor(options) }, handle)
}

/** A line of JSON on standard error. The logger is loaded when there is something to log. */
async function logError(error: unknown, id: string): Promise<void> {
  const { pino } = await import('pino')
  logger ??= pino({ level: 'warn' }, pino.destination({ dest: 2, sync: true }))
  logger.error({ err: error, id }, 'a request failed inside the server')
}

let logger: Logger | undefined

/** A connection whose last answer is sent is idle, and closed; what has not ended in time is cut. */
export async function drain(server: Server, close: () => Promise<unknown>, timeout: number): Promise<void> {
  const idle = setInterval(() => server.closeIdleConnections(), 20)
  const late = setTimeout(() => server.closeAllConnections(), timeout)
  try {
    await close()
  } finally {
    clearInterval(idle)
    clearTimeout(late)
  }
}
