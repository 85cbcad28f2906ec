// An API with an authorization server of its own, an account, and clients of every kind.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Authentication,
  authorizationServer,
  defineApi,
  type OpenCredentials,
  openCredentials,
  type ServeOptions,
  type Serving,
  serve,
  service,
  text,
} from '@comity/server'
import { planting } from '../../support/planted.ts'

export type Ledger = {
  readonly database: string
  readonly url: string
  readonly issuer: string
  readonly login: string
  readonly password: string
  readonly clients: Readonly<
    Record<'machine' | 'web' | 'app' | 'own' | 'resource', { readonly id: string; readonly secret: string }>
  >
  /** Of its database, as another process has them. */
  readonly credentials: OpenCredentials
  readonly errors: unknown[]
  /** Stops it and starts it again, on the same database and port. */
  readonly restart: () => Promise<void>
  readonly close: () => Promise<void>
}

export const callback = 'https://app.example/callback'
export const scopes = { read: 'See your entries', write: 'Change your entries', admin: 'Do anything' }

export async function startLedger(
  options: Parameters<typeof authorizationServer>[0] = {},
  more: ServeOptions = {},
  others: readonly Authentication[] = [],
): Promise<Ledger> {
  const errors: unknown[] = []
  const password = 'correct horse battery'
  const clients: Record<string, { id: string; secret: string }> = {}
  const api = defineApi({
    title: 'Ledger',
    attempts: { together: 3 },
    resources: {
      ask: service({ input: {}, output: { id: text() }, handle: () => ({ id: 'here' }) }),
    },
    authentication: [authorizationServer({ scopes, ...options }), ...others],
    async seed(_tx, given) {
      const credentials = planting(given)
      await credentials.addAccount({ login: 'ann', password, scopes: ['read', 'write'] })
      const add = async (name: string, client: object) => {
        const { client: added, secret = '' } = await credentials.addClient({ name, ...client })
        clients[name] = { id: added.id, secret }
      }
      await add('machine', { scopes: ['read'] })
      await add('web', { redirectUris: [callback] })
      await add('app', { kind: 'public', redirectUris: ['http://127.0.0.1/callback'] })
      await add('own', { redirectUris: [callback], consent: 'implied' })
      await add('resource', { introspection: 'all' })
    },
  })
  const folder = mkdtempSync(join(tmpdir(), 'comity-ledger-'))
  const database = join(folder, 'ledger.sqlite')
  const start = (port: number) =>
    serve(api, { port, database: `sqlite:${database}`, onError: error => errors.push(error), ...more })
  let serving: Serving = await start(0)
  const { url } = serving
  const credentials = await openCredentials(database)
  return {
    database,
    url,
    issuer: `${url}/oauth`,
    login: 'ann',
    password,
    clients: clients as Ledger['clients'],
    credentials,
    errors,
    async restart() {
      await serving.close()
      serving = await start(Number(new URL(url).port))
    },
    async close() {
      await credentials.close()
      await serving.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
