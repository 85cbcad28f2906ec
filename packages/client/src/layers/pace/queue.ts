// Who may ask a host now: so many at once, and not sooner than was asked for.
import { NetworkError } from '../../errors.ts'
import type { Call, Clock } from '../call.ts'

/** `readyAt` is by our own pace, `heldUntil` as the host asked. */
type Host = { active: number; readyAt: number; heldUntil: number; waiting: (() => void)[] }

const mostHosts = 1000

export class Queue {
  readonly #hosts = new Map<string, Host>()
  readonly #concurrency: number
  readonly #patience: number

  constructor(concurrency: number, patience: number) {
    this.#concurrency = concurrency
    this.#patience = patience
  }

  /** Waits for its turn, at least `interval` ms after the turn before; returns what ends it. @throws the call's reason */
  async enter(host: string, interval: number, call: Call): Promise<() => void> {
    const state = this.#state(host, call.clock)
    while (state.active >= this.#concurrency) await turn(state, call)
    state.active++
    const leave = once(() => {
      state.active--
      state.waiting.shift()?.()
    })
    try {
      const now = call.clock.now()
      const asked = state.heldUntil - now
      if (asked > this.#patience) throw leftAlone(host, asked, call)
      const wait = Math.max(state.readyAt, state.heldUntil) - now
      state.readyAt = now + Math.max(0, wait) + interval
      if (wait > 0) {
        call.note('pace', `waited ${Math.round(wait).toLocaleString('en')} ms for its turn at ${host}`, { wait })
        await call.clock.sleep(wait, call.signal)
      }
      return leave
    } catch (error) {
      leave()
      throw error
    }
  }

  /** Nobody asks this host before `at`. */
  hold(host: string, at: number, clock: Clock): void {
    const state = this.#state(host, clock)
    state.heldUntil = Math.max(state.heldUntil, at)
  }

  #state(host: string, clock: Clock): Host {
    const known = this.#hosts.get(host)
    if (known !== undefined) return known
    if (this.#hosts.size >= mostHosts) {
      for (const [name, { active, readyAt, heldUntil }] of this.#hosts)
        if (active === 0 && Math.max(readyAt, heldUntil) <= clock.now()) this.#hosts.delete(name)
    }
    const state: Host = { active: 0, readyAt: 0, heldUntil: 0, waiting: [] }
    this.#hosts.set(host, state)
    return state
  }
}

function leftAlone(host: string, asked: number, call: Call): NetworkError {
  const wait = `${Math.round(asked).toLocaleString('en')} ms`
  call.note('pace', `not sent: ${host} asked to be left alone for ${wait} more`, { wait: asked })
  return new NetworkError(
    'circuit-open',
    'connect',
    `nothing was sent to ${host}: it asked to be left alone for ${wait} more, which is longer than polite.patience`,
  )
}

function turn(state: Host, { signal }: Call): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      state.waiting = state.waiting.filter(other => other !== go)
      reject(signal?.reason)
    }
    const go = () => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }
    if (signal?.aborted) return reject(signal.reason)
    signal?.addEventListener('abort', stop, { once: true })
    state.waiting.push(go)
  })
}

function once(act: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    act()
  }
}
