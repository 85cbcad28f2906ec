// One request for several equal ones that are under way at once: each asker gets its own copy of the answer.
import { type Fields, isSafe } from '@comity/http'
import { joined } from '../exchange/inbox.ts'
import type { Outgoing } from '../exchange/request.ts'
import type { Incoming, ReceivedBody } from '../exchange/response.ts'
import { StoredBody } from './cache/body.ts'
import type { Call } from './call.ts'
import { unlessAborted } from './common-wait.ts'
import type { Layer } from './layer.ts'

export type DedupeOptions = {
  /** The largest content that is shared, in bytes; whoever waits for a larger one asks for itself. 1 MiB unless told. */
  readonly bytes?: number
}

declare module './call.ts' {
  interface CallOptions {
    /** False asks for itself, whatever is under way. */
    readonly dedupe?: DedupeOptions | false | undefined
  }
}

/** What those who joined get: a copy each, or word why there is none and they have to ask themselves. */
type Shared = Incoming | 'ask-yourself' | 'given-up'

/** `added` is what layers further in put on it when it was sent. */
type Flight = {
  readonly request: Outgoing
  readonly added: readonly (Fields | undefined)[]
  readonly options: Call['options']
  shared: PromiseWithResolvers<Shared> | undefined
}

/** Ms from the head of an answer: who shares one that never ends, such as events, would never see its head. */
const longestWait = 1000

/** The layer that lets equal GET, HEAD and QUERY requests that are under way at once share one exchange. */
export function dedupe(options: DedupeOptions = {}): Layer {
  const limit = options.bytes ?? 1024 * 1024
  return {
    name: 'dedupe',
    around(next, inner) {
      // By URL, since it is rare that there are two of one; only then fields are looked at.
      const flights = new Map<string, Flight[]>()
      const adding = inner.flatMap(({ adds }) => (adds === undefined ? [] : [adds]))
      return (request, call) => {
        if (!mayShare(request, call)) {
          if (isSafe(request.method)) return next(request, call)
          // Who reads after a write must not be given what was read before it.
          flights.clear()
          return next(request, call).finally(() => flights.clear())
        }
        const added = adding.map(adds => adds(request, call))
        const flight = flights.get(request.url)?.find(other => isEqual(other, request, added, call))
        return flight === undefined ? lead(request, added, call) : join(flight, request, added, call)
      }

      function lead(request: Outgoing, added: Flight['added'], call: Call): Promise<Incoming> {
        const { url } = request
        const flight: Flight = { request, added, options: call.options, shared: undefined }
        const others = flights.get(url)
        if (others === undefined) flights.set(url, [flight])
        else others.push(flight)
        const leave = (): void => {
          const left = flights.get(url)?.filter(other => other !== flight) ?? []
          if (left.length === 0) flights.delete(url)
          else flights.set(url, left)
        }
        return next(request, call).then(
          answer => {
            // Nobody waits: whoever comes from now on asks for itself, and nothing has to be held.
            if (flight.shared === undefined) {
              leave()
              return answer
            }
            const cancel = call.clock.timer(longestWait, () => land('ask-yourself'))
            const land = (shared: Shared): void => {
              cancel()
              leave()
              flight.shared?.resolve(shared)
            }
            return { ...answer, body: sharing(answer, limit, land) }
          },
          error => {
            leave()
            // That this one was given up says nothing about the others.
            if (call.signal?.aborted) flight.shared?.resolve('given-up')
            else flight.shared?.reject(error)
            throw error
          },
        )
      }

      async function join(flight: Flight, request: Outgoing, added: Flight['added'], call: Call): Promise<Incoming> {
        call.note('dedupe', 'waits for an equal request that is under way')
        flight.shared ??= handled(Promise.withResolvers<Shared>())
        const shared = await unlessAborted(flight.shared.promise, call.signal)
        if (typeof shared !== 'string') {
          call.note('dedupe', 'shares its answer')
          return { ...shared, body: new StoredBody(await shared.body.bytes()) }
        }
        if (shared === 'ask-yourself') {
          call.note('dedupe', 'its answer cannot be shared')
          return next(request, call)
        }
        call.note('dedupe', 'it was given up')
        const other = flights.get(request.url)?.find(one => isEqual(one, request, added, call))
        return other === undefined ? lead(request, added, call) : join(other, request, added, call)
      }
    },
  }
}

