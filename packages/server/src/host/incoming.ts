// A Fastify request as the exchange asks about it. What is not asked for is not worked out.
import { createHash, type Hash, type X509Certificate } from 'node:crypto'
import type { ServerHttp2Stream } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import { believed, type Digests, type ForwardedElement, type HashAlgorithm, parseForwarded } from '@comity/http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { withoutKey } from '../auth/query-key.ts'
import type { Refused } from '../exchange/answer.ts'
import type { ContentBounds, ContentRead, Incoming, RequestFields } from '../exchange/incoming.ts'
import { type Received, readContent } from './content.ts'
import { piecesOf } from './content-pieces.ts'
import { answerExpectation } from './expectation.ts'
import { faultOfMessage } from './message.ts'
import type { Room } from './spool.ts'

/** What holds for every request of one mounted API. */
export type Mount = {
  /** Where the host mounted it: `/bank`, or empty. */
  readonly prefix: string
  /** What clients see, where the definition says so. */
  readonly publicUrl: URL | undefined
  readonly forwardedPrefix: 'trusted' | 'ignored'
  /** Whether a proxy at this address is believed; undefined where none is named. */
  readonly trusts: ((address: string) => boolean) | undefined
  /** Which fields of theirs are. */
  readonly proxies: 'forwarded' | 'x-forwarded'
  /** Room for contents that are laid aside in files. */
  readonly room: Room
  /** Whether keys are looked for in the query; undefined: none are. */
  readonly queryKeys: 'allowed' | 'refused' | undefined
}

export class FastifyIncoming implements Incoming {
  readonly method: string
  readonly url: string
  readonly queryKey: string | undefined
  readonly fields: RequestFields
  /** The prefix a trusted proxy names. */
  readonly #forwarded: string | undefined
  /** What trusted proxies say in Forwarded, once it was asked for. */
  #told: ForwardedElement | 'nothing' | undefined
  readonly #mount: Mount
  readonly #request: FastifyRequest
  readonly #reply: FastifyReply
  #received: Received | undefined
  readonly #watchers: ((piece: Uint8Array) => void)[] = []

  constructor(request: FastifyRequest, reply: FastifyReply, mount: Mount) {
    const { raw } = request
    const url = raw.url ?? '/'
    this.method = raw.method ?? 'GET'
    const below = mount.prefix === '' ? url : url.slice(mount.prefix.length) || '/'
    const bare = mount.queryKeys === undefined ? undefined : withoutKey(below, mount.queryKeys)
    this.url = bare?.url ?? below
    this.queryKey = bare?.key
    this.fields = raw.httpVersionMajor === 2 ? fieldsOfStream(raw.headers, streamOf(raw)) : raw.headers
    this.#mount = mount
    this.#request = request
    this.#reply = reply
    this.#forwarded =
      mount.forwardedPrefix === 'trusted' && (mount.trusts?.(raw.socket.remoteAddress ?? '') ?? true)
        ? prefixField(raw.headers['x-forwarded-prefix'])
        : undefined
  }

