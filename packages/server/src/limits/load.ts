// How much a process takes at once. Beyond it, some requests are refused at the price of a few microseconds, so that the
// others are still answered in good time.
import { getHeapStatistics } from 'node:v8'

export type LoadBounds = {
  /**
   * Milliseconds that a request may have waited for those before it in one turn of the event loop; 200 by default. Two or
   * three times what the slowest usual request takes keeps the time that the others take.
   */
  readonly delay: number
  /** Milliseconds for which it is to be so before anything is refused; 1,000 by default. A single slow turn is none. */
  readonly after: number
  /** Requests under way at a time; 10,000 by default. */
  readonly underWay: number
  /** Part of the memory that the process may have, from 0 to 1; 0.9 by default. */
  readonly memory: number
}

export type Overload = { readonly kind: 'delay' | 'under-way' | 'memory' }

/** `last`: what goes last, since it costs next to nothing. */
export type Costs = 'first' | 'last'

export type Load = {
  /** Undefined: the request may come in, and `leave` is to be called once it is answered. */
  readonly enter: (costs: () => Costs) => Overload | undefined
  readonly leave: () => void
}

export const defaultBounds: LoadBounds = { delay: 200, after: 1_000, underWay: 10_000, memory: 0.9 }

/** The load is over once nobody had to wait for so long, in ms. */
const calm = 1_000
/** How often the memory is looked at, at most, in ms. */
const glance = 500
/** How much more is borne for what goes last. */
const forbearance = 5

const whole = { delay: { kind: 'delay' }, underWay: { kind: 'under-way' }, memory: { kind: 'memory' } } as const

/** `clock` in ms, monotonic; `memory` is the part of it that is in use; `endOfTurn` calls back when the turn is over. */
export function loadOf(
  bounds: LoadBounds,
  clock: () => number = () => performance.now(),
  memory: () => number = memoryInUse,
  endOfTurn: (callback: () => void) => unknown = setImmediate,
): Load {
  let underWay = 0
  /** When the requests of this turn began to be taken; undefined between turns. */
  let turn: number | undefined
  /** Since when there is too much, and when there was last. */
  let since: number | undefined
  let last = 0
  let looked = Number.NEGATIVE_INFINITY
  let full: 'no' | 'once' | 'yes' = 'no'

  const end = () => {
    turn = undefined
  }

  /** A peak that a collection removes is none. */
  function isFull(now: number): boolean {
    if (now - looked > glance) {
      looked = now
      full = memory() <= bounds.memory ? 'no' : full === 'no' ? 'once' : 'yes'
    }
    return full === 'yes'
  }

  function overload(now: number, costs: () => Costs): Overload | undefined {
    if (turn === undefined) {
      turn = now
      endOfTurn(end)
    }
    const waited = now - turn
    if (since !== undefined && now - last > calm) since = undefined
    if (waited > bounds.delay) {
      last = now
      since ??= now
      const most = bounds.delay * (costs() === 'last' ? forbearance : 1)
      if (now - since >= bounds.after && waited > most) return whole.delay
    }
    if (underWay >= bounds.underWay && costs() === 'first') return whole.underWay
    return isFull(now) && costs() === 'first' ? whole.memory : undefined
  }

  return {
    enter(costs) {
      const over = overload(clock(), costs)
      if (over === undefined) underWay++
      return over
    },
    leave() {
      underWay--
    },
  }
}

function memoryInUse(): number {
  const { used_heap_size: used, heap_size_limit: most } = getHeapStatistics()
  return used / most
}
