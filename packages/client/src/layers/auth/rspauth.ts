// RFC 7616 §3.5: content that is hashed as it is read, and refused at its end where the hash is not the one promised
import type { Incoming, ReceivedBody } from '../../exchange/response.ts'
import type { Running } from './hashes.ts'

/** The same response, whose content ends in an error where `verdict` throws one. */
export function checked(response: Incoming, running: Running, verdict: (hash: string) => Promise<void>): Incoming {
  const { body } = response
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for await (const piece of body) {
      running.update(piece)
      yield piece
    }
    await verdict(running.end())
  }
  const wrapped: ReceivedBody = {
    // It may still fail.
    complete: false,
    [Symbol.asyncIterator]: pieces,
    async bytes() {
      const bytes = await body.bytes()
      running.update(bytes)
      await verdict(running.end())
      return bytes
    },
    discard: () => body.discard(),
  }
  return { ...response, body: wrapped }
}
