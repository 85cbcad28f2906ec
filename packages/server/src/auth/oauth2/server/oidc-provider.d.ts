// oidc-provider ships no types: the least of them, as tests of clients use it. What the server uses is in `provider-types.ts`.
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  type Token = {
    readonly isExpired: boolean
    readonly isSenderConstrained: () => boolean
    readonly scope?: string
    readonly clientId: string
    readonly jkt?: string
    destroy: () => Promise<void>
  }
  export const errors: object
  export default class Provider {
    constructor(issuer: string, configuration: object)
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>
    readonly AccessToken: { find: (token: string) => Promise<Token | undefined> }
    readonly Grant: new (given: {
      clientId: string
      accountId: string
    }) => {
      addOIDCScope: (scope: string) => void
      addResourceScope: (resource: string, scope: string) => void
      save: () => Promise<string>
    }
  }
}
