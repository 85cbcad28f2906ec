// RFC 9110 §13.1.1: read, change, write what differs, unless somebody else wrote meanwhile; then once more.
import { parseEntityTag } from '@comity/http'
import { ComityError, HttpError } from '../errors.ts'
import { shownUrl } from '../exchange/target.ts'
import type { Clock } from '../layers/call.ts'
import { holdsChange, isSame, jsonPatch, mergePatch } from './changes.ts'
import { machineClock } from './clock.ts'
import type { RequestOptions } from './options.ts'
import type { Asker } from './resources.ts'

/** The value to write: the draft as it was changed, or another one that is returned. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is what most callers write
export type Change<Item> = (draft: Item) => Item | void | Promise<Item | void>

export type UpdateOptions<Item = unknown> = RequestOptions & {
  /**
   * How the difference is written: a merge patch (RFC 7396) unless told; a JSON Patch (RFC 6902), which can set a member
   * to null; or the whole by PUT.
   */
  readonly write?: 'merge-patch' | 'json-patch' | 'put'
  /** How often it is tried while others write, the first time included; 5 unless told. */
  readonly attempts?: number
  /**
   * What to write where both sides changed something since `base`; without it the change is applied to theirs again.
   * `mine` is what the change made of `base`.
   */
  readonly merge?: (base: Item, mine: Item, theirs: Item) => Item | Promise<Item>
}

type Read<Item> = { readonly value: Item; readonly etag: string }

/**
 * Applies `change` to what is at `target` and writes it under If-Match; where somebody wrote in between, reads again and
 * applies it to that. The value as it is after the write, or as it was where the change changed nothing.
 * Always throws where something is refused, whatever `throwOnError` says.
 * @throws ComityError where the server gives no strong entity tag; HttpError with 412 where others never cease to write
 */
export async function update<Item>(
  client: Asker,
  target: string,
  change: Change<Item>,
  { write = 'merge-patch', attempts = 5, merge, ...options }: UpdateOptions<Item> = {},
): Promise<Item> {
  const clock: Clock = client.clock ?? machineClock
  const end = options.deadline === undefined ? undefined : clock.now() + options.deadline
  // One deadline for all of it: each call has what is left.
  const left = (): RequestOptions =>
    end === undefined ? options : { ...options, deadline: Math.max(1, end - clock.now()) }

  let base = await read<Item>(client, target, left())
  let mine = await changed(change, base.value)
  for (let attempt = 1; ; attempt++) {
    if (isSame(base.value, mine)) return base.value
    let refused: HttpError
    try {
      return await written(client, target, base, mine, write, left)
    } catch (error) {
      if (!(error instanceof HttpError) || error.status !== 412) throw error
      refused = error
    }
    const unsure = refused.response.trace.some(({ values }) => mayHaveBeenDone.has(String(values?.why)))
    if (attempt >= attempts && !unsure) throw refused
    await clock.sleep(clock.random() * Math.min(1000, 20 * 2 ** attempt), options.signal)
    const theirs = await read<Item>(client, target, { ...left(), cache: 'no-cache', dedupe: false })
    // An attempt whose answer was lost may be what the 412 of the next one was about.
    if (unsure && holdsChange(base.value, mine, theirs.value)) return theirs.value
    if (attempt >= attempts) throw refused
    if (merge === undefined) mine = await changed(change, theirs.value)
    else if (!isSame(base.value, theirs.value)) mine = await merge(base.value, mine, structuredClone(theirs.value))
    base = theirs
  }
}

/** The retries that follow an attempt which may have had its effect. */
const mayHaveBeenDone: ReadonlySet<string> = new Set(['method-idempotent', 'key-idempotent'])

async function changed<Item>(change: Change<Item>, value: Item): Promise<Item> {
  const draft = structuredClone(value)
  return ((await change(draft)) as Item | undefined) ?? draft
}

async function read<Item>(client: Asker, target: string, options: RequestOptions): Promise<Read<Item>> {
  const response = await client.request('GET', target, { ...options, throwOnError: true })
  const value = await response.json<Item>()
  const etag = response.field('etag')
  const tag = etag === undefined ? undefined : parseEntityTag(etag)
  if (etag !== undefined && tag?.strength === 'strong') return { value, etag }
  const what = tag === undefined ? 'no entity tag' : 'a weak entity tag only'
  throw new ComityError(
    `${shownUrl(response.url)} has ${what}, so nobody can tell whether somebody else writes it between reading and writing (RFC 9110 §13.1.1); write it with put() or patch() if that does not matter`,
  )
}

/** What is at the target once it was written. Each write is a request of its own, and so has an idempotency key of its own. */
async function written<Item>(
  client: Asker,
  target: string,
  base: Read<Item>,
  mine: Item,
  write: 'merge-patch' | 'json-patch' | 'put',
  left: () => RequestOptions,
): Promise<Item> {
  const [method, type, body] =
    write === 'put'
      ? (['PUT', 'application/json', mine] as const)
      : write === 'json-patch'
        ? (['PATCH', 'application/json-patch+json', jsonPatch(base.value, mine)] as const)
        : (['PATCH', 'application/merge-patch+json', mergePatch(base.value, mine)] as const)
  const { idempotency, ...options } = left()
  const response = await client.request(method, target, {
    ...options,
    throwOnError: true,
    // A key that was given would make a second attempt the repeat of the first.
    ...(idempotency === false ? { idempotency } : {}),
    body,
    fields: { ...options.fields, 'content-type': type, 'if-match': base.etag },
  })
  const value = await response.json<Item | undefined>()
  if (value !== undefined) return value
  return client.request('GET', target, { ...left(), cache: 'no-cache' }).json<Item>()
}
