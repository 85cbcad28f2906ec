// Reading a request's content from Node's stream: bounded in size and in time.
import type { IncomingMessage } from 'node:http'
import type { ContentRead } from '../exchange/exchange.ts'

/** Reads at most `limit` bytes within `timeout` ms. What is left of a content that is too large is not read. */
export function readContent(message: IncomingMessage, limit: number, timeout: number): Promise<ContentRead> {
  return new Promise(resolve => {
    const chunks: Buffer[] = []
    let size = 0
    const timer = setTimeout(() => end({ kind: 'timeout' }), timeout)
    const take = (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) end({ kind: 'too-large' })
      else chunks.push(chunk)
    }
    const complete = () =>
      end({ kind: 'content', bytes: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks) })
    const abort = () => end({ kind: 'aborted' })
    const end = (read: ContentRead) => {
      clearTimeout(timer)
      message.off('data', take).off('end', complete).off('error', abort).off('close', abort)
      message.on('error', ignore)
      if (read.kind !== 'content') message.pause()
      resolve(read)
    }
    message.on('data', take).on('end', complete).on('error', abort).on('close', abort)
  })
}

/** A connection that breaks after its content was given up is nobody's error. */
const ignore = () => {}
