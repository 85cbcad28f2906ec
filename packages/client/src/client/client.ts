// The client: methods in, calls out.
import type { Fields } from '@comity/http'
import { ComityError } from '../errors.ts'
import type { Outgoing } from '../exchange/request.ts'
import type { Incoming } from '../exchange/response.ts'
import { type Base, originOf, parseBase, segment, shownUrl, targetUrl } from '../exchange/target.ts'
import type { Downloaded, DownloadOptions, Uploaded, UploadOptions } from '../exchange/transfers.ts'
import type { Platform, Transport } from '../exchange/transport.ts'
import type { HarOptions, HarRecording } from '../har/har.ts'
import type { Clock, TraceNote } from '../layers/call.ts'
import type { Send } from '../layers/layer.ts'
import { type RecordLayer, record } from '../layers/record.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { Pages, type PagesOptions } from '../paging/pages.ts'
import { machineClock } from './clock.ts'
import { acceptFor, checkNames, mergedFields, mergedParams } from './fields.ts'
import type { ClientOptions, RequestOptions } from './options.ts'
import { askedFor, noOptions, outgoingOf } from './outgoing.ts'
import { PendingResponse, type Wanted } from './pending.ts'
import { refusalOf } from './refusal.ts'
import { resourceCalls, resourceNames } from './resources.ts'
import { type Asked, HttpResponse, type ReadLimits } from './response.ts'
import { RunningCall } from './running-call.ts'
import { layerOptions, metricsFor, sendThrough } from './standard-layers.ts'
import { askThrough, askUploadThrough, filesOf, plainOf } from './transfers.ts'
import type { LooseCalls } from './typed.ts'
import type { Change, UpdateOptions } from './update.ts'

/** What a listener of `call` is told, when the head of a response is here or the call has failed. */
export type CallEvent = {
  readonly request: Asked
  readonly response: HttpResponse | undefined
  readonly error: unknown
  readonly trace: readonly TraceNote[]
  readonly ms: number
}

export class Client {
  readonly #options: ClientOptions
  readonly #platform: Platform
  readonly #transport: Transport
  readonly #send: Send
  readonly #metrics: Metrics | undefined
  readonly #record: RecordLayer
  readonly #base: Base | undefined
  readonly #fields: Fields
  readonly #clock: Clock
  readonly #limits: ReadLimits
  readonly #resources = new Map<string, LooseCalls>()
  readonly #listeners = new Set<(event: CallEvent) => void>()

  constructor(
    options: ClientOptions,
    platform: Platform,
    shared?: {
      readonly transport: Transport
      readonly send?: Send
      readonly metrics?: Metrics | undefined
      readonly record?: RecordLayer
    },
  ) {
    checkNames(options)
    const { baseUrl, limits, transport = {} } = options
    this.#options = options
    this.#platform = platform
    this.#base = baseUrl === undefined ? undefined : parseBase(baseUrl)
    this.#clock = options.clock ?? machineClock
    this.#limits = { content: limits?.content ?? 2 ** 28, problem: limits?.problem ?? 2 ** 16 }
    this.#fields = mergedFields({ accept: askedFor(options) ?? acceptFor(undefined) }, options.fields)
    this.#transport = shared?.transport ?? ('send' in transport ? transport : platform.transport(transport))
    this.#metrics = shared !== undefined && 'metrics' in shared ? shared.metrics : metricsFor(options, platform)
    this.#record = shared?.record ?? record()
    this.#send = shared?.send ?? sendThrough(this.#transport.send, options, platform, this.#metrics, this.#record)
  }

  get<T = unknown>(target: string, options?: RequestOptions): PendingResponse<T> {
    return this.request('GET', target, options)
  }

  head<T = unknown>(target: string, options?: RequestOptions): PendingResponse<T> {
    return this.request('HEAD', target, options)
  }

  post<T = unknown>(target: string, options?: RequestOptions): PendingResponse<T> {
    return this.request('POST', target, options)
  }

  put<T = unknown>(target: string, options?: RequestOptions): PendingResponse<T> {
    return this.request('PUT', target, options)
  }

