// RFC 9110 §8.4: what a client may say about content codings. Node decodes them in node/coding.ts, browsers by themselves.
export type CodingOptions = {
  /** Accept-Encoding; `gzip, deflate, br, zstd` by default. */
  readonly accept?: string
  /** How many bytes one may become, once 1 MiB has come out; 250 by default. */
  readonly ratio?: number
  /** How many bytes may come out in all; 1 GiB by default. */
  readonly bytes?: number
}

declare module './call.ts' {
  interface CallOptions {
    /** False asks for no coding, and leaves content as it comes. */
    readonly coding?: CodingOptions | false
  }
}
