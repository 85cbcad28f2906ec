// RFC 9110 §13.1.1, RFC 7396: read, change, write what differs, unless somebody else wrote meanwhile.
import { HttpError } from '../errors.ts'
import type { RequestOptions } from './options.ts'
import type { Asker } from './resources.ts'

/** How often an item that somebody else keeps writing is read again. */
const rounds = 5

/**
 * Applies `change` to the item at `target` under If-Match, again and again while others write it.
 * @throws HttpError with 412 where that did not come to an end
 */
export async function update(
  client: Asker,
  target: string,
  change: (draft: Record<string, unknown>) => void,
  options: RequestOptions = {},
): Promise<unknown> {
  for (let round = 1; ; round++) {
    const response = await client.request('GET', target, options)
    const before = await response.json<Record<string, unknown>>()
    const draft = structuredClone(before)
    change(draft)
    const patch = mergePatch(before, draft) as Record<string, unknown> | undefined
    if (patch === undefined) return before
    const etag = response.field('etag')
    try {
      return await client
        .request('PATCH', target, {
          ...options,
          body: patch,
          fields: {
            ...options.fields,
            'content-type': 'application/merge-patch+json',
            ...(etag === undefined ? {} : { 'if-match': etag }),
          },
        })
        .json()
    } catch (error) {
      if (!(error instanceof HttpError) || error.status !== 412 || round === rounds) throw error
    }
  }
}

/** RFC 7396: what makes `after` of `before`; undefined where they are the same. */
export function mergePatch(before: unknown, after: unknown): unknown {
  if (Object.is(before, after)) return undefined
  if (!isObject(before) || !isObject(after)) {
    return JSON.stringify(before) === JSON.stringify(after) ? undefined : after
  }
  const patch: Record<string, unknown> = {}
  for (const name of Object.keys(before)) if (after[name] === undefined && before[name] !== null) patch[name] = null
  for (const [name, value] of Object.entries(after)) {
    if (value === undefined) continue
    const changed = Object.hasOwn(before, name) ? mergePatch(before[name], value) : value
    if (changed !== undefined) patch[name] = changed
  }
  return Object.keys(patch).length === 0 ? undefined : patch
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
