// How much callers may ask for, as a definition says it.

/**
 * A policy of `rates`, by its name: so many requests in each window for each caller (or address), or so many at the same
 * time.
 */
export type RateDefinition = {
  /**
   * Whose requests are counted together. `caller`: who proved who they are, else by address. `address`: asked before
   * credentials are looked at, unless `for` says whose. `api`: everybody's.
   */
  readonly per: 'caller' | 'address' | 'api'
  /** How many in each window: what they cost in all. */
  readonly requests?: number
  /** Seconds, or the calendar's: a day or a month, in UTC, counted durably. */
  readonly window?: number | 'day' | 'month'
  /** How many at the same time, instead of `requests` and `window`. */
  readonly concurrent?: number
  /** To which routes it applies: `accounts`, `accounts.transactions`, `POST`, `POST accounts`. All, when not given. */
  readonly on?: readonly string[]
  /** What a request of a route costs; 1 where none is named. The most special name holds. */
  readonly costs?: Readonly<Record<string, number>>
  /** `each`: every route is counted for itself. */
  readonly routes?: 'together' | 'each'
  /** Whose requests it is about: those with these claims, those who did not say who they are, or who did. */
  readonly for?: 'anonymous' | 'known' | Readonly<Record<string, string | number | boolean>>
  /** Beyond it: `wait` (429, the default), or `pay` (402): the plan is used up. */
  readonly beyond?: 'wait' | 'pay'
}

export type Rates = Readonly<Record<string, RateDefinition>>
