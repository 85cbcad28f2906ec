// A form is what a resource can be shown in; a format is a form that is read back, too.
import type { Link } from '@comity/http'
import type { Field, Limits, Values } from '../model/model.ts'

/** What is being written or read: names for elements, members in order with their kinds. */
export type Shape = {
  /** `account` */
  readonly singular: string
  /** `accounts` */
  readonly plural: string
  readonly fields: readonly Field[]
}

/** A part of a document: text, which travels as UTF-8, or bytes. */
export type Piece = string | Uint8Array

/** Writes a list piece by piece: `open`, then batches, then `close`. Concatenated, the pieces are the document. */
export type ListWriter<P extends Piece = Piece> = {
  readonly open: () => P
  /** `first` is true for the first batch that is not empty. */
  readonly rows: (rows: readonly Values[], first: boolean) => P
  readonly close: () => P
}

/** Content as a value, or why it cannot be one. */
export type Parsed =
  | { readonly kind: 'value'; readonly value: unknown }
  | {
      readonly kind: 'malformed'
      readonly detail: string
      readonly line?: number
      readonly column?: number
      /** The byte at fault, from 0, in a format that has no lines. */
      readonly offset?: number
    }

/** What the method reads: one item, a list, or either of them. */
export type Expected = 'item' | 'list' | 'either'

/** One item of a content that is read in pieces, and the line it starts at, from 1. */
export type Row =
  | { readonly kind: 'value'; readonly value: unknown; readonly line: number }
  | {
      readonly kind: 'malformed'
      readonly detail: string
      readonly line: number
      readonly column?: number
      /** What cannot be read: this row, or all that follows too. */
      readonly extent: 'row' | 'rest'
    }

/**
 * Reads a content that comes in pieces, some rows at a time, in memory that does not grow with it. The limits hold for
 * each row by itself, which may be as long as a content otherwise (`limits.body`). Throws only what `pieces` throws.
 */
export type RowReader = (
  pieces: AsyncIterable<Uint8Array>,
  shape: Shape,
  limits: Limits,
) => AsyncIterable<readonly Row[]>

export type FormatName = 'json' | 'xml' | 'csv' | 'ndjson' | 'cbor'

export type FormName = FormatName | 'html'

/** `P`: what it writes; forms of text write text. */
export type Form<P extends Piece = Piece> = {
  /** Also the extension in a path. */
  readonly name: FormName
  /** `application/json` */
  readonly mediaType: string
  /** The Content-Type sent, with its charset where the type has one. */
  readonly contentType: string
  /** Fields that say how what is written is to be used, beside its type. */
  readonly fields?: Readonly<Record<string, string>>
  /** One item; a line feed at the end of text formats is not required. `links`: for forms that show them. */
  readonly item: (values: Values, shape: Shape, links?: readonly Link[]) => P
  readonly list: (shape: Shape, links?: readonly Link[]) => ListWriter<P>
}

export type Format<P extends Piece = Piece> = Form<P> & {
  readonly name: FormatName
  /**
   * An object for one item, an array of objects for a list (`expect` says which the method reads). Text is turned
   * into the kind of its field where it can be; where not, it is left for validation to refuse. Never throws.
   */
  readonly parse: (content: Uint8Array, shape: Shape, expect: Expected, limits: Limits) => Parsed
  /** Of a format of rows: content in it, sent to a collection, is always a list, and may be of any length. */
  readonly rows?: RowReader
}
