// The credentials of a database file, without the API that is served from it: also while it is served.
import { existsSync } from 'node:fs'
import { type Credentials, credentialsOf, keepingIn, keepsAudit } from '../auth/credentials.ts'
import { collection } from '../define/collection.ts'
import { buildModel } from '../model/build.ts'
import type { ApiModel } from '../model/model.ts'
import type { Signature } from '../store/audit.ts'
import { after, type Later } from '../store/store.ts'
import { openDatabase } from './database.ts'

export type OpenCredentials = Credentials & { readonly close: () => Later<void> }

/**
 * Opens the accounts and keys of a database. Tables of resources are left as they are.
 * @param path of the SQLite file that a server is given, or was
 * @throws Error where there is no such file, it is no database, or it was made by a newer Comity
 */
export async function openCredentials(path: string): Promise<OpenCredentials> {
  if (!existsSync(path)) throw new Error(`${path} is not there.`)
  const url = `sqlite:${path}`
  let store = await openDatabase(url, withoutResources('none'))
  if (await keepsAudit(store)) {
    await store.close()
    store = await openDatabase(url, withoutResources('kept'))
  }
  const keeping = keepingIn(store, Date.now, operator)
  return { ...credentialsOf(keeping), close: () => after(store.close(), () => undefined) }
}

/** Who has the file needs no other credentials. */
const operator: Signature = { request: '', caller: 'operator', scheme: '', via: '', address: '', method: '', path: '' }

/** A model whose tables are none. */
const withoutResources = (audit: ApiModel['audit']): ApiModel => ({
  ...buildModel({ title: 'Credentials', resources: { credentials: collection({ fields: {} }) } }),
  resources: new Map(),
  collections: [],
  audit,
})
