// What a table of preconditions needs to know of an item or a list that is there.
import type { Served } from './bank.ts'
import type { Ask, Subject } from './matrix.ts'

type Asks = Readonly<Record<string, Ask>>

/** An item as it is now; `stale` is the tag it had before. */
export async function itemSubject(api: Served, path: string, stale: string | undefined, asks: Asks): Promise<Subject> {
  const { known, allow } = await read(api, path, stale)
  return { path, known, allow, asks }
}

/** A list as it is now. A QUERY has an entity tag of its own, as its answer is another representation. */
export async function listSubject(api: Served, path: string, stale: string | undefined, asks: Asks): Promise<Subject> {
  const { known, allow } = await read(api, path, stale)
  const query = asks.QUERY ?? {}
  const { fields } = await api.call('QUERY', path, {}, query.body)
  return { path, known, allow, asks: { ...asks, QUERY: { ...query, tag: fields.etag ?? '' } } }
}

async function read(api: Served, path: string, stale = '"0-json"') {
  const { status, fields } = await api.call('GET', path)
  const csv = await api.call('HEAD', `${path}.csv`)
  const options = await api.call('OPTIONS', path)
  if (status !== 200 || !fields.etag || !csv.fields.etag || csv.fields.etag === fields.etag)
    throw new Error(`two representations with tags of their own are expected at ${path}`)
  if (stale === fields.etag) throw new Error(`${path} was not changed since it had the tag ${stale}`)
  const modified = Date.parse(fields['last-modified'] ?? '')
  return {
    known: { current: fields.etag, stale, other: csv.fields.etag, modified },
    allow: options.fields.allow ?? '',
  }
}
