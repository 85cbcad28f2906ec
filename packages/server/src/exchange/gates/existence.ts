// Is what the target names there? Reads note its current state, from a kept representation where that is still true.
import { selectionOf } from '../../access/reads.ts'
import { actOf } from '../../access/rule.ts'
import { oneOfThem } from '../../define/names.ts'
import type { CollectionModel } from '../../model/model.ts'
import { after, type Item, type Later, type Missing } from '../../store/store.ts'
import { refuse, type Stop } from '../answer.ts'
import type { Exchange } from '../exchange.ts'
import { outOfReach } from '../guard.ts'
import { generationOf, keptFor } from '../keeping.ts'
import { ledElsewhere } from '../other-name.ts'
import type { Place } from '../target.ts'
import type { KeptTrace } from '../traces.ts'
import { mayKnow } from './permitted.ts'

export function resourceExists(x: Exchange): Later<Stop | undefined> {
  const { place } = x.target
  if (x.method === 'OPTIONS') return
  switch (place.kind) {
    case 'item':
      return itemExists(x, place)
    case 'file':
      return fileExists(x, place)
    case 'collection':
      return collectionExists(x, place)
    case 'job':
    case 'job-result':
      return jobExists(x, place.id)
    case 'page':
      return pageExists(x, place)
    default:
      return
  }
}

/** Of who was never asked, the trace is whoever's who was told its id. */
const isTheirs = (trace: KeptTrace | undefined, { callerName }: Exchange): boolean =>
  trace !== undefined && (trace.caller === '' || trace.caller === callerName)

function pageExists(x: Exchange, { page, name }: Extract<Place, { kind: 'page' }>): Stop | undefined {
  const { model, traces } = x.runtime
  if (page === 'problem' && !model.problems.has(name))
    return refuse('not-found', `There is no problem with the code “${name}”; /problems lists them.`)
  if ((page === 'traces' || page === 'trace') && traces === undefined)
    return refuse('not-found', 'This server keeps no traces. `comity serve --trace` does, and the option `traces`.')
  if (page === 'trace' && !isTheirs(traces?.find(name), x))
    return refuse('not-found', `There is no trace “${name}”, or not any more.`)
  return
}

/** Whether the representation asked for was kept and nothing has changed since; if so it is the current state. */
export function isKept(x: Exchange, collection: CollectionModel): boolean {
  x.generation = generationOf(x.runtime.store, collection)
  const kept = keptFor(x)
  if (kept === undefined || kept.generation !== x.generation) return false
  x.current = { kind: 'kept', kept }
  return true
}

function itemExists(x: Exchange, place: Extract<Place, { kind: 'item' }>): Later<Stop | undefined> {
  const { collection, parent, id } = place
  if (x.isRead() && isKept(x, collection)) return
  return after(x.reads.get(collection, id, parent), found => {
    if (typeof found !== 'string') {
      x.current = { kind: 'item', item: found }
      // Hooks of a write are given the parent.
      return x.isRead() ? undefined : after(reachable(x, place), stop => stop ?? parentExists(x, place))
    }
    // RFC 9110 §13.1.2: `If-None-Match: *` is how a PUT says that it creates.
    const creates = x.method === 'PUT' && x.field('if-none-match')?.trim() === '*'
    if (creates) return parentExists(x, place)
    return after(
      ledElsewhere(x, place, x.reads),
      elsewhere => elsewhere ?? missing(x, x.seen(collection).singular, id, found),
    )
  })
}

/** Names are the client's: a PUT to one that is not there creates the file. */
function fileExists(x: Exchange, place: Extract<Place, { kind: 'file' }>): Later<Stop | undefined> {
  const { collection, parent, id, name } = place
  return after(x.reads.get(collection, id, parent), found => {
    x.current = typeof found === 'string' ? { kind: 'none' } : { kind: 'item', item: found }
    if (typeof found === 'string' && x.method !== 'PUT') return missing(x, collection.singular, name, found)
    if (x.isRead()) return
    return after(typeof found === 'string' ? undefined : reachable(x, place), stop => stop ?? parentExists(x, place))
  })
}

/** Whether the caller, who may see the item, may do to it what they ask. */
function reachable(
  x: Exchange,
  { collection, parent, id }: Extract<Place, { kind: 'item' | 'file' }>,
): Later<Stop | undefined> {
  if (x.sight === undefined) return
  const act = actOf(x.method)
  const reach = x.sight.reach(collection, act)
  if (reach.length === 0) return
  return after(x.reads.first(selectionOf(collection, id, parent, reach)), found =>
    found === undefined ? outOfReach(oneOfThem(x.seen(collection).singular), act) : undefined,
  )
}

function jobExists(x: Exchange, id: string): Later<Stop | undefined> {
  return after(x.reads.job(id), job => {
    if (job === undefined || job.caller !== x.callerName || !mayKnow(x, job.request))
      return refuse('not-found', `There is no job “${id}”.`)
    x.job = job
    return undefined
  })
}

function missing(x: Exchange, noun: string, id: string, how: Missing): Stop {
  if (how === 'gone') return refuse('gone', `The ${noun} “${id}” was deleted.`)
  const create = x.method === 'PUT' ? ' A PUT creates one only with If-None-Match: *.' : ''
  return refuse('not-found', `There is no ${noun} “${id}”.${create}`)
}

function collectionExists(x: Exchange, place: Extract<Place, { kind: 'collection' }>): Later<Stop | undefined> {
  const { collection, parent } = place
  if ((x.method === 'GET' || x.method === 'HEAD') && isKept(x, collection)) return
  return after(parentExists(x, place), stop => {
    if (stop) return stop
    return after(x.reads.state(collection, parent), state => {
      x.current = { kind: 'collection', ...state }
      return undefined
    })
  })
}

/** The parent of a nested resource is noted, for the handlers of a write. */
function parentExists(
  x: Exchange,
  place: Extract<Place, { kind: 'item' | 'collection' | 'file' }>,
): Later<Stop | undefined> {
  const { collection, parent } = place
  const above = collection.parent
  if (!above || parent === undefined) return
  return after(x.reads.get(above, parent), (found: Item | Missing) => {
    if (typeof found === 'string') return missing(x, x.seen(above).singular, parent, found)
    x.parent = found
    return undefined
  })
}
