// One version of a content, fetched over one connection or several. A connection more is tried while it makes the whole
// faster; what breaks off is gone on with where it broke off.
import { fieldValue } from '@comity/http'
import type { HttpResponse } from '../../client/response.ts'
import { HttpError, NetworkError } from '../../errors.ts'
import type { Ask } from '../../exchange/transfers.ts'
import type { Clock } from '../../layers/call.ts'
import { Changed, fileError, Unpartable, waitAfter } from './failures.ts'
import { type AskedPart, judge } from './judge.ts'
import type { PartFile } from './part-file.ts'
import { type Piece, Pieces, type Span } from './pieces.ts'
import { pour } from './pour.ts'
import type { Meter } from './progress.ts'
import { isTold, rangeCondition, type Version, versionOf } from './version.ts'

export type TransferSettings = {
  readonly ask: Ask
  readonly clock: Clock
  readonly part: PartFile
  readonly meter: Meter
  /** Connections to begin with, and at most. */
  readonly begin: number
  readonly most: number
  /** Attempts in a row that bring nothing. */
  readonly attempts: number
  readonly signal: AbortSignal | undefined
  readonly target: string
}

/** What was begun before: by an earlier run, or by an answer that is here already. */
export type Beginning =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'notes'
      readonly version: Version
      readonly length: number | undefined
      readonly missing: readonly Span[]
    }
  | { readonly kind: 'answer'; readonly response: HttpResponse }

const least = 1024 * 1024
const tick = 250
const saveEvery = 8
const gain = 1.1
/** Ticks that are left at least. */
const worthwhile = 8

export class Transfer {
  readonly #settings: TransferSettings
  readonly #over = new AbortController()
  readonly #workers = new Set<Promise<void>>()
  readonly #links = new WeakMap<HttpResponse, () => void>()
  #pieces = new Pieces(undefined)
  #version: Version | undefined
  #ranges: 'perhaps' | 'yes' | 'no' = 'perhaps'
  #plainly = false
  #failures = 0
  #lies = 0
  #error: unknown
  #settled = false
  #beginning: Beginning
  requests = 0
  received = 0
  connections = 0
  /** The head of the answer that told what this is. */
  head: HttpResponse | undefined

  constructor(settings: TransferSettings, beginning: Beginning, parts: 'may' | 'never') {
    this.#settings = settings
    this.#beginning = beginning
    if (parts === 'never') this.#ranges = 'no'
    if (beginning.kind === 'notes') {
      this.#version = beginning.version
      this.#pieces = new Pieces(beginning.length, beginning.missing)
    }
  }

  get length(): number {
    return this.#pieces.length ?? 0
  }