/** Its leader may fail while all who joined have been aborted. */
function handled(shared: PromiseWithResolvers<Shared>): PromiseWithResolvers<Shared> {
  shared.promise.catch(() => {})
  return shared
}

/**
 * The content for the one who asked first, read ahead of it up to the limit, so that what it does with it, or leaves, is
 * nothing to those who wait. All of it then is what they get.
 */
function sharing(answer: Incoming, limit: number, land: (shared: Shared) => void): ReceivedBody {
  const pieces: Uint8Array[] = []
  const source = answer.body[Symbol.asyncIterator]()
  let state: 'ahead' | 'beyond' | 'ended' = 'ahead'
  const ahead = (async () => {
    let size = 0
    while (size <= limit) {
      const { done, value } = await source.next()
      if (done) {
        state = 'ended'
        const body = new StoredBody(joined(pieces))
        return land({ ...answer, body })
      }
      size += value.length
      pieces.push(value)
    }
    state = 'beyond'
    land('ask-yourself')
  })().catch(error => {
    land('ask-yourself')
    throw error
  })
  ahead.catch(() => {})
  const body: ReceivedBody = {
    get complete() {
      return state === 'ended'
    },
    async *[Symbol.asyncIterator]() {
      try {
        await ahead
        for (const piece of pieces.splice(0)) yield Uint8Array.prototype.slice.call(piece)
        if (state !== 'beyond') return
        for (;;) {
          const { done, value } = await source.next()
          if (done) return
          yield value
        }
      } finally {
        await body.discard()
      }
    },
    async bytes() {
      await ahead
      const read: Uint8Array[] = []
      for await (const piece of body) read.push(piece)
      return joined(read)
    },
    async discard() {
      // Those who wait are not done with it.
      void ahead.then(
        () => (state === 'beyond' ? source.return?.() : undefined),
        () => {},
      )
    },
  }
  return body
}

function mayShare({ method, fields, content }: Outgoing, call: Call): boolean {
  if (call.options.dedupe === false || (method !== 'GET' && method !== 'HEAD' && method !== 'QUERY')) return false
  if (content !== undefined && content.kind !== 'bytes') return false
  const control = fields['cache-control']
  return fields.range === undefined && (control === undefined || !/no-store|no-cache/i.test(control))
}

function isEqual(flight: Flight, request: Outgoing, added: Flight['added'], call: Call): boolean {
  const other = flight.request
  return (
    other.method === request.method &&
    haveSame(other.fields, request.fields) &&
    added.every((fields, index) => haveSame(flight.added[index] ?? none, fields ?? none)) &&
    isSameContent(other.content, request.content) &&
    isLike(flight.options, call.options)
  )
}

const none: Fields = {}

function haveSame(a: Fields, b: Fields): boolean {
  if (a === b) return true
  for (const name in a) if (a[name] !== b[name]) return false
  for (const name in b) if (a[name] !== b[name]) return false
  return true
}

function isSameContent(a: Outgoing['content'], b: Outgoing['content']): boolean {
  if (a === undefined || b === undefined) return a === b
  if (a.kind !== 'bytes' || b.kind !== 'bytes' || a.bytes.length !== b.bytes.length) return false
  const { bytes } = b
  return a.bytes.every((byte, index) => byte === bytes[index])
}

/** Do two calls ask the same of the layers? Those that tell functions or objects do where these are the same. */
function isLike(a: Call['options'], b: Call['options']): boolean {
  if (a === b) return true
  const names = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof Call['options']>
  for (const name of names) if (!own.has(name) && a[name] !== b[name]) return false
  return true
}

/** What each call keeps for itself, or what stands in its request already. */
const own: ReadonlySet<string> = new Set(['signal', 'deadline', 'params', 'path', 'body', 'fields', 'throwOnError'])
