// Many items in one request: all or none, or, where the client prefers it (RFC 7240 §4.4), each for itself.
import { setImmediate } from 'node:timers/promises'
import type { Problem } from '@comity/http'
import { after, type Item, type Later } from '../store/store.ts'
import { refuse, type Stop } from './answer.ts'
import type { Exchange, ManyMember } from './exchange.ts'
import { callersFault, Stopped } from './failure.ts'
import { invalidContent, refusedRow } from './gates/content.ts'
import type { ImportSource } from './import.ts'
import { refusedProblem } from './problem-answer.ts'
import { tablesOf } from './tables.ts'
import { createNew, patchOne, put, type Writing, type Written, written } from './writing.ts'

/** What became of one of many. */
export type Part = Written | { readonly kind: 'refused'; readonly problem: Problem }

export type ManyOutcome =
  | { readonly kind: 'many'; readonly how: 'created' | 'changed'; readonly items: readonly Item[] }
  | { readonly kind: 'parts'; readonly parts: readonly Part[] }
  | { readonly kind: 'imported'; readonly count: number; readonly items: readonly Item[] | undefined }

export function writeMany(writing: Writing, members: readonly ManyMember[]): Later<ManyOutcome> {
  const lenient = writing.x.preferences.get('handling')?.value === 'lenient'
  return lenient ? eachForItself(writing, members) : allOrNone(writing, members)
}

async function allOrNone(writing: Writing, members: readonly ManyMember[]): Promise<ManyOutcome> {
  const items: Item[] = []
  for (const [at, member] of members.entries()) {
    const done = await act(writing, member, at)
    if (!('item' in done)) throw new Stopped(done)
    items.push(done.item)
  }
  return { kind: 'many', how: writing.x.method === 'POST' ? 'created' : 'changed', items }
}

/** Each under a savepoint of its own: what one writes before it is refused is undone, and no more. */
async function eachForItself(writing: Writing, members: readonly ManyMember[]): Promise<ManyOutcome> {
  const parts: Part[] = []
  for (const [at, member] of members.entries()) {
    try {
      const part = await writing.tx.attempt(async (tx): Promise<Part> => {
        const { model, newId } = writing.x.runtime
        const tables = tablesOf({ model, newId, caller: writing.x.caller }, tx)
        const done = await act({ ...writing, tx, tables }, member, at)
        if ('item' in done) return done
        throw new Stopped(done)
      })
      parts.push(part)
    } catch (error) {
      const refused = callersFault(writing.x, error)
      if (refused === undefined) throw error
      parts.push({ kind: 'refused', problem: refusedProblem(writing.x, refused) })
    }
  }
  return { kind: 'parts', parts }
}

function act(writing: Writing, member: ManyMember, at: number): Later<Written | Stop> {
  const { x } = writing
  switch (member.kind) {
    case 'invalid':
      return invalidContent(member.errors)
    case 'refused':
      return member.refused
    case 'changes':
      return after(patchOne(writing, member.changes, at), written('changed'))
    case 'entry': {
      if (x.method !== 'POST') return put(writing, member, at)
      return after(createNew(writing, member.values, [at]), written('created'))
    }
  }
}

/** Items of an import that are told back; above, only how many there are. */
const mostTold = 1000

/** How long others wait for an import to let them have their turn, in ms. */
const longestTurn = 5

/** A content of any length, all or none. The line of the first fault is named. */
export async function writeImport(writing: Writing, source: ImportSource): Promise<ManyOutcome> {
  const { x, collection } = writing
  let count = 0
  let items: Item[] | undefined = []
  let since = performance.now()
  for await (const rows of source(collection))
    for (const row of rows) {
      if (row.kind !== 'entry') throw new Stopped(refusedRow(row))
      try {
        const created = createNew(writing, row.values)
        const item = created instanceof Promise ? await created : created
        count++
        if (count > mostTold) items = undefined
        items?.push(item)
      } catch (error) {
        throw faultAt(x, row.line, error)
      }
      if (count % 32 !== 0 || performance.now() - since < longestTurn) continue
      await setImmediate()
      since = performance.now()
    }
  return { kind: 'imported', count, items }
}

function faultAt(x: Exchange, line: number, error: unknown): unknown {
  const refused = callersFault(x, error)
  if (refused === undefined) return error
  const { code, detail, errors, members } = refused
  return new Stopped(
    refuse(code, `Line ${line}: ${detail}`, { ...(errors && { errors }), members: { ...members, line } }),
  )
}
