// A rule of design, and what it finds.
import type { Api } from './api.ts'

/** `error`: callers will break or be misled. `warning`: callers will be hindered. `note`: they could be served better. */
export type Level = 'error' | 'warning' | 'note'

export type Finding = {
  /** RFC 6901, into the document. */
  readonly pointer: string
  /** One sentence about this place. */
  readonly message: string
}

export type Rule = {
  /** Stable: `paths/plural-nouns`. */
  readonly id: string
  readonly level: Level
  /** What the rule asks for, in one sentence. */
  readonly title: string
  /** Why. */
  readonly reason: string
  /** What to do. */
  readonly fix: string
  readonly check: (api: Api) => Iterable<Finding>
}
