// Every rule of design, in the order in which their findings are told.
import type { Rule } from './rule.ts'
import { guarded, noSequentialIds, problemDetails, repeatable, versioned, whoMayAsk } from './rules/contract.ts'
import { boundedPages, paged } from './rules/lists.ts'
import { oneCase, tellingNames } from './rules/parameters.ts'
import { depth, noVerbs, plainSegments, pluralNouns } from './rules/paths.ts'
import { contentFits, createdFits, fitMethod, location, mistakesTold, noContentToRead } from './rules/statuses.ts'

export const rules: readonly Rule[] = [
  noVerbs,
  pluralNouns,
  depth,
  plainSegments,
  tellingNames,
  oneCase,
  paged,
  boundedPages,
  fitMethod,
  contentFits,
  createdFits,
  location,
  mistakesTold,
  noContentToRead,
  problemDetails,
  versioned,
  noSequentialIds,
  whoMayAsk,
  repeatable,
  guarded,
]
