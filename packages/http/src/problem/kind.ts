// RFC 9457 §4: problem types

/** The languages in which a problem speaks to the user of an app. */
export type Language = 'en' | 'ru' | 'vi'

/**
 * One kind of problem. `code` is stable and names it in programs; `title` is the same in every occurrence (§3.1.3).
 * `explanation` (why it happened) and `cure` (what the caller should do) are for the page behind `type`; `messages`
 * are for the user of the app, in plain language. `source` is the section that defines the status.
 */
export type ProblemKind = {
  readonly code: string
  /** Where somebody else has registered it (RFC 9457 §4.2): what `type` says instead of its page here. */
  readonly type?: string
  readonly status: number
  readonly title: string
  readonly explanation: string
  readonly cure: string
  readonly messages: Readonly<Record<Language, string>>
  readonly source: string
}
