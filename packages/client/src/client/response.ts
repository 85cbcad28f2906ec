// A response as its caller sees it.
import { type Fields, fieldValue, type Problem, parseProblem } from '@comity/http'
import { DecodeError } from '../errors.ts'
import { joined } from '../exchange/inbox.ts'
import { parseCsv, parseXml, type Row, splitLines, type XmlNode } from '../exchange/reading.ts'
import type { Hop, Incoming, Timings } from '../exchange/response.ts'
import { shownUrl } from '../exchange/target.ts'
import type { TraceNote } from '../layers/call.ts'
import type { RunningCall } from './running-call.ts'

const utf8 = new TextDecoder()

/** What was asked, as far as a message or a listener may show it. */
export type Asked = { readonly method: string; readonly url: string }

/** How much of a content may be read into memory, in bytes. */
export type ReadLimits = { readonly content: number; readonly problem: number }

export class HttpResponse<T = unknown> {
  readonly #incoming: Incoming
  readonly #call: RunningCall
  readonly #asked: Asked
  readonly #limits: ReadLimits
  #kept: Uint8Array | undefined
  #problem: Problem | undefined

  constructor(incoming: Incoming, call: RunningCall, asked: Asked, limits: ReadLimits) {
    this.#incoming = incoming
    this.#call = call
    this.#asked = asked
    this.#limits = limits
    if (incoming.body.complete) call.end()
  }

  get status(): number {
    return this.#incoming.status
  }

  /** The phrase that came with the status; empty in HTTP/2. */
  get reason(): string {
    return this.#incoming.reason
  }

  /** Is the status a success (2xx)? */
  get ok(): boolean {
    return this.#incoming.status >= 200 && this.#incoming.status < 300
  }

  /** By lower-case name; several lines of one name are joined by commas. */
  get fields(): Fields {
    return this.#incoming.fields
  }

