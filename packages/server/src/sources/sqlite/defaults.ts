// The default of a column, as a value that a new item may be given.
import { decodeAs } from '../../store/sqlite/cells.ts'
import type { Inferred } from './infer.ts'

/** Undefined where it is no literal: then the database fills it in. */
export function literalOf(sql: string | undefined, { type, as }: Inferred): string | number | boolean | undefined {
  if (sql === undefined) return undefined
  const cell = cellOf(
    sql
      .trim()
      .replace(/^\((.*)\)$/s, '$1')
      .trim(),
  )
  if (cell === undefined) return undefined
  if (type.kind === 'anything' || type.kind === 'json') return undefined
  const kind = type.kind === 'words' ? 'text' : type.kind
  const field = { kind, scale: type.kind === 'decimal' ? type.scale : 0 }
  const value = decodeAs(as, field)(cell)
  const wanted = { text: 'string', integer: 'number', number: 'number', boolean: 'boolean' } as const
  const isOne = typeof value === (kind in wanted ? wanted[kind as keyof typeof wanted] : 'string')
  return isOne ? (value as string | number | boolean) : undefined
}

function cellOf(sql: string): string | number | undefined {
  if (/^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(sql)) return Number(sql)
  if (/^true$/i.test(sql)) return 1
  if (/^false$/i.test(sql)) return 0
  const [, single] = /^'((?:[^']|'')*)'$/s.exec(sql) ?? []
  if (single !== undefined) return single.replaceAll("''", "'")
  const [, double] = /^"((?:[^"]|"")*)"$/s.exec(sql) ?? []
  return double?.replaceAll('""', '"')
}
