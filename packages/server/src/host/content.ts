// Reading a request's content from Node's stream: bounded in size, in time and in memory.
import type { IncomingMessage } from 'node:http'
import type { ContentBounds, ContentRead } from '../exchange/incoming.ts'
import { decoding } from './decoding.ts'
import { NoRoom, openSpool, type Room, type Spool } from './spool.ts'

/** A content, and how to be rid of the file it may be in; to be called once, when nothing reads it any more. */
export type Received = { readonly read: ContentRead; readonly discard: () => Promise<void> }

/**
 * Reads at most `limit` bytes, its codings undone; what is above `memory` goes to a file, as it was before it was coded. `timeout` ms are given for each `memory` bytes.
 * What is left of a content that is too large, or has no room, is not read. Rejects where the file cannot be written.
 */
export function readContent(message: IncomingMessage, bounds: ContentBounds, room: Room): Promise<Received> {
  const { memory, limit, timeout, codings, ratio } = bounds
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = []
    let size = 0
    let due = memory
    let spool: Spool | undefined
    let spilling: Promise<void> = Promise.resolve()
    const timer = setTimeout(() => end({ kind: 'timeout' }), timeout)
    const take = (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) return end({ kind: 'too-large' })
      chunks.push(chunk)
      if (size <= memory) return
      if (decoder && size > ratio * decoder.received()) return end({ kind: 'too-large', ratio })
      if (size > due) {
        timer.refresh()
        due += memory
      }
      content.pause()
      spilling = spill()
      spilling.then(
        () => content.resume(),
        error => (error instanceof NoRoom ? end({ kind: 'no-room' }) : fail(error)),
      )
    }
    const spill = async () => {
      const pending = chunks
      chunks = []
      spool ??= await openSpool(room)
      await spool.write(pending)
    }
    const complete = () => {
      if (spool) end({ kind: 'spooled', content: spool.finish() })
      else end({ kind: 'content', bytes: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks) })
    }
    const abort = () => end({ kind: 'aborted' })
    // A message that is all here closes while the last of it is still being decoded.
    const close = () => (decoder && message.readableEnded ? undefined : abort())
    const leave = () => {
      clearTimeout(timer)
      content.off('data', take).off('end', complete)
      message.off('error', abort).off('close', close)
      message.on('error', ignore)
      decoder?.stop()
    }
    const discard = async () => {
      await spilling.catch(ignore)
      await spool?.discard()
    }
    const end = (read: ContentRead) => {
      leave()
      if (read.kind !== 'content' && read.kind !== 'spooled') message.pause()
      resolve({ read, discard })
    }
    const fail = (error: unknown) => {
      leave()
      message.pause()
      discard().then(() => reject(error), reject)
    }
    message.on('error', abort).on('close', close)
    const decoder = codings.length > 0 ? decoding(message, codings, limit, end) : undefined
    const content = decoder?.content ?? message
    content.on('data', take).on('end', complete)
  })
}

/** A connection that breaks after its content was given up is nobody's error. */
const ignore = () => {}
