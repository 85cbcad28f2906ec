// JSON as values, and back. Whole numbers that a double cannot hold are kept as BigInt, so that no id is changed.

const long = /\d{16}/

// TypeScript does not know yet what a reviver is told of the source (ECMAScript 2026).
type Reviver = (name: string, value: unknown, context: { readonly source?: string }) => unknown

/** @throws SyntaxError where it is not JSON */
export function parseJson(text: string): unknown {
  return long.test(text) ? JSON.parse(text, exactly as (name: string, value: unknown) => unknown) : JSON.parse(text)
}

const exactly: Reviver = (_name, value, { source }) =>
  typeof value === 'number' && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source)
    ? BigInt(source)
    : value

/** JSON text; `indent` of 0 puts it into one line. */
export function formatJson(value: unknown, indent = 2): string {
  return JSON.stringify(value, raw, indent) ?? 'null'
}

const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown }
const raw = (_name: string, value: unknown): unknown => (typeof value === 'bigint' ? rawJSON(String(value)) : value)
