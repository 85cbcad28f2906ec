// SQL is built by Kysely and compiled once per shape of plan. A value in it is a slot: the place in the list of cells
// that a plan of that shape brings along, so that one compiled statement serves every plan of the shape.
import {
  type Compilable,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely'
import type { Cell } from './columns.ts'

/** Tables are known only at load, so the builder's schema is open. It compiles and never runs anything. */
// biome-ignore lint/suspicious/noExplicitAny: no table is known when this is compiled
export const builder = new Kysely<any>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: db => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

/** A compiled statement: `slots[i]` tells which cell of the plan the i-th placeholder takes. */
export type Query = {
  readonly sql: string
  readonly slots: readonly number[]
  /** Whole numbers may be larger than JavaScript has them exactly; those are read as BigInts. */
  readonly wide?: boolean
}

/** Hands out slots in the order in which the plan's cells are listed. */
export type Slots = () => ReturnType<typeof sql.val<number>>

/** A new counter, from the first slot on. */
export function countSlots(): Slots {
  let next = 0
  return () => sql.val(next++)
}

/** SQL text and slots of a built query. */
export function compile(query: Compilable<unknown>, numbers: 'wide' | 'safe' = 'safe'): Query {
  const { sql: text, parameters } = query.compile()
  return { sql: text, slots: parameters as readonly number[], wide: numbers === 'wide' }
}

/** The arguments of a statement: its cells, in the order of its placeholders. */
export const argumentsOf = ({ slots }: Query, cells: readonly Cell[]): Cell[] => slots.map(slot => cells[slot] as Cell)
