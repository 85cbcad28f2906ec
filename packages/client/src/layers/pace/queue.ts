// Who may ask a host now: so many at once, and not sooner than was asked for.
import type { Call, Clock } from '../call.ts'

type Host = { active: number; readyAt: number; waiting: (() => void)[] }

const mostHosts = 1000

export class Queue {
  readonly #hosts = new Map<string, Host>()
  readonly #concurrency: number

  constructor(concurrency: number) {
    this.#concurrency = concurrency
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
      const wait = state.readyAt - now
      state.readyAt = Math.max(now, state.readyAt) + interval
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
    state.readyAt = Math.max(state.readyAt, at)
  }

  #state(host: string, clock: Clock): Host {
    const known = this.#hosts.get(host)
    if (known !== undefined) return known
    if (this.#hosts.size >= mostHosts) {
      for (const [name, { active, readyAt }] of this.#hosts)
        if (active === 0 && readyAt <= clock.now()) this.#hosts.delete(name)
    }
    const state: Host = { active: 0, readyAt: 0, waiting: [] }
    this.#hosts.set(host, state)
    return state
  }
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
