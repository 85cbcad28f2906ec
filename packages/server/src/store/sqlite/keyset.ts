// Where a page starts, as SQL: the rows beyond a key in the order of the plan, found by the index and not by counting.
// Nulls stand where SQLite sorts them: before every value, so first when ascending and last when descending.
import { type Expression, type SqlBool, sql } from 'kysely'
import type { Direction, Sort } from '../../model/model.ts'
import type { ListPlan } from '../store.ts'
import type { Slots } from './builder.ts'
import { type Cell, encode, isNullable } from './columns.ts'

/** The direction rows are read in: a page before a key is read backwards. */
export const readingDirection = (plan: ListPlan, { direction }: Sort): Direction =>
  plan.start.kind === 'before' ? (direction === 'asc' ? 'desc' : 'asc') : direction

const keyOf = ({ start }: ListPlan): readonly unknown[] => (start.kind === 'offset' ? [] : start.key)

const isNull = (value: unknown): boolean => value === null || value === undefined

/** What the text of the statement depends on. */
export function keysetShape(plan: ListPlan): string {
  if (plan.start.kind === 'offset') return 'offset'
  return plan.start.kind + plan.start.key.map(value => (isNull(value) ? '0' : '1')).join('')
}

/** The cells of the key, in the order of the slots. */
export const keysetCells = (plan: ListPlan): readonly Cell[] =>
  keyOf(plan).flatMap((value, i) => {
    const sort = plan.sort[i]
    return isNull(value) || sort === undefined ? [] : [encode(sort.field, value)]
  })

type Edge = {
  readonly column: ReturnType<typeof sql.ref>
  readonly direction: Direction
  readonly nullable: boolean
  /** Undefined where the key has null. */
  readonly key: Expression<unknown> | undefined
}

/** The rows strictly beyond the plan's key; undefined for a plan that starts at an offset. */
export function keysetExpression(plan: ListPlan, slots: Slots): Expression<SqlBool> | undefined {
  if (plan.start.kind === 'offset') return undefined
  const key = keyOf(plan)
  const edges = plan.sort.map(
    (sort, i): Edge => ({
      column: sql.ref(sort.field.column),
      direction: readingDirection(plan, sort),
      nullable: isNullable(sort.field),
      key: isNull(key[i]) ? undefined : slots(),
    }),
  )
  const [first] = edges
  if (first === undefined) return undefined
  if (isRowComparison(edges)) {
    const columns = sql.join(edges.map(edge => edge.column))
    const keys = sql.join(edges.map(edge => edge.key))
    return sql<SqlBool>`(${columns}) ${sql.raw(first.direction === 'asc' ? '>' : '<')} (${keys})`
  }
  const beyond = beyondFrom(edges)
  const reach = reachOf(first)
  return reach ? sql<SqlBool>`(${reach} and ${beyond})` : beyond
}

/** One comparison of rows, which the index answers by itself: one direction, and no null that it would pass over. */
const isRowComparison = (edges: readonly Edge[]): boolean =>
  edges.every(
    ({ direction, nullable, key }) =>
      key !== undefined && direction === edges[0]?.direction && (direction === 'asc' || !nullable),
  )

/** A bound on the leading column alone, implied by the rest, that lets the index skip what was read before. */
function reachOf({ column, direction, nullable, key }: Edge): Expression<SqlBool> | undefined {
  if (key === undefined) return undefined
  if (direction === 'asc') return sql<SqlBool>`${column} >= ${key}`
  return nullable ? undefined : sql<SqlBool>`${column} <= ${key}`
}

function beyondFrom([edge, ...rest]: readonly Edge[]): Expression<SqlBool> {
  if (edge === undefined) return sql<SqlBool>`false`
  const { column, key } = edge
  const same = key === undefined ? sql<SqlBool>`${column} is null` : sql<SqlBool>`${column} = ${key}`
  return sql<SqlBool>`(${beyondOne(edge)} or (${same} and ${beyondFrom(rest)}))`
}

function beyondOne({ column, direction, nullable, key }: Edge): Expression<SqlBool> {
  if (direction === 'asc')
    return key === undefined ? sql<SqlBool>`${column} is not null` : sql<SqlBool>`${column} > ${key}`
  if (key === undefined) return sql<SqlBool>`false`
  return nullable ? sql<SqlBool>`(${column} < ${key} or ${column} is null)` : sql<SqlBool>`${column} < ${key}`
}
