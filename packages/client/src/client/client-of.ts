// The type of a client by what it is told of its server.
import type { Client } from './client.ts'
import type { ContractClient } from './contract.ts'
import type { ApiShape, ResourceCalls } from './typed.ts'

/** `Contract` is `typeof api` of @comity/server, or `paths` of openapi-typescript; a plain client without it. */
export type ClientOf<Contract> = unknown extends Contract
  ? Client
  : Contract extends ApiShape
    ? Client & ResourceCalls<Contract['definition']['resources']>
    : ContractClient<Contract>
