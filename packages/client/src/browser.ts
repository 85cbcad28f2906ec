// The client in browsers: over fetch.
import { fetchTransport } from './browser/transport.ts'
import { Client } from './client/client.ts'
import type { ClientOptions } from './client/options.ts'
import type { Platform } from './exchange/transport.ts'

export * from './public.ts'

const browser: Platform = { transport: fetchTransport }

/** A client; see `ClientOptions`. @throws TypeError for options that cannot be kept */
export function createClient(options: ClientOptions = {}): Client {
  return new Client(options, browser)
}
