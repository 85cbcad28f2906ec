// HAR 1.2: what a client sent and received, as browsers' tools and many others read it.
import type { Outgoing } from '../exchange/request.ts'
import type { Incoming } from '../exchange/response.ts'
import { copied } from '../layers/cache/body.ts'
import type { Call } from '../layers/call.ts'
import type { Recorder } from '../layers/record.ts'
import { type Named, namedFields, redacted, redactedText, redactedUrl } from './redact.ts'

export type HarOptions = {
  /** Whether credentials stand in it; they are left out unless told. */
  readonly secrets?: 'redact' | 'keep'
  /** How many exchanges are kept, the latest; 1,000 unless told. */
  readonly entries?: number
  /** How much of each content is kept, in bytes; 64 KiB unless told, none for 0. */
  readonly content?: number
}

type Entry = { [member: string]: unknown; response: unknown; time: number }

/** An HTTP archive, as JSON. */
export type Har = {
  readonly log: { readonly version: '1.2'; readonly creator: object; readonly entries: readonly object[] }
}

/** Records until it is stopped; the recording stays. */
export class HarRecording {
  readonly #entries: Entry[] = []
  readonly #recorders: Set<Recorder>
  readonly #recorder: Recorder
  readonly #redact: boolean
  readonly #limit: number
  readonly #content: number

  constructor(recorders: Set<Recorder>, options: HarOptions = {}) {
    this.#redact = options.secrets !== 'keep'
    this.#limit = options.entries ?? 1000
    this.#content = options.content ?? 64 * 1024
    this.#recorders = recorders
    this.#recorder = (request, call) => this.#record(request, call)
    recorders.add(this.#recorder)
  }

  stop(): void {
    this.#recorders.delete(this.#recorder)
  }

  [Symbol.dispose](): void {
    this.stop()
  }

  /** What was recorded so far. */
  toJSON(): Har {
    const creator = { name: '@comity/client', version: '0.1.0' }
    return { log: { version: '1.2', creator, entries: this.#entries.map(entry => ({ ...entry })) } }
  }

  #record(request: Outgoing, call: Call): ReturnType<Recorder> {
    const begun = call.clock.now()
    const timings: Record<string, number> = { blocked: -1, dns: -1, connect: -1, ssl: -1, send: 0, wait: 0, receive: 0 }
    const entry: Entry = {
      startedDateTime: new Date(begun).toISOString(),
      time: 0,
      request: this.#request(request),
      response: noResponse(''),
      cache: {},
      timings,
    }
    this.#entries.push(entry)
    if (this.#entries.length > this.#limit) this.#entries.shift()
    const ended = (): void => {
      timings.receive = Math.max(0, call.clock.now() - begun - (timings.wait ?? 0))
      entry.time = call.clock.now() - begun
    }
    return {
      failed: error => {
        timings.wait = call.clock.now() - begun
        entry.time = timings.wait
        entry.response = noResponse(error instanceof Error ? error.message : String(error))
      },
      answered: answer => {
        timings.wait = call.clock.now() - begun
        entry.time = timings.wait
        const response = this.#response(answer)
        entry.response = response
        const body = copied(
          answer.body,
          this.#content,
          content => {
            ended()
            Object.assign(response.content, this.#text(content, response.content.mimeType))
          },
          why => {
            ended()
            response.content.comment = why === 'too-large' ? `more than ${this.#content} bytes` : why
          },
        )
        return { ...answer, body }
      },
    }
  }

  #request({ method, url, fields, content }: Outgoing) {
    const shown = this.#redact ? redactedUrl(url) : url
    const size = content?.kind === 'bytes' ? content.bytes.length : (content?.size ?? (content === undefined ? 0 : -1))
    const mimeType = fields['content-type'] ?? 'application/octet-stream'
    const text =
      content?.kind === 'bytes' && content.bytes.length <= this.#content
        ? this.#shown(new TextDecoder().decode(content.bytes), mimeType)
        : ''
    return {
      method,
      url: shown,
      httpVersion: 'HTTP/1.1',
      cookies: this.#cookies((fields.cookie ?? '').split(/; */)),
      headers: namedFields(fields, this.#redact),
      queryString: wordsOf(shown),
      headersSize: -1,
      bodySize: size,
      ...(content === undefined ? {} : { postData: { mimeType, text } }),
    }
  }

  #response({ status, reason, fields, cookies, httpVersion }: Incoming) {
    const told = Number(fields['content-length'] ?? Number.NaN)
    const location = fields.location ?? ''
    const lines = cookies.map(value => ({ name: 'set-cookie', value: this.#redact ? redacted : value }))
    const others = namedFields(fields, this.#redact).filter(({ name }) => name !== 'set-cookie')
    const content: { size: number; mimeType: string; text?: string; encoding?: string; comment?: string } = {
      size: Number.isFinite(told) ? told : 0,
      mimeType: fields['content-type'] ?? '',
    }
    return {
      status,
      statusText: reason,
      httpVersion: httpVersion === '' ? '' : `HTTP/${httpVersion}`,
      cookies: this.#cookies(cookies.map(line => line.split(';')[0] ?? '')),
      headers: [...others, ...lines],
      content,
      redirectURL: this.#redact ? redactedUrl(location) : location,
      headersSize: -1,
      bodySize: Number.isFinite(told) ? told : -1,
    }
  }

  #cookies(pairs: readonly string[]): readonly Named[] {
    return pairs.flatMap(pair => {
      const equals = pair.indexOf('=')
      if (equals < 1) return []
      return [{ name: pair.slice(0, equals).trim(), value: this.#redact ? redacted : pair.slice(equals + 1) }]
    })
  }

  #shown(text: string, mimeType: string): string {
    return this.#redact ? redactedText(text, mimeType) : text
  }

  #text(content: Uint8Array, mimeType: string) {
    const size = content.length
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(content)
      return { size, text: this.#shown(text, mimeType) }
    } catch {
      let binary = ''
      for (const byte of content) binary += String.fromCharCode(byte)
      return { size, text: btoa(binary), encoding: 'base64' }
    }
  }
}

const wordsOf = (url: string): readonly Named[] =>
  [...new URL(url).searchParams].map(([name, value]) => ({ name, value }))

/** As browsers write a request that no response came to. */
function noResponse(error: string) {
  return {
    status: 0,
    statusText: '',
    httpVersion: '',
    cookies: [],
    headers: [],
    content: { size: 0, mimeType: '' },
    redirectURL: '',
    headersSize: -1,
    bodySize: -1,
    ...(error === '' ? {} : { _error: error }),
  }
}
