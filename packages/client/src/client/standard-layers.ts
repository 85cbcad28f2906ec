// The layers of every client, in the order in which they stand around its transport.
import { auth } from '../layers/auth.ts'
import { type Layer, layered, layerOrder, type Send } from '../layers/layer.ts'
import type { ClientOptions } from './options.ts'

/** Options that make a client build its layers anew. */
export const layerOptions: readonly string[] = [...layerOrder, 'layers', 'clock']

export function sendThrough(transport: Send, options: ClientOptions): Send {
  const given = options.layers ?? []
  const own = standardLayers(options).filter(({ name }) => !given.some(layer => layer.name === name))
  const place = ({ name }: Layer) => layerOrder.indexOf(name)
  // What was given twice is found by `layered`.
  return layered(
    [...own, ...given].sort((a, b) => place(a) - place(b)),
    transport,
  )
}

function standardLayers(options: ClientOptions): readonly Layer[] {
  const { baseUrl } = options
  return [auth(options.auth, baseUrl === undefined ? undefined : new URL(baseUrl).origin)]
}
