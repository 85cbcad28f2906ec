// What is found in a source, before anything is made of it.

/** One item as the source has it, under the source's own names. */
export type Row = Readonly<Record<string, unknown>>

export type FoundList = {
  readonly name: string
  readonly rows: readonly Row[]
  /** `text`: values were text, and look like what they are (CSV); `json`: they are what they are. */
  readonly form: 'json' | 'text'
  /** Where it stands, for people: `db.json: posts`. */
  readonly place: string
}

/** Something that is no list of objects: it is shown as it is. */
export type FoundThing = { readonly name: string; readonly value: unknown }

/** What a file holds, and how it is written again. */
export type ReadFile = {
  /** Absolute. */
  readonly path: string
  /** What was read. */
  readonly text: string
  readonly lists: readonly FoundList[]
  readonly things: readonly FoundThing[]
  /** A row of a list, as the file has it. */
  readonly writeRow: (row: Row) => string
  /** The whole of it anew, with these rows, written as above, in its lists. */
  readonly write: (rows: ReadonlyMap<string, readonly string[]>) => string
}

export type FoundFile = ReadFile & {
  /** Which state of the file was read, at the latest. */
  readonly stamp: string
}
