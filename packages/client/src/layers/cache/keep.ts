// RFC 9111 §3: keeping what came from the server, once all of it has come.
import {
  type Cache,
  type CacheRequest,
  canCombine,
  combine,
  type Exchanged,
  fieldValue,
  freshen,
  headOutcome,
  invalidated,
  isMoreRecent,
  isSelectable,
  type Part,
  partOf,
  type StoredResponse,
  storability,
  storedResponse,
} from '@comity/http'
import type { CacheStore, Keeping, Kept } from '../../cache/store.ts'
import type { Incoming } from '../../exchange/response.ts'
import type { Call } from '../call.ts'
import { copied } from './body.ts'
import type { Question } from './question.ts'
import { grouped, lifetimeWords } from './words.ts'

/** What a cache keeps with, and what it knows of writes that happened while a response was on its way. */
export type Keeper = {
  readonly store: CacheStore
  readonly policy: Cache
  readonly entryBytes: number
  /** Whether what is at the URL changed since the moment `mark` was drawn. */
  readonly changedSince: (url: string, mark: number) => boolean
}

/** The response, to be stored as it is read; where it may not be, the trace says which clause forbids it. */
export async function keeping(
  keeper: Keeper,
  question: Question,
  answer: Incoming,
  exchanged: Exchanged,
  mark: number,
  call: Call,
): Promise<Incoming> {
  const { store, policy } = keeper
  const { asked } = question
  const said = { status: answer.status, fields: answer.fields, ...exchanged }
  if (asked.method === 'HEAD') {
    await headed(keeper, question, said, call)
    return answer
  }
  const verdict = storability(asked, said, policy)
  if (verdict.kind === 'refused') {
    call.note('cache', `not stored: ${verdict.why}`, { why: verdict.why })
    // What it might have replaced is out of date all the same.
    if (answer.status === 200 && verdict.why !== 'request-no-store') {
      const old = (await store.variants(question.key)).filter(kept => isSelectable(asked, kept))
      if (old.length > 0) await store.remove(old)
    }
    return answer
  }
  const told = Number(fieldValue(answer.fields, 'content-length'))
  if (told > keeper.entryBytes) {
    call.note('cache', `not stored: its ${grouped(told)} bytes are more than ${bytesOf(keeper)}`)
    return answer
  }
  // What sets one user's cookies is no answer to another, nor to the same one later.
  const { 'set-cookie': _, ...fields } = said.fields
  const begun: Keeping = {
    ...storedResponse(asked, { status: said.status, fields }, exchanged, policy),
    reason: answer.reason,
    target: answer.url,
  }
  const part = partOf(said)
  const body = copied(
    answer.body,
    keeper.entryBytes,
    async content => {
      const stored: Keeping = keeper.changedSince(question.url, mark) ? invalidated(begun) : begun
      call.note('cache', await put(keeper, question, stored, said, content, part))
    },
    why => call.note('cache', `not stored: ${why === 'too-large' ? `more than ${bytesOf(keeper)}` : why}`, { why }),
  )
  return { ...answer, body }
}

const bytesOf = ({ entryBytes }: Keeper): string => `${grouped(entryBytes)} bytes`

type Said = { readonly status: number; readonly fields: StoredResponse['fields'] } & Exchanged

/** Puts a response in the place of those it makes out of date; what to say of it. */
async function put(
  { store, policy }: Keeper,
  { key, url, asked }: Question,
  response: Keeping,
  said: Said,
  content: Uint8Array,
  part: Part | undefined,
): Promise<string> {
  const replaced = (await store.variants(key)).filter(kept => isSelectable(asked, kept))
  // Two may have been on their way at once: the one that the server made later stays.
  if (replaced.some(kept => kept.invalid !== true && isMoreRecent(kept, response))) {
    return 'not stored: a more recent one came meanwhile'
  }
  const words = (did: string) => `${did}, ${lifetimeWords(response, policy)}`
  if (part === undefined) {
    const whole = { ...response, length: content.length }
    return (await store.put(key, url, whole, content, replaced)) ? words('stored') : 'not stored: no room'
  }
  if (content.length !== part.range.last - part.range.first + 1) return 'not stored: not the bytes that it said'
  const fitting = replaced.find(kept => canCombine(kept, said))
  const held = fitting === undefined ? undefined : await store.content(fitting)
  if (fitting === undefined || held === undefined) {
    const one = { ...withoutPlace(response), length: part.length, ranges: [part.range] }
    return (await store.put(key, url, one, content, replaced)) ? words('stored a part') : 'not stored: no room'
  }
  // §3.4: the fields of all that is stored are updated, as a 304 would.
  const { response: updated } = freshen(asked, fitting, said, policy)
  const named = { ...updated, reason: fitting.reason, target: fitting.target }
  if (fitting.ranges === undefined) {
    await store.refresh(fitting, updated)
    return words('combined with the whole')
  }
  const { content: all, ranges } = combine({ content: held, ranges: fitting.ranges }, part, content)
  const { ranges: _, ...rest } = named
  const combined: Keeping =
    ranges === undefined
      ? { ...rest, status: 200, reason: 'OK', fields: { ...rest.fields, 'content-length': String(part.length) } }
      : { ...rest, ranges }
  const kept = await store.put(key, url, combined, all, replaced)
  const how = ranges === undefined ? 'combined to the whole' : 'combined with other parts'
  return kept ? words(how) : 'not stored: no room'
}

/** §3.4: where a part lies is not what the whole will say. */
function withoutPlace(response: Keeping): Keeping {
  const { 'content-range': _, 'content-length': __, ...fields } = response.fields
  return { ...response, fields }
}

/** RFC 9111 §4.3.5 */
async function headed({ store, policy }: Keeper, { key, asked }: Question, said: Said, call: Call): Promise<void> {
  for (const kept of await store.variants(key)) {
    const outcome = headOutcome(asked, kept, said)
    if (outcome === 'unrelated') continue
    if (outcome === 'stale') {
      await store.refresh(kept, invalidated(kept))
      call.note('cache', 'invalidated: HEAD tells of another representation')
    } else await freshened(store, policy, asked, kept, said, call, 'refreshed by HEAD')
  }
}

/** RFC 9111 §4.3.4: the stored response with the fields of an answer that speaks of it, which may forbid to keep it. */
export async function freshened(
  store: CacheStore,
  policy: Cache,
  asked: CacheRequest,
  kept: Kept,
  said: Said,
  call: Call,
  how: string,
): Promise<Kept> {
  const { response, storability: verdict } = freshen(asked, kept, said, policy)
  if (verdict.kind === 'storable') {
    await store.refresh(kept, response)
    call.note('cache', `${how}, ${lifetimeWords(response, policy)}`)
  } else {
    await store.remove([kept])
    call.note('cache', `${how}, no longer stored: ${verdict.why}`, { why: verdict.why })
  }
  return { ...response, id: kept.id, reason: kept.reason, target: kept.target }
}
