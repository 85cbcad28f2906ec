// Rows: objects with values by name.

export type Row = Readonly<globalThis.Record<string, unknown>>

/** Can be asked for more than once, and tells the same each time. */
export type Rows = () => AsyncIterable<Row>

/** The names of all members, in the order in which they first appear. */
export async function namesOfAll(rows: Rows): Promise<readonly string[]> {
  const names = new Set<string>()
  for await (const row of rows()) for (const name of Object.keys(row)) names.add(name)
  return [...names]
}

/** An item as a row: an object as it is, anything else under `value`. */
export function rowOfItem(item: unknown): Row {
  return typeof item === 'object' && item !== null && !Array.isArray(item) ? (item as Row) : { value: item }
}