  field(name: string): string | undefined {
    return fieldValue(this.#incoming.fields, name.toLowerCase())
  }

  /** Each Set-Cookie as it came. Browsers show none. */
  get cookies(): readonly string[] {
    return this.#incoming.cookies
  }

  /** The URL that answered, after redirections. */
  get url(): string {
    return this.#incoming.url
  }

  /** The redirections that were followed, first to last. */
  get redirects(): readonly Hop[] {
    return this.#incoming.hops ?? []
  }

  /** Why this redirection was not followed, where it was meant to be. */
  get notFollowed(): string | undefined {
    return this.#incoming.notFollowed
  }

  /** Of the last attempt; undefined where the response came from no transport. */
  get timings(): Timings | undefined {
    return this.#incoming.timings
  }

  /** How the cache had a part in it; undefined where it came from the server. */
  get cached(): 'fresh' | 'stale' | 'revalidated' | undefined {
    return this.#incoming.cached
  }

  /** `1.1`, `2`; empty where the platform does not tell. */
  get httpVersion(): string {
    return this.#incoming.httpVersion
  }

  get request(): Asked {
    return this.#asked
  }

  /** What was done beyond sending the request once, and why. */
  get trace(): readonly TraceNote[] {
    return this.#call.trace
  }

  /** Problem details (RFC 9457) that came with an error, read already; undefined where there are none. */
  get problem(): Problem | undefined {
    return this.#problem
  }

  /** The media type without its parameters, in lower case; empty where there is none. */
  get type(): string {
    return essence(this.field('content-type') ?? '')
  }

  /**
   * The whole content.
   * @throws NetworkError where it breaks off, DeadlineError, DecodeError where it is larger than `limits.content`
   */
  async bytes(): Promise<Uint8Array> {
    if (this.#kept !== undefined) return this.#kept
    const { body } = this.#incoming
    try {
      if (!body.complete) return await this.#bounded()
      const bytes = await body.bytes()
      if (bytes.length > this.#limits.content) throw this.#tooLarge()
      return bytes
    } finally {
      this.#call.end()
    }
  }

  /** The content as text, by its charset; UTF-8 where none is told. */
  async text(): Promise<string> {
    const bytes = await this.bytes()
    return this.#decoder().decode(bytes)
  }

  /** @throws DecodeError where the content is not JSON; an empty one is `undefined`. */
  async json<Value = T>(): Promise<Value> {
    // RFC 8259 §8.1: JSON is UTF-8, whatever a charset says.
    const text = utf8.decode(await this.bytes())
    if (text === '') return undefined as Value
    try {
      return JSON.parse(text)
    } catch (cause) {
      throw this.#notWhatItWasReadAs('JSON', cause)
    }
  }

  /** The rows of a CSV by the names in its first line. @throws DecodeError */
  async csv(): Promise<readonly Row[]> {
    const text = await this.text()
    return parseCsv(text).catch(cause => {
      throw this.#notWhatItWasReadAs('CSV', cause)
    })
  }

  /** The root element of an XML document. DOCTYPE is refused. @throws DecodeError */
  async xml(): Promise<XmlNode> {
    const text = await this.text()
    return parseXml(text).catch(cause => {
      throw this.#notWhatItWasReadAs('XML', cause)
    })
  }

  /** Line by line, as they come. A line longer than `limits.content` is refused. */
  lines(): AsyncIterable<string> {
    return splitLines(this[Symbol.asyncIterator](), this.#decoder(), this.#limits.content, () =>
      this.#error(`has a line of more than ${this.#limits.content} bytes`),
    )
  }

  /** The content as a stream of the platform. */
  stream(): ReadableStream<Uint8Array> {
    const pieces = this[Symbol.asyncIterator]()
    return new ReadableStream(
      {
        async pull(controller) {
          const { done, value } = await pieces.next()
          if (done) controller.close()
          else controller.enqueue(value)
        },
        async cancel() {
          await pieces.return(undefined)
        },
      },
      { highWaterMark: 0 },
    )
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      if (this.#kept !== undefined) yield this.#kept
      else yield* this.#incoming.body
    } finally {
      this.#call.end()
    }
  }

  /** Gives the connection back without reading what is left. */
  async discard(): Promise<void> {
    this.#call.end()
    await this.#incoming.body.discard()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.discard()
  }

  [Symbol.dispose](): void {
    void this.discard()
  }

  /** Reads what the server says about an error, and keeps it to be read again. */
  async keep(everything: boolean): Promise<void> {
    const { type } = this
    const isProblem = type === 'application/problem+json' || type === 'application/json'
    if (!everything && type !== 'application/problem+json') return
    try {
      this.#kept = await this.#beginning(this.#limits.problem)
    } catch {
      // The status is known, and says more than that its explanation broke off.
      this.#kept = new Uint8Array(0)
    }
    this.#call.end()
    if (!isProblem) return
    try {
      const problem = parseProblem(JSON.parse(utf8.decode(this.#kept)))
      // Other JSON is a problem only where it looks like one.
      if (type === 'application/problem+json' || (problem?.title ?? '') !== '') this.#problem = problem
    } catch {
      // Not JSON after all.
    }
  }

  async #beginning(limit: number): Promise<Uint8Array> {
    const { body } = this.#incoming
    const pieces: Uint8Array[] = []
    let left = limit
    for await (const piece of body) {
      pieces.push(piece.length > left ? piece.subarray(0, left) : piece)
      left -= piece.length
      if (left <= 0) break
    }
    return joined(pieces)
  }

  async #bounded(): Promise<Uint8Array> {
    const { content: limit } = this.#limits
    const { body, fields } = this.#incoming
    const told = Number(fields['content-length'] ?? Number.NaN)
    if (told <= limit && fields['content-encoding'] === undefined) return body.bytes()
    const pieces: Uint8Array[] = []
    let size = 0
    for await (const piece of body) {
      size += piece.length
      if (size > limit) throw this.#tooLarge()
      pieces.push(piece)
    }
    return joined(pieces)
  }

  #tooLarge(): DecodeError {
    return this.#error(`is larger than ${this.#limits.content} bytes; read it in pieces, or raise limits.content`)
  }

  #decoder(): TextDecoder {
    const [, charset] = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(this.field('content-type') ?? '') ?? []
    if (charset === undefined || /^utf-?8$/i.test(charset)) return new TextDecoder()
    try {
      return new TextDecoder(charset)
    } catch {
      throw this.#error('is in a charset that is not known here')
    }
  }

  #notWhatItWasReadAs(format: string, cause: unknown): DecodeError {
    const told = this.type === '' ? '' : ` (it says that it is ${this.type})`
    return this.#error(`is not ${format}${told}`, cause)
  }

  #error(what: string, cause?: unknown): DecodeError {
    const { method } = this.#asked
    const message = `the content of the response to ${method} ${shownUrl(this.url)} ${what}`
    const error = new DecodeError(message, this as HttpResponse, cause === undefined ? undefined : { cause })
    error.trace = this.trace
    return error
  }
}

function essence(mediaType: string): string {
  const semicolon = mediaType.indexOf(';')
  return (semicolon === -1 ? mediaType : mediaType.slice(0, semicolon)).trim().toLowerCase()
}
