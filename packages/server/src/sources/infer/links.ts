// Members that name items of another list: `userId` holds ids of `users`, where every one of them is there.
import { singularOf } from '../../define/names.ts'
import type { FoundList } from '../found.ts'
import type { Ids } from './ids.ts'

/** One list as far as links go. */
export type Linkable = { readonly found: FoundList; readonly segment: string; readonly ids: Ids }

export type Link = {
  /** Segments of the lists. */
  readonly from: string
  readonly to: string
  /** As found. */
  readonly member: string
}

const plain = (name: string): string => name.replace(/[-_\s]/g, '').toLowerCase()

/** `userId`, `user_id`, `userID` → `user` */
const stemOf = (member: string): string | undefined => /^(.+?)(?:_?I[dD]|_id)$/.exec(member)?.[1]

/** The links, and in a sentence each what looks like one and is none. */
export function linksOf(lists: readonly Linkable[]): {
  readonly links: readonly Link[]
  readonly notes: readonly string[]
} {
  const links: Link[] = []
  const notes: string[] = []
  for (const list of lists) {
    const members = new Set(list.found.rows.flatMap(Object.keys))
    for (const member of members) {
      const stem = stemOf(member)
      const to = stem && lists.find(({ segment, found: { name } }) => isCalled(plain(stem), segment, name))
      if (!to) continue
      const known = new Set<unknown>(to.ids.values)
      const held = list.found.rows.map(row => row[member] ?? undefined)
      const missing = held.findIndex(id => id !== undefined && !known.has(id))
      const link = { from: list.segment, to: to.segment, member }
      if (missing !== -1)
        notes.push(
          `${list.found.place}[${missing}].${member} is ${JSON.stringify(held[missing])}, which none of the ${to.segment} has: ${member} is a plain member, and no link.`,
        )
      else if (held.every(id => id === undefined)) continue
      else if (closesCircle(links, link))
        notes.push(`${list.found.place}: ${member} would close a circle of links, and is a plain member.`)
      else links.push(link)
    }
  }
  return { links, notes }
}

const isCalled = (stem: string, segment: string, name: string): boolean =>
  [segment, name].some(each => plain(singularOf(each)) === stem || plain(each) === stem)

/** Items are written after those that they name; a list may name itself. */
function closesCircle(links: readonly Link[], { from, to }: Link): boolean {
  const reaches = (segment: string, seen: ReadonlySet<string>): boolean =>
    segment === from ||
    links.some(link => link.from === segment && !seen.has(link.to) && reaches(link.to, new Set([...seen, link.to])))
  return from !== to && reaches(to, new Set([to]))
}

/** Lists in an order in which what is named comes first. */
export function inOrder(lists: readonly Linkable[], links: readonly Link[]): readonly string[] {
  const order: string[] = []
  const place = (segment: string): void => {
    if (order.includes(segment)) return
    for (const { from, to } of links) if (from === segment && to !== segment) place(to)
    order.push(segment)
  }
  for (const { segment } of lists) place(segment)
  return order
}
