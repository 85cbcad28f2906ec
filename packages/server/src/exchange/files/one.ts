// One file: its first bytes are looked at, and all of them laid aside.
import { sniff, sniffedLength } from '../../content/sniff.ts'
import type { FileRules } from '../../model/model.ts'
import { refuse } from '../answer.ts'
import type { Exchange } from '../exchange.ts'
import { Stopped } from '../failure.ts'
import { typeOf } from './type-of.ts'

export type Sent = {
  readonly name: string
  /** Its Content-Type. */
  readonly declared: string | undefined
  readonly pieces: AsyncIterable<Uint8Array>
}

/** Lays a file aside and notes it. @throws Stopped where it is refused */
export async function receiveFile(x: Exchange, rules: FileRules, { name, declared, pieces }: Sent): Promise<void> {
  const { contents } = x.runtime
  if (contents === undefined) throw new TypeError('there is no place for files')
  let mediaType = ''
  const judged = looked(pieces, async start => {
    mediaType = typeOf(rules, name, declared, await sniff(start))
  })
  const received = await contents.receive(judged, rules.size)
  switch (received.kind) {
    case 'too-large':
      throw new Stopped(
        refuse('content-too-large', `“${name}” is larger than the ${rules.size} bytes that a file may have here.`, {
          fields: { connection: 'close' },
          members: { limit: rules.size },
        }),
      )
    case 'no-room':
      throw new Stopped(
        refuse('insufficient-storage', 'There is no room to keep the file.', { fields: { connection: 'close' } }),
      )
    case 'laid':
      x.files.push({ name, mediaType, laid: received.laid })
  }
}

/** The pieces as they come, once `look` has seen the first bytes and did not throw. */
async function* looked(
  pieces: AsyncIterable<Uint8Array>,
  look: (start: Uint8Array) => Promise<void>,
): AsyncGenerator<Uint8Array, void> {
  let held: Uint8Array[] | undefined = []
  let size = 0
  for await (const piece of pieces) {
    if (held === undefined) {
      yield piece
      continue
    }
    held.push(piece)
    size += piece.length
    if (size < sniffedLength) continue
    await look(Buffer.concat(held).subarray(0, sniffedLength))
    yield* held
    held = undefined
  }
  if (held === undefined) return
  await look(Buffer.concat(held))
  yield* held
}
