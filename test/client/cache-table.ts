// Rows of the cache's test: what is asked and answered, one after the other, and what has to be sent and served.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fields } from '@comity/http'
import { type CacheOptions, type CacheWish, cache } from '../../packages/client/src/layers/cache/cache.ts'
import { layered } from '../../packages/client/src/layers/layer.ts'
import {
  type Asked,
  callWith,
  plainSend,
  type Reply,
  type Scripted,
  type StandingClock,
  standingClock,
} from './scripted.ts'

export type Ask = {
  readonly method?: string
  readonly fields?: Fields
  readonly path?: string
  readonly wish?: CacheWish | false
  readonly content?: string
  readonly read?: 'whole' | 'pieces' | 'first-piece' | 'nothing'
}

export type Expected = {
  /** Fields the server has to see; `undefined` those it must not. */
  readonly sent?: Fields
  readonly status?: number
  /** Which of the server's contents, counted from 1; the last one unless told. A text is what it says. */
  readonly body?: number | string
  readonly fields?: Fields
  readonly trace?: RegExp
  readonly fails?: true
}

/** Fields may be made from the clock, for dates. */
type Answer = {
  readonly status?: number
  readonly fields?: Fields | ((date: (addSeconds: number) => string) => Fields)
  readonly body?: string
  readonly cut?: 'after-head'
}

export type Step =
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'sent'; readonly ask: Ask; readonly answer: Answer | 'cut'; readonly expected: Expected }
  | { readonly kind: 'served'; readonly ask: Ask; readonly expected: Expected }
  /** The server sees one more request, that nobody waited for. */
  | { readonly kind: 'background'; readonly answer: Answer | 'cut'; readonly sent: Fields; readonly step: Step }

/** It goes to the server, which answers this. */
export const sent = (answer: Answer | 'cut' = {}, ask: Ask = {}, expected: Expected = {}): Step => ({
  kind: 'sent',
  answer,
  ask,
  expected,
})
/** It is served without asking. */
export const served = (ask: Ask = {}, expected: Expected = {}): Step => ({ kind: 'served', ask, expected })
export const wait = (seconds: number): Step => ({ kind: 'wait', seconds })
/** While this step is served, the server is asked once more on the cache's own account. */
export const background = (answer: Answer | 'cut', sent: Fields, step: Step): Step => ({
  kind: 'background',
  answer,
  sent,
  step,
})

/** The short form of a Cache-Control answer. */
export const cc = (value: string, more: Fields = {}): Answer => ({ fields: { 'cache-control': value, ...more } })

export type Row = readonly [name: string, steps: readonly Step[], options?: CacheOptions]

/** Each row is a test on a path of its own. */
export function cacheTable(server: Scripted, topic: string, rows: readonly Row[]): void {
  for (const [index, [name, steps, options]] of rows.entries()) {
    test(`${topic}: ${name}`, () => run(server, `/${topic.replace(/\W/g, '-')}/${index}`, steps, options))
  }
}

async function run(server: Scripted, base: string, steps: readonly Step[], options: CacheOptions = {}): Promise<void> {
  const clock = standingClock()
  const layer = cache(options)
  const send = layered([layer], plainSend)
  const scripts: { answer: Answer | 'cut'; seen?: Asked }[] = []
  let contents = 0
  let last = ''
  let waiting: (typeof scripts)[number][] = []
  const reply = (asked: Asked): Reply | 'cut' => {
    const next = waiting.shift()
    if (next === undefined) return { status: 599, fields: {}, body: 'nobody should have asked' }
    next.seen = asked
    if (next.answer === 'cut') return 'cut'
    const bare = asked.method === 'HEAD' || next.answer.status === 304
    const made = replyOf(next.answer, clock, bare ? contents : ++contents)
    if (!bare) last = made.body
    return made
  }
  const prepare = (answer: Answer | 'cut') => {
    const script = { answer } as (typeof scripts)[number]
    waiting.push(script)
    return script
  }

  const exchange = async (step: Extract<Step, { kind: 'sent' | 'served' }>, at: string): Promise<void> => {
    const { ask, expected } = step
    const path = base + (ask.path ?? '')
    server.script(path, reply)
    const script = step.kind === 'sent' ? prepare(step.answer) : undefined
    const call = callWith(clock, { cache: ask.wish })
    const request = {
      method: ask.method ?? 'GET',
      url: server.url + path,
      fields: ask.fields ?? {},
      content:
        ask.content === undefined
          ? undefined
          : { kind: 'bytes' as const, bytes: new TextEncoder().encode(ask.content) },
    }
    const said = () => `${at}; the trace: ${call.trace.map(({ text }) => text).join(' · ')}`
    let got: Awaited<ReturnType<typeof send>> | undefined
    let text = ''
    let failed = false
    try {
      got = await send(request, call)
      if (ask.read === 'pieces') for await (const piece of got.body) text += new TextDecoder().decode(piece)
      else if (ask.read === 'first-piece') for await (const _ of got.body) break
      else if (ask.read === 'nothing') await got.body.discard()
      else text = new TextDecoder().decode(await got.body.bytes())
    } catch (error) {
      if (expected.fails !== true) throw error
      failed = true
    }
    assert.equal(failed, expected.fails === true, said())
    if (script !== undefined) assert.ok(script.seen, `nothing was sent: ${said()}`)
    for (const [name, value] of Object.entries(expected.sent ?? {}))
      assert.equal(script?.seen?.fields[name], value, `sent ${name}: ${said()}`)
    if (got !== undefined && !failed) {
      const answer = step.kind === 'sent' && step.answer !== 'cut' ? (step.answer.status ?? 200) : 200
      assert.equal(got.status, expected.status ?? (answer === 304 ? 200 : answer), `status: ${said()}`)
      const wanted = typeof expected.body === 'number' ? bodyNumber(expected.body) : (expected.body ?? last)
      const empty = request.method === 'HEAD' || got.status === 304 || got.status === 204
      if (ask.read === undefined || ask.read === 'pieces') assert.equal(text, empty ? '' : wanted, `content: ${said()}`)
      for (const [name, value] of Object.entries(expected.fields ?? {}))
        assert.equal(got.fields[name], value, `${name}: ${said()}`)
    }
    if (expected.trace !== undefined) assert.match(call.trace.map(({ text }) => text).join(' · '), expected.trace, at)
  }

  for (const [index, step] of steps.entries()) {
    const at = `step ${index + 1}`
    if (step.kind === 'wait') clock.move(step.seconds * 1000)
    else if (step.kind === 'background') {
      server.script(base, reply)
      const script = prepare(step.answer)
      assert.ok(step.step.kind === 'served')
      const { ask, expected } = step.step
      await exchange({ ...step.step, ask, expected: { body: last, ...expected } }, at)
      await layer.idle()
      assert.ok(script.seen, `${at}: nothing was asked in the background`)
      for (const [name, value] of Object.entries(step.sent)) assert.equal(script.seen.fields[name], value, at)
    } else await exchange(step, at)
    assert.equal(waiting.length, 0, `${at}: not everything was asked for`)
    waiting = []
  }
}

const bodyNumber = (number: number): string => `content ${number}`

function replyOf(answer: Answer, clock: StandingClock, number: number): Reply {
  const fields = typeof answer.fields === 'function' ? answer.fields(clock.date) : (answer.fields ?? {})
  return {
    status: answer.status ?? 200,
    fields: 'date' in fields ? fields : { date: clock.date(), ...fields },
    body: answer.body ?? bodyNumber(number),
    ...(answer.cut === undefined ? {} : { cut: answer.cut }),
  }
}
