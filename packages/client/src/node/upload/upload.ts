// draft-ietf-httpbis-resumable-upload: all of it is sent at once; where the server says on the way (104) that it could be
// gone on with, what broke off is. Where it does not, it is a plain request, and is sent again as a whole.
import { createHash } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import {
  type Fields,
  fieldValue,
  formatUploadComplete,
  parseDictionary,
  parseUploadBytes,
  parseUploadComplete,
  partialUpload,
  retryAfter,
  uploadInteropVersion,
} from '@comity/http'
import type { HttpResponse } from '../../client/response.ts'
import { HttpError, NetworkError, TransferError } from '../../errors.ts'
import { typedContent } from '../../exchange/content.ts'
import { originOf } from '../../exchange/target.ts'
import type { AskUpload, Uploaded, UploadOptions } from '../../exchange/transfers.ts'
import type { Clock } from '../../layers/call.ts'
import { Meter } from '../download/progress.ts'
import { sourceOf, type UploadSource } from './source.ts'

/** The revision of the draft that is spoken. */
const draft = { 'upload-draft-interop-version': String(uploadInteropVersion) }

/** Where the rest of an upload goes. */
type Resource = { url: string; mostAtOnce: number }

/** @throws NetworkError, HttpError, TransferError */
export async function upload(
  ask: AskUpload,
  clock: Clock,
  target: string,
  given: string | Blob,
  options: UploadOptions,
): Promise<Uploaded> {
  const source = await sourceOf(given)
  const method = options.method ?? 'PUT'
  const notes =
    typeof given === 'string' && options.resume !== false ? new UploadNotes(given, target, source) : undefined
  const meter = new Meter(clock.now, options.onProgress)
  const signal = options.signal ?? new AbortController().signal
  const attempts = options.attempts ?? 8
  // One for all attempts, so that a POST counts once.
  const key: Record<string, string> = method === 'POST' ? { 'idempotency-key': `"${crypto.randomUUID()}"` } : {}
  let resource: Resource | undefined = await notes?.load()
  let requests = 0
  let sent = 0
  let failures = 0
  let furthest = 0
  const resumed = resource !== undefined

  for (;;) {
    try {
      const response = await (resource === undefined ? begin() : goOn(resource))
      if (response === 'more') continue
      await notes?.forget()
      // What changed while it was sent is neither the one nor the other.
      await source.check()
      meter.update(source.size, source.size, 1, true)
      return { response, bytes: source.size, sent, requests, resumed }
    } catch (error) {
      if (isGone(error) && resource !== undefined) {
        await notes?.forget()
        resource = undefined
        if (++failures > attempts) throw error
        continue
      }
      const wait = waitAfter(error, clock.now())
      if (wait === undefined || signal.aborted || ++failures > attempts) throw error
      if (method !== 'PUT' && resource === undefined && method !== 'POST') throw error
      const backoff = failures === 1 ? 0 : Math.min(5000, 100 * 2 ** failures) * (0.5 + clock.random() / 2)
      await clock.sleep(Math.max(wait, backoff), signal)
    }
  }

  async function begin(): Promise<HttpResponse> {
    requests++
    const fields = {
      ...key,
      ...draft,
      'upload-complete': formatUploadComplete(true),
      'upload-length': String(source.size),
    }
    return ask(method, undefined, {
      fields: options.type === undefined ? fields : { ...fields, 'content-type': options.type },
      body: content(0, source.size, 'application/octet-stream'),
      signal,
      onInterim(status, told) {
        const url = status === 104 ? resourceUrl(told, target) : undefined
        if (url === undefined) return
        resource = { url, mostAtOnce: mostAtOnce(told) }
        void notes?.save(resource)
      },
    })
  }

  async function goOn(known: Resource): Promise<HttpResponse | 'more'> {
    requests++
    const head = await ask('HEAD', known.url, { fields: draft, signal })
    // §4.2: it may have all of it, and only its answer was lost.
    if (parseUploadComplete(head.field('upload-complete')) === true) return head
    const offset = parseUploadBytes(head.field('upload-offset'))
    if (offset === undefined || offset > source.size)
      throw new TransferError('refused', `the server says that it has ${String(offset)} of ${source.size} bytes`)
    if (offset > furthest) {
      furthest = offset
      failures = 0
    }
    await source.check()
    const until = Math.min(source.size, offset + Math.min(known.mostAtOnce, mostAtOnce(head.fields)))
    const isLast = until === source.size
    requests++
    const fields = { ...draft, 'upload-offset': String(offset), 'upload-complete': formatUploadComplete(isLast) }
    const response = await ask('PATCH', known.url, { fields, body: content(offset, until, partialUpload), signal })
    if (isLast) return response
    await response.discard()
    return 'more'
  }

  function content(from: number, until: number, type: string) {
    async function* open(): AsyncGenerator<Uint8Array> {
      let at = from
      for await (const piece of source.open(from, until)) {
        at += piece.length
        sent += piece.length
        yield piece
        meter.update(at, source.size, 1)
      }
    }
    return typedContent({ kind: 'source', open, size: until - from, reading: 'again' }, type)
  }
}

/** Only at the same origin: contents do not go where their sender did not send them. */
function resourceUrl(fields: Fields, target: string): string | undefined {
  const location = fieldValue(fields, 'location')
  if (location === undefined || !URL.canParse(location, target)) return undefined
  const url = new URL(location, target).href
  return originOf(url) === originOf(target) ? url : undefined
}

function mostAtOnce(fields: Fields): number {
  const most = parseDictionary(fieldValue(fields, 'upload-limit') ?? '')?.get('max-append-size')?.[0]
  return typeof most === 'number' && most > 0 ? most : Number.POSITIVE_INFINITY
}

/** The upload resource is there no more. */
function isGone(error: unknown): boolean {
  return error instanceof HttpError && [403, 404, 410].includes(error.status)
}

/** Ms; undefined: to try again would not help. 409: the server has another offset than it said, and is asked anew. */
function waitAfter(error: unknown, now: number): number | undefined {
  if (error instanceof HttpError)
    return [408, 409, 425, 429, 500, 502, 503, 504].includes(error.status)
      ? (retryAfter(error.response.fields, now) ?? 0)
      : undefined
  return error instanceof NetworkError && error.kind !== 'aborted' && error.kind !== 'closed' ? 0 : undefined
}

/** Where a file's upload can be gone on with, in `PATH.upload.json`. An upload resource is a capability: mode 0600. */
class UploadNotes {
  readonly #path: string
  readonly #for: string
  #writing: Promise<unknown> = Promise.resolve()

  constructor(file: string, target: string, { mark }: UploadSource) {
    this.#path = `${file}.upload.json`
    this.#for = createHash('sha256').update(`${target}\n${mark}`).digest('hex')
  }

  async load(): Promise<Resource | undefined> {
    try {
      const { target, url } = JSON.parse(await readFile(this.#path, 'utf8'))
      return target === this.#for && typeof url === 'string' ? { url, mostAtOnce: Number.POSITIVE_INFINITY } : undefined
    } catch {
      return undefined
    }
  }

  save({ url }: Resource): Promise<unknown> {
    const text = JSON.stringify({ target: this.#for, url })
    // Without notes it is only this run that can go on.
    this.#writing = this.#writing.then(() => writeFile(this.#path, text, { mode: 0o600 })).catch(() => {})
    return this.#writing
  }

  async forget(): Promise<void> {
    await this.#writing
    await rm(this.#path, { force: true })
  }
}
