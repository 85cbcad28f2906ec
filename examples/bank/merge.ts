// Two histories of the same items since one moment: where they disagree, who wins, and what the other side has to hear.
import { type LooseEntry, Refusal, type Table, type TableChanges } from '@comity/server'

type Members = Readonly<Record<string, unknown>> & { readonly id: string }

/** What the other side says that it did. */
export type Sent = {
  readonly created?: readonly Members[] | null
  readonly changed?: readonly Members[] | null
  readonly deleted?: readonly Members[] | null
}

const ways = ['created', 'changed', 'deleted'] as const
type Way = (typeof ways)[number]

/** One thing that the other side did; `at` is its JSON Pointer in the content. */
export type Wish = { readonly how: Way; readonly entry: Members; readonly at: string }

/** One collection in a synchronisation. */
export type Side = {
  readonly name: string
  readonly table: Table
  /** By id. */
  readonly sent: ReadonlyMap<string, Wish>
  /** What of it is to be applied, once it is settled. */
  readonly wishes: Map<string, Wish>
  /** What happened here before any of it was applied. */
  readonly before: TableChanges
  /** What was applied, as it was right after, by id. */
  readonly written: Map<string, string>
}

/** @throws Refusal where an id is named twice */
export function wishesOf(name: string, sent: Sent): Map<string, Wish> {
  const wishes = new Map<string, Wish>()
  for (const how of ways)
    for (const [index, entry] of (sent[how] ?? []).entries()) {
      const at = `/${name}/${how}/${index}`
      if (wishes.has(entry.id)) {
        const detail = `The id “${entry.id}” is named twice.`
        throw new Refusal('invalid-content', { detail, errors: [{ pointer: `${at}/id`, detail }] })
      }
      wishes.set(entry.id, { how, entry, at })
    }
  return wishes
}

/** What only the server sets: it never disagrees, and may be sent back only as it is. */
const kept: ReadonlySet<string> = new Set(['balance', 'createdAt', 'updatedAt'])

const travelling = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null))

/** Decimals are equal as numbers. */
function isSame(sent: unknown, here: { eq?: (other: unknown) => boolean } | null | undefined): boolean {
  if (typeof here?.eq === 'function') return sent !== null && here.eq(sent)
  return JSON.stringify(sent ?? null) === JSON.stringify(here ?? null)
}

/** How an entry travels: a balance with its two decimals. */
const shown = (entry: LooseEntry | undefined) =>
  entry
    ? travelling({
        ...entry,
        ...(entry.balance && { balance: entry.balance.toFixed(2) }),
        ...(entry.amount && { amount: entry.amount.toFixed(2) }),
      })
    : null

/** Here since then: the entry; null where it was deleted; undefined where nothing happened to it. */
function hereOf({ before }: Side): ReadonlyMap<string, LooseEntry | null> {
  const here = new Map<string, LooseEntry | null>()
  for (const entry of [...before.created, ...before.changed]) here.set(entry.id, entry)
  for (const { id } of before.deleted) here.set(id, null)
  return here
}

export type Conflict = { readonly wish: Wish; readonly at: string; readonly detail: string; readonly shown: unknown }

/** What both sides did something to, and not the same. */
export function conflictsOf(side: Side): readonly Conflict[] {
  const here = hereOf(side)
  const conflicts: Conflict[] = []
  for (const wish of side.wishes.values()) {
    const { how, entry, at } = wish
    const mine = here.get(entry.id)
    if (mine === undefined || (mine === null && how === 'deleted')) continue
    const members =
      mine === null || how === 'deleted'
        ? []
        : Object.keys(entry).filter(name => name !== 'id' && !kept.has(name) && !isSame(entry[name], mine[name]))
    if (mine !== null && how !== 'deleted' && members.length === 0) continue
    const detail =
      mine === null
        ? `“${entry.id}” was deleted here.`
        : how === 'deleted'
          ? `“${entry.id}” was changed here.`
          : `“${entry.id}” was changed here too, and differs in ${members.join(', ')}.`
    conflicts.push({
      wish,
      at,
      detail,
      shown: {
        collection: side.name,
        id: entry.id,
        members,
        client: how === 'deleted' ? null : travelling(entry),
        server: shown(mine ?? undefined),
      },
    })
  }
  return conflicts
}

/** Decides the conflicts, and takes out what is done already. */
export function settle(side: Side, winner: 'client' | 'server' | null): void {
  const here = hereOf(side)
  const contested = new Set(conflictsOf(side).map(({ wish }) => wish))
  for (const [id, wish] of side.wishes) {
    const mine = here.get(id)
    if (mine === undefined) continue
    const own = Object.fromEntries(Object.entries(wish.entry).filter(([name]) => !kept.has(name))) as Members
    if (contested.has(wish) && winner === 'client') {
      const how = wish.how === 'deleted' ? 'deleted' : mine === null ? 'created' : 'changed'
      side.wishes.set(id, { ...wish, how, entry: own })
    } else if (contested.has(wish) || mine === null || wish.how === 'created') side.wishes.delete(id)
    else side.wishes.set(id, { ...wish, entry: own })
  }
}

/** Applies wishes the way a caller's single writes go. */
export async function applyWishes({ name, table, wishes, written }: Side, which: readonly Way[]): Promise<void> {
  for (const { how, entry, at } of wishes.values()) {
    if (!which.includes(how)) continue
    if (how === 'deleted') await table.delete(entry.id, at)
    else {
      const parent = name === 'transactions' ? String(entry.accountId ?? '') : undefined
      const entered = how === 'created' ? table.create(entry, parent, at) : table.change(entry.id, entry, at)
      written.set(entry.id, JSON.stringify(await entered))
    }
  }
}

/** What the other side has to hear. `went`: whether it knows that an entry went, because of what else it deleted. */
export function answerOf(
  { sent, before, written }: Side,
  now: TableChanges,
  went: (entry: LooseEntry) => boolean = () => false,
): TableChanges {
  const contested = new Set([...before.created, ...before.changed, ...before.deleted].map(({ id }) => id))
  const isNews = (entry: LooseEntry) => contested.has(entry.id) || written.get(entry.id) !== JSON.stringify(entry)
  const news = [...now.created, ...now.changed].filter(isNews)
  const created = new Set(now.created.map(({ id }) => id))
  return {
    created: news.filter(entry => created.has(entry.id) && !sent.has(entry.id)),
    changed: news.filter(entry => !created.has(entry.id) || sent.has(entry.id)),
    deleted: now.deleted.filter(entry => sent.get(entry.id)?.how !== 'deleted' && !went(entry)),
  }
}
