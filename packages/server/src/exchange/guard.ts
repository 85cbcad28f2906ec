// What a caller's writes are held to: rows that they see and may write, members that they may set. All of it is asked inside
// the transaction, which is rolled back where the answer is no.
import { getWithin } from '../access/reads.ts'
import type { Act } from '../access/rule.ts'
import type { Sight } from '../access/sight.ts'
import { formatPointer } from '../content/json-pointer.ts'
import { oneOfThem } from '../define/names.ts'
import type { ApiModel, CollectionModel, Values } from '../model/model.ts'
import { ConstraintError } from '../store/errors.ts'
import { after, type Item, type Later, type Missing, type Transaction } from '../store/store.ts'
import type { CollectionView } from '../versions/view.ts'
import { type Refused, refuse } from './answer.ts'
import { Stopped } from './failure.ts'

type Place = { readonly tx: Transaction; readonly collection: CollectionModel; readonly parent: string | undefined }
type Tokens = readonly (string | number)[]

export type Guard = {
  /** The item to write to; refused where it may be seen and not written. */
  readonly find: (place: Place, id: string) => Later<Item | Missing | Refused>
  /** Why the caller may not choose the id of a new item. */
  readonly choosing: (collection: CollectionModel) => Refused | undefined
  /** Members of a new item that the caller does not set: what the rules say they are. */
  readonly fills: (collection: CollectionModel) => Values
  /** Asked of the members that a write sets. @throws Stopped, ConstraintError */
  readonly setting: (place: Place, values: Values, before: Values | undefined, at: Tokens) => Later<void>
  /** Asked of what was written. @throws Stopped */
  readonly written: (place: Place, item: Item) => Later<Item>
  /** What the database refuses, so far as the caller may know of it. */
  readonly told: (collection: CollectionModel, error: unknown) => unknown
}

/** `view`: how the caller sees the collection that is written to. */
export function guardOf(model: ApiModel, sight: Sight, act: Act, view?: CollectionView | undefined): Guard {
  const ruleOf = (collection: CollectionModel) => sight.rule(collection, act)
  const isLimited = (collection: CollectionModel) => sight.reach(collection, act).length > 0
  const reveals = (collection: CollectionModel, member: string) => ruleOf(collection)?.reveals.has(member) === true
  /** Whether an id may be taken by a row that is not seen; those of files begin with what they are below. */
  const isSecretId = (collection: CollectionModel) =>
    !reveals(collection, 'id') && sight.reach(collection, act).some(({ of }) => of === 'row' || !collection.files)
  const named = (collection: CollectionModel) => oneOfThem((view?.model ?? collection).singular)

  return {
    find({ tx, collection, parent }, id) {
      const [seen, reach] = [sight.seen(collection, act), sight.reach(collection, act)]
      return after(getWithin(tx, collection, id, parent, seen), found => {
        if (typeof found === 'string' || reach.length === 0) return found
        return after(getWithin(tx, collection, id, parent, reach), (reached): Item | Refused =>
          typeof reached === 'string' ? outOfReach(named(collection), act) : found,
        )
      })
    },

    choosing: collection =>
      isSecretId(collection)
        ? refuse('forbidden', `The id of ${named(collection)} is not yours to choose; leave it to the server.`)
        : undefined,

    fills: collection => sight.fills(collection, act),

    setting({ tx, collection }, values, before, at) {
      const rule = ruleOf(collection)
      const fills = before === undefined ? sight.fills(collection, act) : {}
      const errors = collection.fields
        .filter(
          ({ name, access }) => access === 'read-write' && rule?.readOnly.has(name) && Object.hasOwn(values, name),
        )
        .filter(
          ({ name, byDefault }) => !isSame(values[name], before ? before[name] : (fills[name] ?? byDefault ?? null)),
        )
        .map(({ name }) => {
          const place = view?.placeOf([name]) ?? [name]
          return { pointer: formatPointer([...at, ...place]), detail: `“${place.at(-1)}” is not yours to set.` }
        })
      if (errors.length > 0) throw new Stopped(refuse('forbidden', errors[0]?.detail ?? '', { errors }))
      return unseenReferences(tx, collection, values, before)
    },

    written(place, item) {
      const { tx, collection, parent } = place
      return after(getWithin(tx, collection, item.id, parent, sight.reach(collection, act)), found => {
        if (typeof found !== 'string' || !isLimited(collection)) return item
        const how = act === 'POST' ? 'is' : 'would then be'
        throw new Stopped(
          refuse('forbidden', `This ${collection.singular} ${how} not one of those that are yours to write.`),
        )
      })
    },

    told(collection, error) {
      if (!(error instanceof ConstraintError) || !isLimited(collection)) return error
      const isSecret =
        error.kind === 'exists'
          ? isSecretId(collection)
          : error.kind === 'unique' &&
            sight.reach(collection, act).some(({ of }) => of === 'row') &&
            !error.members.every(member => reveals(collection, member))
      if (!isSecret) return error
      return new Stopped(refuse('forbidden', `This ${collection.singular} is not yours to write as it is.`))
    },
  }

  /** What refers to a row that is not there for the caller is told what any is that refers to nothing. */
  function unseenReferences(
    tx: Transaction,
    collection: CollectionModel,
    values: Values,
    before: Values | undefined,
  ): Later<void> {
    let unseen: Later<readonly string[]> = []
    for (const { name, references } of collection.fields) {
      const id = values[name]
      if (references === undefined || id === null || id === undefined) continue
      if (id === before?.[name] || reveals(collection, name)) continue
      const other = model.resources.get(references)
      if (other?.kind !== 'collection') continue
      const within = sight.seen(other, 'GET')
      if (within.length === 0) continue
      unseen = after(unseen, names =>
        after(getWithin(tx, other, String(id), undefined, within), found =>
          typeof found === 'string' ? [...names, name] : names,
        ),
      )
    }
    return after(unseen, names => {
      if (names.length > 0) throw new ConstraintError('reference', names)
    })
  }
}

const isSame = (value: unknown, other: unknown): boolean =>
  JSON.stringify(value ?? null) === JSON.stringify(other ?? null)

export const outOfReach = (what: string, act: Act): Refused =>
  refuse('forbidden', `You may read ${what} like this one; ${act} is not for you here.`)
