// What every operation may be refused with where the API limits how much callers may ask for.
import type { Draft } from './draft.ts'
import type { Operation, PathItem } from './kind.ts'
import { problemResponses } from './problem-responses.ts'

/** 429 and 402, as far as policies lead to them. */
export function withRates(draft: Draft, item: PathItem): PathItem {
  const { rateProblems } = draft.model
  if (rateProblems.length === 0) return item
  const limited = problemResponses(draft, rateProblems)
  return Object.fromEntries(
    Object.entries(item).map(([method, operation]: [string, Operation]) => {
      const responses = Object.entries({ ...limited, ...operation.responses })
      const inOrder = responses.sort(([one], [other]) => Number(one) - Number(other))
      return [method, { ...operation, responses: Object.fromEntries(inOrder) }]
    }),
  )
}
