// What an API declares of its callers, opened: schemes, and where accounts and keys are kept.
import type { FastifyRequest } from 'fastify'
import { scopesOf } from '../access/scopes.ts'
import {
  type Credentials,
  credentialsOf,
  keepingIn,
  keepingWithin,
  noteAudit,
  noteDigestRealm,
} from '../auth/credentials.ts'
import { withoutKey } from '../auth/query-key.ts'
import type { Scheme } from '../auth/scheme.ts'
import type { Api } from '../define/api.ts'
import { DefinitionError } from '../define/definition-error.ts'
import type { CollectionModel } from '../model/model.ts'
import type { Store, Transaction } from '../store/store.ts'
import type { Mount } from './incoming.ts'

/** Notes what passwords are to be kept for; schemes are opened once the database has its first rows. */
export async function accessOf({ definition, model }: Api, store: Store, now: () => number) {
  const declared = definition.authentication ?? []
  const keeping = keepingIn(store, now)
  const realms = declared.flatMap(each => each.digestRealm?.(definition.title) ?? [])
  if (declared.length > 0) await noteDigestRealm(keeping, realms[0])
  await noteAudit(keeping, model.audit)
  return {
    credentialsWithin: (tx: Transaction): Credentials => credentialsOf(keepingWithin(tx, now)),
    async open(report: (error: unknown) => void, root: () => string): Promise<readonly Scheme[]> {
      if (declared.length === 0) return []
      // An API that asks nobody who it is loads nothing of it.
      const { signInsOf } = await import('../auth/sign-in.ts')
      const context = {
        store,
        credentials: credentialsOf(keeping),
        signIns: signInsOf(store, definition.attempts),
        title: definition.title,
        scopes: scopesOf([...model.collections, ...model.services]),
        now,
        report,
        root,
      }
      const schemes: Scheme[] = []
      for (const each of declared) schemes.push(await each.open(context))
      const isAsked = ({ byName, aliases }: CollectionModel) => byName.has('key') || aliases.has('key')
      const asked = model.collections.filter(isAsked).map(({ name }) => ({
        place: `resources.${name}`,
        problem: '“key” in the query is the API key here; call the field otherwise, or take no keys from the query',
      }))
      if (asked.length > 0 && schemes.some(({ queryKeys }) => queryKeys === 'allowed')) throw new DefinitionError(asked)
      return schemes
    },
  }
}

/** For the host's own log of requests, where keys may stand in the query. */
export function unlogged({ queryKeys }: Mount) {
  if (queryKeys === undefined) return {}
  const req = ({ method, url, host, ip }: FastifyRequest) => ({
    method,
    url: withoutKey(url, queryKeys).url,
    host,
    remoteAddress: ip,
  })
  return { logSerializers: { req } }
}
