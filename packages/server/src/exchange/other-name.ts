// An item by a member of which no two have the same value: `/customers/email=a@example.org` leads to `/customers/7`.
// There is one address of each item, so that caches and validators know one thing by one name.
import type { CollectionModel, Field } from '../model/model.ts'
import { readValue } from '../query/values.ts'
import { after, type Later, type Reads } from '../store/store.ts'
import type { Stop } from './answer.ts'
import type { Exchange } from './exchange.ts'
import type { Place } from './target.ts'

/** Members that name an item as its id does. */
export const otherNames = ({ fields, files }: CollectionModel): readonly Field[] =>
  files ? [] : fields.filter(({ name, unique, translatable }) => unique && !translatable && name !== 'id')

/** Where the item is that the place's id names so; undefined where it names none. */
export function ledElsewhere(
  x: Exchange,
  place: Extract<Place, { kind: 'item' }>,
  reads: Reads,
): Later<Stop | undefined> {
  const { collection, parent, id } = place
  const equals = id.indexOf('=')
  const field = otherNames(collection).find(({ name }) => name === id.slice(0, Math.max(equals, 0)))
  // An older version may call its members otherwise.
  if (field === undefined || x.view() !== undefined) return
  const read = readValue(field, id.slice(equals + 1))
  if (read.kind !== 'value') return
  const [idField] = collection.fields
  const found = reads.page({
    collection,
    parent,
    conditions: [{ field, operator: 'eq', values: [read.value] }],
    sort: collection.sort,
    fields: idField ? [idField] : [],
    start: { kind: 'offset', offset: 0 },
    limit: 1,
  })
  return after(
    found,
    ({ rows: [row] }): Stop | undefined => row && { kind: 'found-at', to: addressOf(x, String(row.id)) },
  )
}

function addressOf({ target, incoming }: Exchange, id: string): string {
  const { path, versionPath, extension, url } = target
  const search = url.indexOf('?')
  const folder = path.slice(0, path.lastIndexOf('/'))
  const named = `${incoming.prefix()}${versionPath}${folder}/${encodeURIComponent(id)}${extension ? `.${extension}` : ''}`
  return search === -1 ? named : named + url.slice(search)
}
