// Reading a request's content from Node's stream: bounded in size, in time and in memory.
import type { IncomingMessage } from 'node:http'
import type { ContentBounds, ContentRead } from '../exchange/exchange.ts'
import { NoRoom, openSpool, type Room, type Spool } from './spool.ts'

/** A content, and how to be rid of the file it may be in; to be called once, when nothing reads it any more. */
export type Received = { readonly read: ContentRead; readonly discard: () => Promise<void> }

/**
 * Reads at most `limit` bytes; what is above `memory` goes to a file. `timeout` ms are given for each `memory` bytes.
 * What is left of a content that is too large, or has no room, is not read. Rejects where the file cannot be written.
 */
export function readContent(message: IncomingMessage, bounds: ContentBounds, room: Room): Promise<Received> {
  const { memory, limit, timeout } = bounds
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
      if (size > due) {
        timer.refresh()
        due += memory
      }
      message.pause()
      spilling = spill()
      spilling.then(
        () => message.resume(),
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
    const leave = () => {
      clearTimeout(timer)
      message.off('data', take).off('end', complete).off('error', abort).off('close', abort)
      message.on('error', ignore)
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
    message.on('data', take).on('end', complete).on('error', abort).on('close', abort)
  })
}

/** A connection that breaks after its content was given up is nobody's error. */
const ignore = () => {}
