// The credentials of a database file, without the API that is served from it: also while it is served.
import { existsSync } from 'node:fs'
import { type Credentials, credentialsOf, keepingIn } from '../auth/credentials.ts'
import { collection } from '../define/collection.ts'
import { buildModel } from '../model/build.ts'
import type { ApiModel } from '../model/model.ts'
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
  const store = await openDatabase(`sqlite:${path}`, withoutResources())
  return { ...credentialsOf(keepingIn(store, Date.now)), close: () => after(store.close(), () => undefined) }
}

/** A model whose tables are none. */
const withoutResources = (): ApiModel => ({
  ...buildModel({ title: 'Credentials', resources: { credentials: collection({ fields: {} }) } }),
  resources: new Map(),
  collections: [],
})
