// Everything that is looked at in an answer, in the order in which it is told.
import { lookAtCaching } from './caching.ts'
import { lookAtContent, lookAtNegotiation } from './content.ts'
import { lookAtErrors } from './errors.ts'
import type { Finding, Look, Observed } from './finding.ts'
import { lookAtMore } from './more.ts'
import { lookAtRanges } from './ranges.ts'
import { lookAtValidators } from './validators.ts'

const looks: readonly Look[] = [
  lookAtCaching,
  lookAtValidators,
  lookAtRanges,
  lookAtNegotiation,
  lookAtContent,
  lookAtErrors,
  lookAtMore,
]

export const lookAt = (observed: Observed): readonly Finding[] => looks.flatMap(look => [...look(observed)])
