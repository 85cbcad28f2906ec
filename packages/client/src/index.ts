// The client in Node: over undici's core.
import { Client } from './client/client.ts'
import type { ClientOf } from './client/client-of.ts'
import type { ClientOptions } from './client/options.ts'
import type { Platform } from './exchange/transport.ts'
import { cache } from './layers/cache/cache.ts'
import { dedupe } from './layers/dedupe.ts'
import { Metrics } from './metrics/metrics.ts'
import { coding } from './node/coding.ts'
import { cookies } from './node/cookies.ts'
import { diagnostics } from './node/diagnostics.ts'
import { nodeTransport } from './node/transport.ts'

export type { CallDiagnostics } from './node/diagnostics.ts'
export { fileName } from './node/download/file-name.ts'
export { file } from './node/file.ts'
export { type AuthorizationCodeOptions, authorizationCode } from './node/oauth2/authorization-code.ts'
export { tokenFile } from './node/oauth2/token-file.ts'
export { secret } from './node/secret.ts'
export { type SqliteStoreOptions, sqliteStore } from './node/sqlite-store.ts'
export * from './public.ts'

const node: Platform = {
  transport: nodeTransport,
  coding,
  cache,
  cookies,
  dedupe,
  diagnostics,
  files: () => import('./node/files.ts'),
  metrics: options => new Metrics(options),
}

/**
 * A client; see `ClientOptions`. `Contract` types its calls: `typeof api` of @comity/server, or `paths` of openapi-typescript.
 * @throws TypeError for options that cannot be kept
 */
export function createClient<Contract = unknown>(options: ClientOptions = {}): ClientOf<Contract> {
  return new Client(options, node) as unknown as ClientOf<Contract>
}
