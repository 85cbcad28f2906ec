// The client in browsers: over fetch.
import { fetchTransport } from './browser/transport.ts'
import { Client } from './client/client.ts'
import type { ClientOf } from './client/client-of.ts'
import type { ClientOptions } from './client/options.ts'
import type { Platform } from './exchange/transport.ts'

export * from './public.ts'

const browser: Platform = { transport: fetchTransport }

/**
 * A client; see `ClientOptions`. `Contract` types its calls: `typeof api` of @comity/server, or `paths` of openapi-typescript.
 * @throws TypeError for options that cannot be kept
 */
export function createClient<Contract = unknown>(options: ClientOptions = {}): ClientOf<Contract> {
  return new Client(options, browser) as unknown as ClientOf<Contract>
}
