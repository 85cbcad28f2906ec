// RFC 9110 §8.4: content codings, decoded piece by piece; a few bytes never become more than was allowed.
import { pipeline, type Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { fieldNames, fieldValue } from '@comity/http'
import { ComityError, DecodeError } from '../errors.ts'
import { streamedBody } from '../exchange/gather.ts'
import { completeBody } from '../exchange/inbox.ts'
import type { Incoming, ReceivedBody } from '../exchange/response.ts'
import { shownUrl } from '../exchange/target.ts'
import type { CodingOptions } from '../layers/coding.ts'
import type { Layer } from '../layers/layer.ts'

const usual = { accept: 'gzip, deflate, br, zstd', ratio: 250, bytes: 2 ** 30 }
type Limits = { readonly ratio: number; readonly bytes: number }

/** More than this may always come out. */
const floor = 1024 * 1024
/** Content that is here and this small is decoded at once. */
const small = 32 * 1024
const most = 3

export function coding(options: CodingOptions = {}): Layer {
  const shared = { ...usual, ...options }
  return {
    name: 'coding',
    around: next => (request, call) => {
      const own = call.options.coding
      if (own === false || fieldValue(request.fields, 'accept-encoding') !== undefined) return next(request, call)
      // A range of coded bytes is nothing that could be decoded, nor joined with what was: WHATWG Fetch §4.6 does the same.
      if (fieldValue(request.fields, 'range') !== undefined)
        return next({ ...request, fields: { ...request.fields, 'accept-encoding': 'identity' } }, call)
      const limits = own === undefined ? shared : { ...shared, ...own }
      const sent = { ...request, fields: { ...request.fields, 'accept-encoding': limits.accept } }
      return next(sent, call).then(incoming => {
        if (incoming.fields['content-encoding'] === undefined) return incoming
        // A part of coded content cannot be decoded, and what has no content has nothing to decode.
        if (request.method === 'HEAD' || [204, 206, 226, 304].includes(incoming.status)) return incoming
        return decoded(incoming, request.method, limits)
      })
    },
  }
}

async function decoded(incoming: Incoming, method: string, limits: Limits): Promise<Incoming> {
  const codings = fieldNames(incoming.fields['content-encoding']).filter(name => name !== 'identity')
  if (codings.length === 0) return incoming
  // What is not known here is left to whoever knows it.
  if (!codings.every(name => Object.hasOwn(decoders, name))) return incoming
  const failure = (what: string, cause?: unknown): DecodeError =>
    new DecodeError(`the content of the response to ${method} ${shownUrl(incoming.url)} ${what}`, undefined, { cause })
  if (codings.length > most) throw failure(`is coded ${codings.length} times`)
  let { body } = incoming
  for (const name of codings.reverse()) body = await decodedBody(body, name, limits, failure)
  return {
    ...incoming,
    fields: { ...incoming.fields, 'content-encoding': undefined, 'content-length': undefined },
    body,
  }
}

type Failure = (what: string, cause?: unknown) => DecodeError

async function decodedBody(body: ReceivedBody, name: string, limits: Limits, failure: Failure): Promise<ReceivedBody> {
  const tooLarge = () => failure('becomes larger than is allowed when it is decoded')
  if (body.complete) {
    const bytes = await body.bytes()
    if (bytes.length === 0) return completeBody()
    if (bytes.length <= small) {
      const maxOutputLength = Math.min(limits.bytes, Math.max(floor, bytes.length * limits.ratio))
      try {
        return completeBody(atOnce(name, bytes, maxOutputLength))
      } catch (cause) {
        throw (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
          ? tooLarge()
          : failure(`is not ${name}`, cause)
      }
    }
    body = completeBody(bytes)
  }
  const source = body
  let came = 0
  let first: Uint8Array | undefined
  async function* counted() {
    for await (const piece of source) {
      came += piece.length
      yield piece
    }
  }
  async function* pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    const coded = counted()
    const begin = await coded.next()
    if (begin.done) return
    first = begin.value
    const decoder = decoders[name as Coding](first)
    let broken: unknown
    pipeline(
      (async function* () {
        yield first
        yield* coded
      })(),
      decoder,
      error => {
        broken = error
      },
    )
    let gone = 0
    try {
      for await (const piece of decoder as AsyncIterable<Uint8Array>) {
        gone += piece.length
        if (gone > limits.bytes || (gone > floor && gone > came * limits.ratio)) throw tooLarge()
        yield piece
      }
    } catch (cause) {
      if (cause instanceof ComityError) throw cause
      throw broken instanceof ComityError ? broken : failure(`is not ${name}`, cause)
    } finally {
      decoder.destroy()
      await source.discard()
    }
  }
  return streamedBody(pieces(), () => source.discard())
}

// RFC 9110 §8.4.1.2: deflate is zlib; some servers send it bare.
const isBare = (first: Uint8Array): boolean => ((first[0] ?? 0) & 0x0f) !== 8

const decoders = {
  gzip: () => zlib.createGunzip(),
  'x-gzip': () => zlib.createGunzip(),
  deflate: (first: Uint8Array) => (isBare(first) ? zlib.createInflateRaw() : zlib.createInflate()),
  br: () => zlib.createBrotliDecompress(),
  zstd: () => zlib.createZstdDecompress(),
} as const satisfies Record<string, (first: Uint8Array) => Transform>

type Coding = keyof typeof decoders

function atOnce(name: string, bytes: Uint8Array, maxOutputLength: number): Uint8Array {
  switch (name as Coding) {
    case 'br':
      return zlib.brotliDecompressSync(bytes, { maxOutputLength })
    case 'zstd':
      return zlib.zstdDecompressSync(bytes, { maxOutputLength })
    case 'deflate':
      return isBare(bytes)
        ? zlib.inflateRawSync(bytes, { maxOutputLength })
        : zlib.inflateSync(bytes, { maxOutputLength })
    default:
      return zlib.gunzipSync(bytes, { maxOutputLength })
  }
}