  /** @throws Changed, Unpartable, NetworkError, HttpError, TransferError */
  async run(): Promise<void> {
    const { signal, meter } = this.#settings
    const aborted = () => new NetworkError('aborted', 'receive', 'the transfer was aborted by its caller')
    const stop = () => this.#fail(aborted())
    signal?.addEventListener('abort', stop, { once: true })
    const watch = this.#watch()
    try {
      meter.update(this.#pieces.bytes, this.#pieces.length, 0, true)
      if (signal?.aborted) throw aborted()
      const first = this.#pieces.free()
      if (first !== undefined) this.#start(first)
      while (this.#workers.size > 0) await Promise.race(this.#workers)
      if (this.#error !== undefined) throw this.#error
      meter.update(this.#pieces.bytes, this.#pieces.length, 0, true)
    } finally {
      signal?.removeEventListener('abort', stop)
      this.#over.abort()
      await watch
      if (this.#error !== undefined) {
        meter.update(this.#pieces.bytes, this.#pieces.length, 0, true)
        await this.#save().catch(() => {})
      }
    }
  }

  #start(piece: Piece): void {
    const worker = this.#work(piece)
      .catch(error => this.#fail(error))
      .finally(() => {
        this.#workers.delete(worker)
        piece.busy = false
      })
    this.#workers.add(worker)
    this.connections = Math.max(this.connections, this.#workers.size)
  }

  #fail(error: unknown): void {
    this.#error ??= error
    this.#over.abort(error)
  }

  async #work(first: Piece): Promise<void> {
    for (let piece: Piece | undefined = first; piece !== undefined; piece = this.#next()) {
      while (piece.left > 0 && !this.#over.signal.aborted) {
        if ((await this.#fetch(piece)) === 'released') return
      }
      if (this.#over.signal.aborted) return
      this.#pieces.release(piece)
    }
  }

  #next(): Piece | undefined {
    const free = this.#pieces.free()
    if (free !== undefined || this.#ranges === 'no') return free
    const worth = this.#settings.begin > 1 || this.#pieces.left > this.#settings.meter.speed / 2
    return worth ? this.#pieces.half(least) : undefined
  }

  /** One request, and as much of its answer as comes. */
  async #fetch(piece: Piece): Promise<'went' | 'released'> {
    const before = this.received
    try {
      const asked = this.#asked(piece)
      const response = await this.#answer(asked)
      const outcome = await this.#use(response, asked, piece)
      if (this.received > before) this.#failures = 0
      return outcome
    } catch (error) {
      if (this.received > before) this.#failures = 0
      return await this.#afterFailure(error, piece)
    }
  }

  #asked(piece: Piece): AskedPart {
    const condition = this.#plainly || !this.#version || !rangeCondition(this.#version) ? 'none' : 'if-range'
    return { at: piece.at, last: piece.end === undefined ? undefined : piece.end - 1, condition }
  }

  async #answer({ at, last, condition }: AskedPart): Promise<HttpResponse> {
    if (this.#beginning.kind === 'answer') {
      const { response } = this.#beginning
      this.#beginning = { kind: 'nothing' }
      return response
    }
    const fields: Record<string, string> = {}
    if (this.#version !== undefined && this.#ranges !== 'no') {
      fields.range = `bytes=${at}-${last ?? ''}`
      if (condition === 'if-range') fields['if-range'] = rangeCondition(this.#version) ?? ''
    }
    this.requests++
    const own = new AbortController()
    const stop = () => own.abort(this.#over.signal.reason)
    this.#over.signal.addEventListener('abort', stop, { once: true })
    const response = await this.#settings.ask(fields, own.signal)
    this.#links.set(response, () => this.#over.signal.removeEventListener('abort', stop))
    return response
  }

  /** What else is ended leaves this answer as it is. */
  #keep(response: HttpResponse): HttpResponse {
    this.#links.get(response)?.()
    return response
  }

  async #use(response: HttpResponse, asked: AskedPart, piece: Piece): Promise<'went' | 'released'> {
    const { clock } = this.#settings
    const { length } = this.#pieces
    const known = this.#version && { version: this.#version, length }
    const verdict = judge(response, asked, known, clock.now())
    switch (verdict.kind) {
      case 'whole':
        this.#learn(response, verdict.length)
        await this.#pour(response, piece, verdict.length)
        return 'went'
      case 'take':
        this.#ranges = 'yes'
        if (verdict.length !== undefined && length === undefined) this.#pieces.learn(verdict.length)
        await this.#pour(response, piece, verdict.end)
        return 'went'
      case 'ask-plainly':
        this.#plainly = true
        await response.discard()
        return 'went'
      case 'no-ranges':
        await response.discard()
        this.#ranges = 'no'
        if (this.#workers.size > 1) {
          this.#pieces.release(piece)
          return 'released'
        }
        throw new Unpartable('this server sends no parts')
      case 'changed':
        if (response.status === 206) await response.discard()
        throw new Changed(response.status === 206 ? undefined : this.#keep(response))
      case 'lie':
        await response.discard()
        return this.#lied(verdict.why)
    }
  }

  #learn(response: HttpResponse, length: number | undefined): void {
    const { clock, begin } = this.#settings
    this.head ??= response
    if (this.#version === undefined) {
      this.#version = versionOf(response.fields, clock.now())
      const unit = fieldValue(response.fields, 'accept-ranges')?.toLowerCase()
      if (unit === 'none' || !isTold(this.#version)) this.#ranges = 'no'
    }
    if (length !== undefined) this.#pieces.learn(length)
    while (this.#mayGrow() && this.#workers.size < begin) if (!this.#grow()) break
  }

  #mayGrow(): boolean {
    return this.#ranges !== 'no' && this.#pieces.length !== undefined && this.#workers.size < this.#settings.most
  }

  #grow(): boolean {
    const half = this.#pieces.half(least)
    if (half !== undefined) this.#start(half)
    return half !== undefined
  }

  async #pour(response: HttpResponse, piece: Piece, end: number | undefined): Promise<void> {
    const { part, meter } = this.#settings
    const whole = await pour(response, piece, end, {
      part,
      received: count => {
        this.received += count
      },
      written: () => meter.update(this.#pieces.bytes, this.#pieces.length, this.#workers.size),
    })
    if (whole === 'longer') this.#lied('more than it said')
    // Its end is known now that it came.
    if (piece.end === undefined) this.#pieces.learn(piece.at)
  }

  /** Once may be a fault on the way; twice is a server whose parts are not to be trusted. */
  #lied(what: string): never {
    if (++this.#lies > 1) throw new Unpartable(what)
    throw new NetworkError('protocol', 'receive', `the server sent ${what}`)
  }

  async #afterFailure(error: unknown, piece: Piece): Promise<'went' | 'released'> {
    const { attempts, clock } = this.#settings
    if (this.#over.signal.aborted) throw error
    const wait = waitAfter(error, clock.now())
    if (wait === undefined) throw error
    // A server that refuses one connection more is left with those it has.
    if (this.#workers.size > 1 && error instanceof HttpError) {
      this.#settled = true
      this.#pieces.release(piece)
      return 'released'
    }
    if (this.#ranges === 'no' && piece.at > 0) throw new Unpartable('what broke off cannot be gone on with')
    if (++this.#failures > attempts) throw error
    const backoff = this.#failures === 1 ? 0 : Math.min(5000, 100 * 2 ** this.#failures) * (0.5 + clock.random() / 2)
    await clock.sleep(Math.max(wait, backoff), this.#over.signal)
    return 'went'
  }

  /** Adds connections while they pay, and writes down what is here. */
  async #watch(): Promise<void> {
    let last = this.received
    let best = 0
    let trial = 0
    for (let ticks = 1; ; ticks++) {
      try {
        await this.#settings.clock.sleep(tick, this.#over.signal)
      } catch {
        return
      }
      const speed = this.received - last
      last = this.received
      if (ticks % saveEvery === 0)
        await this.#save().catch(error => this.#fail(fileError(error, this.#settings.part.path)))
      // What is over in a moment is not worth a connection more.
      if (this.#settled || !this.#mayGrow() || this.#pieces.left < speed * worthwhile) continue
      // A new connection is given two ticks to come up to its speed.
      if (trial > 0 && --trial > 0) continue
      if (best > 0 && speed < best * gain) this.#settled = true
      else if (this.#grow()) {
        best = Math.max(best, speed)
        trial = 2
      }
    }
  }

  async #save(): Promise<void> {
    const { part, target } = this.#settings
    if (this.#version === undefined || !isTold(this.#version) || this.#ranges === 'no') return
    const { length, missing } = this.#pieces
    await part.save({ target, version: this.#version, length, missing })
  }
}
