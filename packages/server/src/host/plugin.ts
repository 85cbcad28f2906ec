// The API as a Fastify plugin, beside one's own routes and plugins.

import { METHODS } from 'node:http'
import { Server as TlsServer } from 'node:tls'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { v7 as uuidv7 } from 'uuid'
import type { Api } from '../define/api.ts'
import { type CorsDefinition, checkCors, corsPolicyOf } from '../define/cors.ts'
import { DefinitionError } from '../define/definition-error.ts'
import { codingChooser } from '../exchange/coding/choice.ts'
import { historyOf } from '../exchange/history.ts'
import type { Runtime } from '../exchange/runtime.ts'
import { sitesOf } from '../exchange/site.ts'
import { tablesOf } from '../exchange/tables.ts'
import { targetsOf } from '../exchange/targets.ts'
import type { Trace } from '../exchange/trace.ts'
import { tracesOf } from '../exchange/traces.ts'
import { runnerOf } from '../jobs/runner.ts'
import { openBlocks } from '../limits/blocked.ts'
import { openLimits } from '../limits/limits.ts'
import { defaultBounds, type LoadBounds, loadOf } from '../limits/load.ts'
import { type Operation, type OperationAtWork, operation } from '../limits/operation.ts'
import type { ApiModel } from '../model/model.ts'
import type { OpenedStore } from '../sources/source.ts'
import { after } from '../store/store.ts'
import { accessOf, unlogged } from './access.ts'
import { openContents, openDatabase } from './database.ts'
import { handlerOf } from './handler.ts'
import type { Mount } from './incoming.ts'
import { type ProxyOptions, proxiesOf } from './proxies.ts'
import { keepPruning } from './pruner.ts'
import { rootOf } from './root.ts'
import { securityFieldsOf } from './security-fields.ts'
import { roomOf } from './spool.ts'

