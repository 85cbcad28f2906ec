// How the items of a list are named: by the ids that they have, which are kept as they are.
import type { FoundList } from '../found.ts'
import { SourceError } from '../source.ts'

export type Ids = {
  readonly policy: 'integer' | 'text' | 'uuid'
  /** Of each row, in order. */
  readonly values: readonly (string | number)[]
  /** How many had none, and were numbered. */
  readonly given: number
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const longestId = 255

/** @throws SourceError where ids are of two kinds, repeated, or no ids at all */
export function idsOf({ rows, place }: FoundList): Ids {
  const found = rows.map(row => row.id ?? undefined)
  const there = found.filter(id => id !== undefined)
  refuseRepeated(found, place)
  if (there.every(id => Number.isSafeInteger(id))) return numbered(found as readonly (number | undefined)[])
  const at = found.findIndex(id => typeof id !== 'string' || id === '' || id.length > longestId)
  if (at !== -1)
    throw new SourceError(
      `${place}[${at}] has the id ${JSON.stringify(found[at] ?? null)}, which is not of the kind of all others, or no id.`,
      'Give all of a list ids of one kind: whole numbers, or texts of 1 to 255 characters.',
    )
  const values = found as readonly unknown[] as readonly string[]
  return { policy: values.every(id => uuid.test(id)) ? 'uuid' : 'text', values, given: 0 }
}

function refuseRepeated(found: readonly unknown[], place: string): void {
  const seen = new Map<unknown, number>()
  for (const [at, id] of found.entries()) {
    if (id === undefined) continue
    const before = seen.get(id)
    if (before !== undefined)
      throw new SourceError(
        `${place}[${before}] and ${place}[${at}] have the same id, ${JSON.stringify(id)}.`,
        'Give one of them another: an id names one item.',
      )
    seen.set(id, at)
  }
}

function numbered(found: readonly (number | undefined)[]): Ids {
  let last = found.reduce<number>((most, id) => Math.max(most, id ?? 0), 0)
  let given = 0
  const values = found.map(id => {
    if (id !== undefined) return id
    given++
    return ++last
  })
  return { policy: 'integer', values, given }
}
