// Content as it arrives: the transport puts pieces in, one reader takes them out.
import type { ReceivedBody } from './response.ts'

/** What the inbox asks of its transport. */
export type Source = {
  /** More is wanted, after `push` returned false. */
  readonly resume: () => void
  /** Nothing more is wanted. */
  readonly cancel: () => void
}

const none = new Uint8Array(0)
const highWater = 256 * 1024

export class Inbox implements ReceivedBody {
  #pieces: Uint8Array[] = []
  #held = 0
  #state: 'open' | 'ended' | 'failed' = 'open'
  #error: unknown
  #reading: 'not' | 'pieces' | 'whole' | 'over' = 'not'
  #paused = false
  #wake: (() => void) | undefined
  readonly #source: Source | undefined

  constructor(source?: Source) {
    this.#source = source
  }

  get complete(): boolean {
    return this.#state === 'ended'
  }

  /** False where the transport should wait until it is told to go on. */
  push(piece: Uint8Array): boolean {
    if (this.#state !== 'open' || this.#reading === 'over') return true
    this.#pieces.push(piece)
    this.#held += piece.length
    this.#wakeUp()
    if (this.#reading === 'whole' || this.#held < highWater) return true
    this.#paused = true
    return false
  }

  end(): void {
    if (this.#state !== 'open') return
    this.#state = 'ended'
    this.#wakeUp()
  }

  fail(error: unknown): void {
    if (this.#state !== 'open') return
    this.#state = 'failed'
    this.#error = error
    this.#wakeUp()
  }

  async bytes(): Promise<Uint8Array> {
    this.#begin('whole')
    while (this.#state === 'open') {
      await this.#more()
    }
    this.#reading = 'over'
    const pieces = this.#take()
    if (this.#state === 'failed') throw this.#error
    return joined(pieces)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    this.#begin('pieces')
    try {
      for (;;) {
        for (const piece of this.#take()) yield piece
        // What arrived while the pieces were used comes before an end, or a failure.
        if (this.#pieces.length > 0) continue
        if (this.#state === 'failed') throw this.#error
        if (this.#state === 'ended') return
        await this.#more()
      }
    } finally {
      await this.discard()
    }
  }

  async discard(): Promise<void> {
    if (this.#reading === 'over') return
    this.#reading = 'over'
    this.#pieces = []
    this.#held = 0
    if (this.#state === 'open') this.#source?.cancel()
    this.#wakeUp()
  }

  #begin(how: 'pieces' | 'whole'): void {
    if (this.#reading !== 'not') throw new TypeError('the content of this response has been read or discarded already')
    this.#reading = how
  }

  #take(): Uint8Array[] {
    const pieces = this.#pieces
    this.#pieces = []
    this.#held = 0
    return pieces
  }

  /** Resolves with what arrives next, which a transport that is told to go on may hand over at once. */
  #more(): Promise<void> {
    const woken = new Promise<void>(resolve => {
      this.#wake = resolve
    })
    if (this.#paused) {
      this.#paused = false
      this.#source?.resume()
    }
    return woken
  }

  #wakeUp(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }
}

/** Content that is here already. */
export function completeBody(bytes: Uint8Array = none): ReceivedBody {
  const inbox = new Inbox()
  if (bytes.length > 0) inbox.push(bytes)
  inbox.end()
  return inbox
}

/** The pieces as one; a single one is not copied. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0] as Uint8Array
  let size = 0
  for (const piece of pieces) size += piece.length
  const whole = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
