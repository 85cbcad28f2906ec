// What these tests use of the package `oauth`, which brings no types.
declare module 'oauth' {
  type Failed = { readonly statusCode: number; readonly data?: unknown } | null
  export class OAuth {
    constructor(
      requestUrl: string,
      accessUrl: string,
      consumerKey: string,
      consumerSecret: string,
      version: string,
      callback: string,
      method: string,
    )
    getOAuthRequestToken(done: (error: Failed, token: string, secret: string) => void): void
    getOAuthAccessToken(
      token: string,
      secret: string,
      verifier: string,
      done: (error: Failed, token: string, secret: string) => void,
    ): void
    get(url: string, token: string, secret: string, done: (error: Failed, data?: string | Buffer) => void): void
  }
}
