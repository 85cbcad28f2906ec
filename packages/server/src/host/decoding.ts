// RFC 9110 §8.4: the codings of a request's content, undone as it comes. What it unfolds to is bounded at every step, so
// that a little that is sent never becomes much in memory.
import type { IncomingMessage } from 'node:http'
import type { Readable, Transform } from 'node:stream'
import zlib from 'node:zlib'
import type { Compressing } from '../define/compression.ts'
import type { ContentRead } from '../exchange/incoming.ts'

/** Why a content cannot be had as it was before it was coded. */
export type DecodingFault = Extract<ContentRead, { kind: 'too-large' | 'undecodable' }>

export type Decoding = {
  /** The content, as it was before it was coded. */
  readonly content: Readable
  /** Bytes of the message so far. */
  readonly received: () => number
  /** Lets go of the message. */
  readonly stop: () => void
}

/** RFC 9659 §3: frames that need a window of more than 8 MiB are refused. */
const zstdOptions: zlib.ZstdOptions = { params: { [zlib.constants.ZSTD_d_windowLogMax]: 23 } }
const whole = { rejectGarbageAfterEnd: true }

const decoders: Readonly<Record<Compressing, () => Transform>> = {
  // RFC 1952 §2.2 lets several members follow one another; what is none of them is found by itself.
  gzip: () => zlib.createGunzip(),
  deflate: () => zlib.createInflate(whole),
  br: () => zlib.createBrotliDecompress(whole),
  zstd: () => zlib.createZstdDecompress({ ...zstdOptions, ...whole }),
}

/**
 * `codings` in the order in which they were applied. No step takes or gives more than `limit` bytes; `fail` is told the
 * first fault.
 */
export function decoding(
  message: IncomingMessage,
  codings: readonly Compressing[],
  limit: number,
  fail: (fault: DecodingFault) => void,
): Decoding {
  let received = 0
  let stopped = false
  const failed = (fault: DecodingFault) => {
    if (!stopped) fail(fault)
  }
  const receive = (chunk: Buffer) => {
    received += chunk.length
    if (received > limit) failed({ kind: 'too-large' })
  }
  message.on('data', receive)
  const steps: Transform[] = []
  for (const coding of codings.toReversed()) {
    const step = decoders[coding]()
    step.on('error', error => failed({ kind: 'undecodable', detail: detailOf(coding, error) }))
    const before = steps.at(-1)
    if (before) bound(before, limit, failed)
    ;(before ?? message).pipe(step)
    steps.push(step)
  }
  return {
    content: steps.at(-1) ?? message,
    received: () => received,
    stop() {
      stopped = true
      message.off('data', receive).unpipe()
      for (const step of steps) step.destroy()
    },
  }
}

/** Content in two codings may unfold to much in the first step, and to little in the second. */
function bound(step: Transform, limit: number, fail: (fault: DecodingFault) => void): void {
  let size = 0
  step.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > limit) fail({ kind: 'too-large' })
  })
}

function detailOf(coding: Compressing, { code, message }: NodeJS.ErrnoException): string {
  const why =
    code === 'Z_BUF_ERROR' ? 'it ends before it is whole' : message.replace(/^[A-Z](?=[a-z])/, l => l.toLowerCase())
  return `The content is not what ${coding} makes: ${why.replace(/\.$/, '')}.`
}
