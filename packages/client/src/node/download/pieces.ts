// What of a content is still missing, and who fetches which part of it. All else is here already.

/** Bytes from `at` up to `end`, which is not part of it; undefined: up to the end of the content, wherever that is. */
export type Span = { readonly at: number; readonly end: number | undefined }

export class Piece {
  at: number
  end: number | undefined
  /** Someone fetches it. */
  busy = false

  constructor({ at, end }: Span) {
    this.at = at
    this.end = end
  }

  /** Bytes that are missing; infinite where the end is not known. */
  get left(): number {
    return this.end === undefined ? Number.POSITIVE_INFINITY : this.end - this.at
  }
}

export class Pieces {
  #missing: Piece[]
  /** Of the whole content; undefined while nobody knows. */
  length: number | undefined

  constructor(length: number | undefined, missing: readonly Span[] = [{ at: 0, end: length }]) {
    this.length = length
    this.#missing = missing.map(span => new Piece(span)).filter(({ left }) => left > 0)
  }

  /** Is nothing missing any more? */
  get isWhole(): boolean {
    return this.#missing.length === 0
  }

  /** Bytes that are here. */
  get bytes(): number {
    if (this.length === undefined) return this.#missing[0]?.at ?? 0
    return this.#missing.reduce((rest, piece) => rest - piece.left, this.length)
  }

  get left(): number {
    return this.#missing.reduce((sum, piece) => sum + piece.left, 0)
  }

  /** In order, as it stands. */
  get missing(): readonly Span[] {
    return this.#missing.map(({ at, end }) => ({ at, end }))
  }

  /** The length, once a response has told it. */
  learn(length: number): void {
    this.length = length
    for (const piece of this.#missing) piece.end ??= length
    this.#tidy()
  }

  /** The first piece that nobody fetches. */
  free(): Piece | undefined {
    return this.#taken(this.#missing.find(({ busy }) => !busy))
  }

  /** The second half of what is left of the largest piece; undefined where no half has `least` bytes. */
  half(least: number): Piece | undefined {
    const largest = this.#missing.reduce<Piece | undefined>(
      (best, piece) => (piece.end !== undefined && piece.left > (best?.left ?? 0) ? piece : best),
      undefined,
    )
    if (largest?.end === undefined || largest.left < 2 * least) return undefined
    const middle = largest.at + Math.ceil(largest.left / 2)
    const half = new Piece({ at: middle, end: largest.end })
    largest.end = middle
    this.#missing.splice(this.#missing.indexOf(largest) + 1, 0, half)
    return this.#taken(half)
  }

  /** Nobody fetches it any more. What is left of it is joined to the piece before it, whoever fetches that. */
  release(piece: Piece): void {
    piece.busy = false
    const before = this.#missing[this.#missing.indexOf(piece) - 1]
    if (before !== undefined && before.end === piece.at) {
      before.end = piece.end
      this.#missing.splice(this.#missing.indexOf(piece), 1)
    }
    this.#tidy()
  }

  #taken(piece: Piece | undefined): Piece | undefined {
    if (piece !== undefined) piece.busy = true
    return piece
  }

  #tidy(): void {
    this.#missing = this.#missing.filter(({ busy, left }) => busy || left > 0)
  }
}