export type ComityOptions = Pick<ProxyOptions, 'forwarded'> & {
  /** `sqlite:PATH` or `sqlite::memory:` (the default). */
  readonly database?: string
  /** Opens the store of the items where it is none of those; see `Source`. */
  readonly store?: (model: ApiModel) => Promise<OpenedStore>
  /**
   * Directory of the bytes of files. Beside the database when not given (`bank.sqlite-files`), and temporary where that
   * is in memory.
   */
  readonly files?: string
  /** Hosts answered for, with or without port; others get 421. All, when not given. */
  readonly hosts?: readonly string[]
  /** Scheme, authority and path that clients see, where a proxy hides them: `https://api.example.org/bank`. */
  readonly publicUrl?: string
  /** Whether X-Forwarded-Prefix is believed; only behind a proxy that sets or removes it. */
  readonly forwardedPrefix?: 'trusted' | 'ignored'
  /** Receives the way of each request through the gates. Costs nothing when not given. */
  readonly trace?: (trace: Trace) => void
  /**
   * How many of the latest ways are kept and shown at `/traces`, each to its caller; every answer names its own in `X-Trace`.
   * None by default: for development, and for `comity explain`.
   */
  readonly traces?: number
  /** Receives what failed inside the server, with the id the client was told; the host's log by default. */
  readonly onError?: (error: unknown, id: string) => void
  /** Milliseconds that running jobs get to finish when the server closes; 5,000 by default. */
  readonly jobGrace?: number
  /** Milliseconds between the times at which expired keys and old tombstones are forgotten; 60,000 by default. */
  readonly pruneInterval?: number
  /** Whether reads of items and lists tell in Cache-Status (RFC 9211) what the cache of representations had. */
  readonly cacheStatus?: 'sent' | 'left-out'
  /** Milliseconds for which the bytes of a file that is no more are kept; 3,600,000 (an hour) by default. */
  readonly fileGrace?: number
  /**
   * A client of Redis or Valkey (`ioredis`, `iovalkey` or `redis`) that counts for the rates of several processes together;
   * each counts for itself where there is none, and while it does not answer.
   */
  readonly counters?: object
  /** How much is taken at once, beyond which some requests are 503 at once; see docs/limits.md. `unbounded`: anything. */
  readonly load?: Partial<LoadBounds> | 'unbounded'
  /** Whose pages may call the API from a browser, instead of what the definition says. */
  readonly cors?: CorsDefinition
  /** Content-Security-Policy, Referrer-Policy and the like in every answer; `left-out` where the host has them already. */
  readonly securityFields?: 'sent' | 'left-out'
  /** By which the operator puts the server into maintenance or read-only mode, and blocks what may not be shown. */
  readonly operation?: Operation
  /** What the server is called in Via, by which it knows its own requests (508); a name of its own by default. */
  readonly pseudonym?: string
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

/** `app.register(comity(api), { prefix: '/bank' })` */
export function comity(api: Api, options: ComityOptions = {}): FastifyPluginAsync {
  return async app => {
    const runtime = await openRuntime(api, options, app)
    const stopPruning = keepPruning(runtime, options.pruneInterval ?? 60_000, options.fileGrace ?? 3_600_000)
    app.addHook('preClose', () => stopPruning())
    const mount = mountOf(runtime, options, app.prefix)
    const { load = {}, trace } = options
    const bounds = load === 'unbounded' ? undefined : loadOf({ ...defaultBounds, ...load })
    const answer = handlerOf(runtime, mount, bounds, trace)
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
      app.route({ method, url, exposeHeadRoute: false, handler: answer, ...unlogged(mount) })
  }
}

async function openRuntime(api: Api, options: ComityOptions, app: FastifyInstance): Promise<Runtime> {
  const { model } = api
  const { database = 'sqlite::memory:', hosts, now = Date.now } = options
  const onError =
    options.onError ?? ((error, id) => app.log.error({ err: error, id }, 'a request failed inside the server'))
  const store = await (options.store?.(model) ?? openDatabase(database, model))
  const contents = openContents(model, database, options.files)
  const runner = runnerOf(() => runtime)
  app.addHook('onReady', async () => runner.open())
  app.addHook('onClose', async () => {
    await runner.close(options.jobGrace ?? 5_000)
    await store.close()
    contents?.close()
  })
  const access = await accessOf(api, store, now)
  const { seed } = api.definition
  if (store.fresh && seed && (await store.record(...seeded)) === undefined)
    await store.write(tx =>
      after(
        seed(tablesOf({ model, newId: uuidv7, caller: undefined }, tx) as never, access.credentialsWithin(tx)),
        () => tx.putRecord(...seeded, { value: {} }),
      ),
    )
  const schemes = await access.open(error => onError(error, uuidv7()), rootOf(app, options.publicUrl))
  app.addHook('onClose', async () => {
    for (const scheme of schemes) await scheme.close?.()
  })
  const limits = await openLimits(api.definition.rates, {
    store,
    now,
    report: error => onError(error, uuidv7()),
    client: options.counters,
  })
  app.addHook('onClose', async () => limits?.close())
  let draining = false
  app.addHook('preClose', async () => {
    draining = true
    runner.drain()
  })
  const targets = targetsOf(model)
  const desk = (options.operation ?? operation()) as OperationAtWork
  const blocks = await openBlocks(store, url => targets.of(url, undefined))
  desk.attach(blocks)
  const runtime: Runtime = {
    model,
    store,
    contents,
    now,
    newId: uuidv7,
    targetOf: targets.of,
    targetSeen: targets.seen,
    codings: { compressible: codingChooser(model.compression.codings), never: codingChooser([]) },
    keep: targets.keep,
    isKept: targets.isKept,
    history: historyOf(model.limits.history),
    cacheStatus: options.cacheStatus ?? 'left-out',
    hosts: hosts && new Set(hosts.map(host => host.toLowerCase())),
    isDraining: () => draining,
    schemes,
    limits,
    sites: sitesOf(schemes),
    cors: corsOf(options.cors ?? api.definition.cors),
    securityFields: securityOf(api, options, app.server),
    mode: desk.mode,
    blocks,
    pseudonym: options.pseudonym ?? `comity-${uuidv7().slice(-12)}`,
    running: new Map(),
    jobs: runner.jobs,
    traces: options.traces ? tracesOf(options.traces) : undefined,
    pageAnswer: pagesOnDemand(model),
    report: onError,
    problem(code) {
      const kind = model.problems.get(code)
      if (!kind) throw new TypeError(`the problem registry has no row “${code}”`)
      return kind
    },
  }
  return runtime
}

/** A seed may make accounts and no items, so that the items do not tell that it was run. */
const seeded = ['setting', 'seeded'] as const

/** @throws DefinitionError */
function corsOf(definition: CorsDefinition | undefined) {
  const faults = checkCors(definition)
  if (faults.length > 0) throw new DefinitionError(faults)
  return definition && corsPolicyOf(definition)
}

/** `server`: what the API is answered by, which may speak TLS itself. */
function securityOf(
  { definition }: Api,
  { cors = definition.cors, securityFields, publicUrl }: ComityOptions,
  server: FastifyInstance['server'],
) {
  if (securityFields === 'left-out') return undefined
  const isSecure = publicUrl === undefined ? server instanceof TlsServer : publicUrl.startsWith('https:')
  const scheme = isSecure ? 'https' : 'http'
  const documents = securityFieldsOf(scheme, cors === undefined ? 'same-origin' : 'cross-origin')
  // Of what is no document: it leads nowhere, and its policy says already that nobody may frame it.
  const { 'referrer-policy': _, 'x-frame-options': __, ...answers } = documents
  const { 'content-security-policy': ___, ...files } = documents
  return { documents, answers, files }
}

/** Largest imports that there is room for at one moment. */
const contentsInFiles = 4

/** Most processes are asked for no page; those that are load what writes them then. */
function pagesOnDemand(model: ApiModel): Runtime['pageAnswer'] {
  let pages: Promise<Runtime['pageAnswer']> | undefined
  return async x => {
    pages ??= import('../pages/pages.ts').then(({ pagesOf }) => pagesOf(model))
    return (await pages)(x)
  }
}

function mountOf(
  { model, schemes }: Runtime,
  { publicUrl, forwardedPrefix, ...proxies }: ComityOptions & ProxyOptions,
  prefix: string,
): Mount {
  return {
    prefix,
    publicUrl: publicUrl === undefined ? undefined : new URL(publicUrl),
    forwardedPrefix: forwardedPrefix ?? 'ignored',
    ...proxiesOf(proxies),
    room: roomOf(contentsInFiles * model.limits.import),
    queryKeys: schemes.find(({ queryKeys }) => queryKeys)?.queryKeys,
  }
}