  patch<T = unknown>(target: string, options?: RequestOptions): PendingResponse<T> {
    return this.request('PATCH', target, options)
  }

  delete<T = unknown>(target: string, options?: RequestOptions): PendingResponse<T> {
    return this.request('DELETE', target, options)
  }

  /** RFC 10008: a safe method with content. */
  query<T = unknown>(target: string, options?: RequestOptions): PendingResponse<T> {
    return this.request('QUERY', target, options)
  }

  options<T = unknown>(target: string, options?: RequestOptions): PendingResponse<T> {
    return this.request('OPTIONS', target, options)
  }

  /**
   * Reads, lets `change` alter what was read, and writes what differs under If-Match; where somebody else wrote meanwhile,
   * reads again and applies it to that. See `UpdateOptions`.
   */
  async update<Item = Record<string, unknown>>(
    target: string,
    change: Change<Item>,
    options?: UpdateOptions<Item>,
  ): Promise<Item> {
    const { update } = await import('./update.ts')
    return update(this, target, change, options)
  }

  /** The items of a list that comes in pages: `for await (const item of client.pages('/accounts'))`. */
  pages<Item = unknown>(target: string, options?: PagesOptions<Item>): Pages<Item> {
    return new Pages(this, target, options, () => originOf(targetUrl(this.#base, target, options?.path)))
  }

  /**
   * What its calls have been, by origin and route; extended clients count together with it.
   * @throws TypeError where nothing is counted
   */
  get metrics(): Metrics {
    if (this.#metrics === undefined) throw new TypeError('this client counts nothing: give it metrics: new Metrics()')
    return this.#metrics
  }

  /**
   * Records what it sends and receives from now on, as HTTP archive (HAR 1.2); credentials are left out unless told.
   * `JSON.stringify` of it is the archive. Extended clients are recorded too.
   */
  async har(options?: HarOptions): Promise<HarRecording> {
    const { HarRecording } = await import('../har/har.ts')
    return new HarRecording(this.#record.recorders, options)
  }

  /** The clock of its calls. */
  get clock(): Clock {
    return this.#clock
  }

  /**
   * Any method. Rejects with TypeError for what cannot be sent, and with a ComityError for what went wrong.
   * The request is sent at the end of this turn, awaited or not.
   */
  request<T = unknown>(method: string, target: string, options: RequestOptions = noOptions): PendingResponse<T> {
    return new PendingResponse<T>(wanted => this.#begin<T>(method, target, options, wanted))
  }

  /** As `globalThis.fetch`, with all that this client does by itself; may be passed on without its client. */
  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    // Made at once: what was given may change while the code is loaded.
    const request = new Request(typeof input === 'string' ? targetUrl(this.#base, input) : input, init)
    const { fetchThrough } = await import('./fetch.ts')
    return fetchThrough(this, request, init)
  }

  /** The calls of a resource by its name; `client.accounts` is `client.resource('accounts')`. */
  resource(name: string): LooseCalls {
    const known = this.#resources.get(name)
    if (known !== undefined) return known
    const calls = resourceCalls(this, `/${segment(name)}`) as LooseCalls
    this.#resources.set(name, calls)
    return calls
  }

  /**
   * A content into a file, or into a folder under the name that the server gives it. What broke off is gone on with, also
   * in a later run; several connections share the work while that pays. Node only.
   * @throws NetworkError, HttpError; TransferError where the content, the disk or the digest is at fault
   */
  async download(target: string, path: string, options: DownloadOptions = {}): Promise<Downloaded> {
    const { url } = this.#outgoing('GET', target, plainOf(options), { accept: undefined, reading: 'pieces' })
    const files = await filesOf(this.#platform)
    return files.download(askThrough(this, 'GET', target, options), this.#clock, url, path, options)
  }

  /**
   * A file, or a Blob, to a target. Where the server speaks resumable uploads, what broke off is gone on with, also in a
   * later run; elsewhere it is sent again as a whole. Node only.
   * @throws NetworkError, HttpError; TransferError where the file is at fault
   */
  async upload(target: string, source: string | Blob, options: UploadOptions = {}): Promise<Uploaded> {
    const { url } = this.#outgoing('PUT', target, plainOf(options), { accept: undefined, reading: 'pieces' })
    const files = await filesOf(this.#platform)
    return files.upload(askUploadThrough(this, target, options), this.#clock, url, source, options)
  }

  /** Another client with these options over those of this one; connections are shared, and so is what layers know. */
  extend(options: Omit<ClientOptions, 'transport'>): Client {
    const all: ClientOptions = {
      ...this.#options,
      ...options,
      fields: { ...this.#options.fields, ...options.fields },
      limits: { ...this.#options.limits, ...options.limits },
      ...mergedParams(this.#options.params, options.params),
    }
    const rebuilt = layerOptions.some(name => name in options)
    return new Client(all, this.#platform, {
      transport: this.#transport,
      ...('metrics' in options ? {} : { metrics: this.#metrics }),
      record: this.#record,
      ...(rebuilt ? {} : { send: this.#send }),
    })
  }

  /** Tells of each call; returns what stops it. */
  on(_event: 'call', listener: (event: CallEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Waits for what is under way, then lets go of the connections; those of extended clients too. */
  close(): Promise<void> {
    return this.#transport.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  [Symbol.dispose](): void {
    void this.#transport.destroy()
  }

  #begin<T>(method: string, target: string, options: RequestOptions, wanted: Wanted): Promise<HttpResponse<T>> {
    const request = this.#outgoing(method, target, options, wanted)
    const own = this.#options
    const call = new RunningCall({
      clock: this.#clock,
      deadline: options.deadline ?? own.deadline,
      timeout: options.timeout ?? own.timeout,
      signal: options.signal,
      reading: wanted.reading,
      onInterim: options.onInterim ?? own.onInterim,
      options,
      what: () => `${method} ${shownUrl(request.url)}`,
    })
    const throws = options.throwOnError ?? own.throwOnError ?? true
    return this.#send(request, call).then(
      incoming => this.#received<T>(request, incoming, call, throws),
      error => this.#failed(request, error, call),
    )
  }

  #outgoing(method: string, target: string, options: RequestOptions, wanted: Wanted): Outgoing {
    return outgoingOf(
      { options: this.#options, base: this.#base, fields: this.#fields },
      method,
      target,
      options,
      wanted,
    )
  }

  #received<T>(
    request: Outgoing,
    incoming: Incoming,
    call: RunningCall,
    throws: boolean,
  ): HttpResponse<T> | Promise<HttpResponse<T>> {
    const response = new HttpResponse<T>(incoming, call, request, this.#limits)
    if (incoming.status >= 400 || (throws && incoming.notFollowed !== undefined))
      return this.#refused(request, response, incoming, call, throws)
    if (this.#listeners.size > 0) this.#tell(request, response, undefined, call)
    return response
  }

  async #refused<T>(
    request: Outgoing,
    response: HttpResponse<T>,
    incoming: Incoming,
    call: RunningCall,
    throws: boolean,
  ): Promise<HttpResponse<T>> {
    await response.keep(throws)
    if (!throws) {
      if (this.#listeners.size > 0) this.#tell(request, response, undefined, call)
      return response
    }
    return this.#failed(request, refusalOf(request, response as HttpResponse, incoming.notFollowed), call, response)
  }

  #failed(request: Outgoing, error: unknown, call: RunningCall, response?: HttpResponse<never>): never {
    call.end()
    if (error instanceof ComityError) error.trace = call.trace
    if (this.#listeners.size > 0) this.#tell(request, response, error, call)
    throw error
  }

  #tell(request: Outgoing, response: HttpResponse<never> | undefined, error: unknown, call: RunningCall): void {
    const { method, url } = request
    const event: CallEvent = {
      request: { method, url },
      response,
      error,
      trace: call.trace,
      ms: this.#clock.now() - call.begun,
    }
    for (const listener of this.#listeners) listener(event)
  }
}

// What a client does not have is asked for last of all: its own methods cost nothing by it.
Object.setPrototypeOf(
  Client.prototype,
  resourceNames(Object.prototype, (name, client) => (client instanceof Client ? client.resource(name) : undefined)),
)
