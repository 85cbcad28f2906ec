// What a network does to clients, done on purpose: answers that are late, answers that are none, and failures.
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServeOptions } from '@comity/server'

type App = Parameters<NonNullable<ServeOptions['around']>>[0]
type Hook = Parameters<typeof addOnRequest>[1]
const addOnRequest = (app: App, hook: (request: Request, reply: Reply) => Promise<unknown>) =>
  app.addHook('onRequest', hook as never)

type Request = { readonly method: string; readonly url: string; readonly raw: import('node:http').IncomingMessage }
type Reply = {
  readonly raw: import('node:http').ServerResponse
  code(status: number): Reply
  header(name: string, value: string): Reply
  send(body: Uint8Array): Reply
  hijack(): Reply
}

export type FaultOptions = {
  /** From 0 to 1: how many of the requests meet a fault. */
  readonly share: number
  /** Numbers from 0 to 1. */
  readonly chance: () => number
  /** Told of each, for people. */
  readonly told: (sentence: string) => void
}

/** Times that a slow answer takes longer, in ms. */
const slow = { least: 1_000, most: 3_000 } as const

/** Each request waits so long, in ms. */
export function delay(app: App, ms: number): void {
  addOnRequest(app, () => sleep(ms))
}

/**
 * A share of the requests meets a fault: one of four, each as often as the others. `failed` and `cut` are done nothing
 * for; what was cut `late` was done, and only its answer is lost: a client that repeats it without a key does it twice.
 */
export function faults(app: App, { share, chance, told }: FaultOptions): void {
  const kinds: readonly Hook[] = [failed, cut, cutLate, slowed]
  const names = ['answered with a failure', 'cut before it was done', 'done, and its answer cut', 'slowed down']
  addOnRequest(app, async (request, reply) => {
    if (chance() >= share) return undefined
    const at = Math.min(Math.floor(chance() * kinds.length), kinds.length - 1)
    told(`Fault: ${request.method} ${request.url} is ${names[at]}.`)
    return kinds[at]?.(request, reply)
  })

  async function failed(_request: Request, reply: Reply): Promise<unknown> {
    const [status, title] = failures[Math.floor(chance() * failures.length)] ?? failures[0]
    const problem = {
      type: 'about:blank',
      title,
      status,
      detail: 'A fault of comity serve --faults. Nothing was done.',
    }
    if (status === 503) reply.header('retry-after', '1')
    return reply
      .code(status)
      .header('content-type', 'application/problem+json')
      .send(Buffer.from(JSON.stringify(problem)))
  }

  async function slowed(): Promise<void> {
    await sleep(slow.least + chance() * (slow.most - slow.least))
  }
}

const failures = [
  [500, 'Internal Server Error'],
  [502, 'Bad Gateway'],
  [503, 'Service Unavailable'],
  [504, 'Gateway Timeout'],
] as const

async function cut(request: Request, reply: Reply): Promise<unknown> {
  reply.hijack()
  request.raw.socket.destroy()
  return reply
}

/** The answer breaks off in its first piece, or before its fields where it has no content. */
async function cutLate({ raw: { socket } }: Request, { raw }: Reply): Promise<void> {
  const write = raw.write.bind(raw)
  const stop = (piece: unknown): boolean => {
    if (typeof piece === 'string' || piece instanceof Uint8Array) {
      const bytes = Buffer.from(piece as string)
      write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => socket.destroy())
    } else socket.destroy()
    return true
  }
  raw.write = stop as typeof raw.write
  raw.end = ((piece: unknown) => {
    stop(piece)
    return raw
  }) as typeof raw.end
}

/** Mulberry32: the same faults for the same seed. */
export function chanceFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
