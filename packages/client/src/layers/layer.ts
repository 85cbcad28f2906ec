// The way of a call: layers around a transport, in one order. Each acts on a policy of @comity/http and notes in the
// call's trace what it did and why.
import type { Fields } from '@comity/http'
import type { Outgoing } from '../exchange/request.ts'
import type { Incoming } from '../exchange/response.ts'
import type { Call } from './call.ts'

/** Sends a request, somehow, and resolves when the head of its final response is here. */
export type Send = (request: Outgoing, call: Call) => Promise<Incoming>

/** Outermost first. A client may leave layers out; it may not change their order. */
export const layerOrder = [
  'diagnostics',
  'metrics',
  'dedupe',
  'cache',
  'negotiate',
  'idempotency',
  'retry',
  'attempts',
  'redirect',
  'breaker',
  'auth',
  'cookies',
  'pace',
  'record',
  'coding',
] as const

export type LayerName = (typeof layerOrder)[number]

export type Layer = {
  readonly name: LayerName
  /** `inner` are the layers that `next` goes through, outermost first. */
  readonly around: (next: Send, inner: readonly Layer[]) => Send
  /**
   * Fields that this layer will put on a request and responses may vary by, such as Cookie, or who is authorized: what
   * stays the same for as long as one user does. A cache around it asks; it sends nothing.
   */
  readonly adds?: (request: Outgoing, call: Call) => Fields | undefined
  /** What every call waits for before `adds` is asked, such as a file that is read; undefined where there is nothing more. */
  readonly ready?: () => Promise<void> | undefined
}

/**
 * The transport with its layers around it.
 * @throws TypeError where two have one name, or one stands before another that goes around it.
 */
export function layered(layers: readonly Layer[], transport: Send): Send {
  const places = layers.map(({ name }) => layerOrder.indexOf(name))
  for (const [index, place] of places.entries()) {
    const before = places[index - 1] ?? -1
    if (place === before) throw new TypeError(`the layer “${layers[index]?.name}” is given twice`)
    if (place < before)
      throw new TypeError(
        `the layer “${layers[index]?.name}” goes around “${layers[index - 1]?.name}”: ${layerOrder.join(' · ')}`,
      )
  }
  const send = layers.reduceRight<Send>((next, layer, at) => layer.around(next, layers.slice(at + 1)), transport)
  const readying = layers.flatMap(({ ready }) => (ready === undefined ? [] : [ready]))
  if (readying.length === 0) return send
  return (request, call) => {
    const waits = readying.map(ready => ready()).filter(wait => wait !== undefined)
    return waits.length === 0 ? send(request, call) : Promise.all(waits).then(() => send(request, call))
  }
}
