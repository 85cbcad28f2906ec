// What of oidc-provider is used here. It ships no types.
import type { IncomingMessage, ServerResponse } from 'node:http'

export type Payload = Readonly<Record<string, unknown>>

type ProviderError = new (description?: string) => Error
export type ProviderErrors = {
  readonly InvalidGrant: ProviderError
  readonly InvalidRequest: ProviderError
  readonly InvalidTarget: ProviderError
  readonly TemporarilyUnavailable: ProviderError
  readonly SessionNotFound: ProviderError
}

export type OpaqueToken = Payload & { readonly isValid: boolean; readonly exp: number; readonly kind: string }

export type ProviderGrant = {
  addOIDCScope(scope: string): void
  addResourceScope(resource: string, scope: string): void
  rejectResourceScope(resource: string, scope: string): void
  save(): Promise<string>
}

export type ProviderClient = {
  readonly clientId: string
  readonly clientName?: string
  readonly clientSecret?: string
  grantTypeAllowed(grant: string): boolean
} & Payload

export type Interaction = {
  readonly uid: string
  readonly jti: string
  readonly prompt: { readonly name: string; readonly details: Payload }
  readonly params: Payload
  readonly session?: { readonly accountId?: string }
  readonly grantId?: string
}

export type Context = {
  readonly oidc: {
    readonly client: ProviderClient
    readonly session: { readonly accountId?: string; grantIdFor(client: string): string | undefined }
    readonly result?: { readonly consent?: { readonly grantId?: string } }
    readonly requestParamScopes: ReadonlySet<string>
    readonly requestParamOIDCScopes: ReadonlySet<string>
  }
  body: unknown
  type: string
  set(fields: Readonly<Record<string, string>>): void
  get(field: string): string
  readonly path: string
}

export interface Provider {
  proxy: boolean
  callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>
  interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>
  interactionResult(
    request: IncomingMessage,
    response: ServerResponse,
    result: Payload,
    options?: { mergeWithLastSubmission: boolean },
  ): Promise<string>
  on(event: 'server_error', listener: (context: Context, error: unknown) => void): void
  readonly Grant: {
    new (given: { readonly clientId: string; readonly accountId: string }): ProviderGrant
    find(id: string): Promise<ProviderGrant | undefined>
  }
  readonly Client: { find(id: string): Promise<ProviderClient | undefined>; readonly prototype: object }
  readonly AccessToken: { find(token: string): Promise<OpaqueToken | undefined> }
  readonly ClientCredentials: { find(token: string): Promise<OpaqueToken | undefined> }
}

export type ProviderModule = {
  readonly default: new (issuer: string, configuration: Payload) => Provider
  readonly errors: ProviderErrors
}