  fault(): Refused | undefined {
    return faultOfMessage(this.#request.raw)
  }

  prefix(): string {
    const { prefix, publicUrl } = this.#mount
    if (this.#forwarded !== undefined) return this.#forwarded + prefix
    return publicUrl === undefined ? prefix : publicUrl.pathname.replace(/\/$/, '')
  }

  origin(): string {
    const { publicUrl } = this.#mount
    if (publicUrl !== undefined) return publicUrl.origin
    const told = this.#believed()
    const host = told?.host ?? this.#request.host
    const proto = told?.proto === 'https' || told?.proto === 'http' ? told.proto : this.#request.protocol
    const origin = `${proto}://${host}`
    // What clients or proxies call the host may be no part of a URL, though Host lets it pass (`a:99999`).
    return host && URL.canParse(origin) && !/[/?#@]/.test(host) ? origin : ''
  }

  certificate(): X509Certificate | undefined {
    const socket = this.#request.raw.socket as Partial<TLSSocket>
    return socket.authorized === true ? socket.getPeerX509Certificate?.() : undefined
  }

  peer(): string {
    return this.#request.raw.socket.remoteAddress ?? ''
  }

  address(): string {
    return this.#believed()?.for ?? this.#request.ip ?? ''
  }

  /** RFC 7239 */
  #believed(): ForwardedElement | undefined {
    const { trusts, proxies } = this.#mount
    if (proxies !== 'forwarded' || trusts === undefined) return undefined
    const { headers, socket } = this.#request.raw
    const field = headers.forwarded
    this.#told ??= believed(parseForwarded(field), socket.remoteAddress ?? '', trusts) ?? 'nothing'
    return this.#told === 'nothing' ? undefined : this.#told
  }

  isForwarded(): boolean {
    return this.#forwarded !== undefined
  }

  /** Not to HTTP/1.0, which has no interim answers (RFC 9110 §15.2). */
  hint(link: string): void {
    const { raw } = this.#reply
    // A response that waits for those before it on its connection has no socket yet: Node would write the 103 into its body.
    if (raw.socket === null || raw.headersSent || this.#request.raw.httpVersion === '1.0') return
    raw.writeEarlyHints({ link })
  }

  hashContent(algorithms: readonly HashAlgorithm[]): () => Digests {
    const hashes = algorithms.map((algorithm): [HashAlgorithm, Hash] => [algorithm, createHash(algorithm)])
    for (const [, hash] of hashes) this.watchContent(piece => hash.update(piece))
    return () => new Map(hashes.map(([algorithm, hash]) => [algorithm, hash.digest()]))
  }

  watchContent(see: (piece: Uint8Array) => void): void {
    this.#watchers.push(see)
  }

  /** Looks on while the content is read; to be called in the turn in which that begins. */
  #hash(): void {
    for (const see of this.#watchers) this.#request.raw.on('data', see)
  }

  async readContent(bounds: ContentBounds): Promise<ContentRead> {
    answerExpectation(this.#request.raw, this.#reply.raw)
    this.#hash()
    this.#received = await readContent(this.#request.raw, bounds, this.#mount.room)
    return this.#received.read
  }

  inform(status: number, fields: Readonly<Record<string, string>>): void {
    const { raw } = this.#reply
    const stream = streamOf(raw)
    if (stream) {
      if (!raw.headersSent && !stream.closed) stream.additionalHeaders({ ':status': status, ...fields })
      return
    }
    // HTTP/1.0 has none (RFC 9110 §15.2), nor have older versions of Node.
    if (this.#request.raw.httpVersion !== '1.1' || typeof raw.writeInformation !== 'function') return
    if (!raw.headersSent && raw.writable) raw.writeInformation(status, fields)
  }

  giveUp(): void {
    const { raw } = this.#request
    if (!raw.complete) raw.destroy()
  }

  pieces(bounds: ContentBounds): AsyncIterable<Uint8Array> {
    answerExpectation(this.#request.raw, this.#reply.raw)
    return piecesOf(this.#request.raw, bounds, piece => {
      for (const see of this.#watchers) see(piece)
    })
  }

  /** Does away with a content that was laid aside. */
  discard(): Promise<void> | undefined {
    return this.#received?.discard()
  }

  signal(): AbortSignal {
    const gone = new AbortController()
    const { raw } = this.#reply
    if (raw.destroyed) gone.abort()
    else raw.once('close', () => gone.abort())
    return gone.signal
  }

  ended(callback: () => void): void {
    const { raw } = this.#reply
    if (raw.destroyed) callback()
    else raw.once('close', callback)
  }
}

/** RFC 9113 §8.3.1: the authority stands for Host; pseudo-fields are no fields. */
function fieldsOfStream(headers: RequestFields, stream: ServerHttp2Stream | undefined): RequestFields {
  const fields: Record<string, RequestFields[string]> = { host: headers[':authority'] }
  for (const name of Object.keys(headers)) if (!name.startsWith(':')) fields[name] = headers[name]
  // §8.1.1: a stream tells by its end how long its content is, as chunks do.
  if (headers['content-length'] === undefined && stream?.endAfterHeaders === false)
    fields['transfer-encoding'] = 'chunked'
  return fields
}

/** The stream of HTTP/2 that a message belongs to. */
const streamOf = (message: unknown): ServerHttp2Stream | undefined =>
  (message as { readonly stream?: ServerHttp2Stream }).stream

/** A path of our own making is all that may come of it. */
const prefixField = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' && /^(\/[A-Za-z0-9._~-]+)*\/?$/.test(value) ? value.replace(/\/$/, '') : undefined
