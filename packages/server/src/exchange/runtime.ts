import type { CorsPolicy, ProblemKind } from '@comity/http'
import type { Scheme, Site } from '../auth/scheme.ts'
import type { Jobs } from '../jobs/running.ts'
import type { Blocks } from '../limits/blocked.ts'
import type { Limits } from '../limits/limits.ts'
import type { Mode } from '../limits/mode.ts'
import type { ApiModel } from '../model/model.ts'
import type { Contents } from '../store/files/contents.ts'
import type { Later, Store } from '../store/store.ts'
import type { Answer } from './answer.ts'
import type { CodingChoice } from './coding/choice.ts'
import type { Exchange } from './exchange.ts'
import type { History } from './history.ts'
import type { Kept } from './representation.ts'
import type { Target } from './target.ts'
import type { Traces } from './traces.ts'

/** What lives as long as the server. */
export type Runtime = {
  readonly model: ApiModel
  readonly store: Store
  /** The bytes of files; undefined where the API has none. */
  readonly contents: Contents | undefined
  readonly now: () => number
  readonly newId: () => string
  /** `byField`: the version that the API-Version field names. */
  readonly targetOf: (url: string, byField: string | undefined) => Target
  /** The same target for those who see only a part of what is there. */
  readonly targetSeen: (target: Target, view: string) => Target
  /** What an Accept-Encoding comes to: where answers may be compressed, and where they never are. */
  readonly codings: Readonly<Record<'compressible' | 'never', (acceptEncoding: string | undefined) => CodingChoice>>
  /** Whether it was kept. */
  readonly keep: (target: Target, variant: number, kept: Kept) => boolean
  /** Whether there is a representation of a URL as bytes; looks nothing up but that. */
  readonly isKept: (url: string) => boolean
  /** Earlier states of items, where their collections keep them. */
  readonly history: History
  /** RFC 9211 */
  readonly cacheStatus: 'sent' | 'left-out'
  /** Hosts served (421 for others); undefined: any. */
  readonly hosts: ReadonlySet<string> | undefined
  readonly isDraining: () => boolean
  /** Ways to say who one is, in the order of their challenges; none where the API does not ask. */
  readonly schemes: readonly Scheme[]
  /** How much callers may ask for; undefined where nothing is limited. */
  readonly limits: Limits | undefined
  /** What schemes answer by themselves, by path without slashes at either end. */
  readonly sites: ReadonlyMap<string, Site>
  /** Whose pages may read answers; undefined: none but the API's own. */
  readonly cors: CorsPolicy | undefined
  /** What browsers are told of every answer; undefined: nothing. */
  readonly securityFields:
    | Readonly<Record<'documents' | 'answers' | 'files', Readonly<Record<string, string>>>>
    | undefined
  /** What it is in use for at the moment. */
  readonly mode: () => Mode
  readonly blocks: Blocks
  /** What this server is called in Via. */
  readonly pseudonym: string
  /** Keys of requests that are being worked on, and their fingerprints. */
  readonly running: Map<string, string>
  readonly jobs: Jobs
  /** The ways of the latest requests; undefined where they are not kept. */
  readonly traces: Traces | undefined
  readonly pageAnswer: (x: Exchange) => Later<Answer>
  readonly report: (error: unknown, id: string) => void
  readonly problem: (code: string) => ProblemKind
}
