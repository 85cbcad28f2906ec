// A table or view that others made and go on using, as a collection: where its members are kept, and in which form.

/**
 * How a value is kept in its column, where its kind does not tell. `number`: a decimal as a number. `word`: a boolean
 * as `true` or `false`. `base64`: bytes, shown in base64. `seconds`, `milliseconds`: an instant as a number since the
 * epoch. `value`: whatever SQLite has there. `{ like }`: an instant as text in the form of this example, in UTC.
 */
export type CellForm = 'number' | 'word' | 'base64' | 'seconds' | 'milliseconds' | 'value' | { readonly like: string }

/** The column of a member: its name alone, or with the form of its values. */
export type ExistingColumn = string | { readonly column: string; readonly as: CellForm }

/** A table or view that is there already. Comity neither makes nor changes it; see docs/existing.md. */
export type Existing = {
  /** Its name, as the database spells it. */
  readonly table: string
  /** `view`: only read. A table by default. */
  readonly kind?: 'table' | 'view'
  /**
   * The columns that tell one row from all others. One of them is the id; of several the id is made (`7~ALFKI`). None:
   * the id is the number of the row, and nothing can be written.
   */
  readonly key: readonly string[]
  /** Columns by member; those of members that are not named here are called as the member is, in snake_case. */
  readonly columns?: Readonly<Record<string, ExistingColumn>>
}
