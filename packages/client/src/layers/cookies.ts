// RFC 6265: what a client may be told about cookies. In Node a jar of tough-cookie keeps them (node/cookies.ts); browsers
// keep their own, and show none of them.
export type CookieOptions = {
  /** Where they are kept beyond this process: a file of mode 0600. */
  readonly file?: string
  /** Cookies of another name are apart, in the same file too; `default` by default. */
  readonly session?: string
}

declare module './call.ts' {
  interface CallOptions {
    /** False neither sends nor keeps any. */
    readonly cookies?: CookieOptions | false
  }
}
