// RFC 7725: what may not be shown, because of a legal demand.
import { formatLinks } from '@comity/http'
import { type Refused, refuse } from '../exchange/answer.ts'
import type { Exchange } from '../exchange/exchange.ts'
import type { Place, Target } from '../exchange/target.ts'
import { after, type Later, type Store } from '../store/store.ts'

export type Block = {
  /** What is blocked, and all below it: `/accounts/7`, `/accounts/7/transactions`, `/convert`. */
  readonly path: string
  /** A URI of who demanded it, or of who put it in place. RFC 7725 §4: `Link` with `rel="blocked-by"`. */
  readonly by: string
  /** For whoever asks: which demand it is. */
  readonly reason?: string
}

export type Blocks = {
  /** Undefined where nothing keeps the place from being shown. */
  readonly of: (place: Place) => Block | undefined
  readonly list: () => readonly Block[]
  /** @throws TypeError where the path names no resource of the API, or `by` is no URI. */
  readonly add: (block: Block) => Promise<void>
  /** Says whether it was there. */
  readonly remove: (path: string) => Promise<boolean>
  /** As the store has them by now; other processes may have added some. */
  readonly reload: () => Promise<void>
}

const kind = 'blocked'
const most = 10_000

/** `targetOf` reads a path as requests are read, so that every way to write it is blocked. */
export async function openBlocks(store: Store, targetOf: (url: string) => Target): Promise<Blocks> {
  let known = new Map<string, Block>()
  const reload = async () => {
    const records = await store.records(kind, '', most)
    known = new Map(records.map(({ id, value }) => [id, value as Block]))
  }
  const nameOf = (path: string): string => {
    const [last] = namesOf(targetOf(path).place).slice(-1)
    if (last === undefined) throw new TypeError(`“${path}” is no resource that could be blocked`)
    return last
  }
  await reload()
  return {
    of(place) {
      if (known.size === 0) return undefined
      for (const name of namesOf(place)) {
        const block = known.get(name)
        if (block !== undefined) return block
      }
      return undefined
    },
    list: () => [...known.values()],
    async add(block) {
      if (!URL.canParse(block.by)) throw new TypeError(`“${block.by}” is no URI of who blocks it`)
      const name = nameOf(block.path)
      await store.write(tx => tx.putRecord(kind, name, { value: block }))
      await reload()
    },
    async remove(path) {
      const name = nameOf(path)
      const was = await store.write((tx): Later<boolean> => after(tx.removeRecord(kind, name), found => found))
      await reload()
      return was
    },
    reload,
  }
}

/** A place and those above it, the outermost first. Ids are as the store has them, whatever a URL makes of them. */
function namesOf(place: Place): readonly string[] {
  if (place.kind === 'service') return [place.service.name]
  if (place.kind !== 'collection' && place.kind !== 'item' && place.kind !== 'file') return []
  const { collection, parent } = place
  const names: string[] = []
  let path = ''
  const enter = (segment: string) => {
    path = path === '' ? segment : `${path}/${JSON.stringify(segment)}`
    names.push(path)
  }
  if (collection.parent && parent !== undefined) for (const segment of [collection.parent.name, parent]) enter(segment)
  enter(collection.name)
  if (place.kind === 'item') enter(place.id)
  if (place.kind === 'file') enter(place.name)
  return names
}

export function refusedByLaw(x: Exchange): Refused | undefined {
  const block = x.run === undefined ? x.runtime.blocks.of(x.target.place) : undefined
  if (block === undefined) return undefined
  const { by, reason } = block
  const detail =
    reason === undefined ? `It is blocked on the demand of ${by}.` : `It is blocked on the demand of ${by}: ${reason}`
  const link = formatLinks([{ target: new URL(by).href, rel: ['blocked-by'], params: {} }])
  return refuse('unavailable-for-legal-reasons', detail, { fields: { link } })
}
