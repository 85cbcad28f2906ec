// The layers of every client, in the order in which they stand around its transport.
import type { Platform } from '../exchange/transport.ts'
import { auth } from '../layers/auth.ts'
import { breaker } from '../layers/breaker.ts'
import { idempotency } from '../layers/idempotency.ts'
import { type Layer, type LayerName, layered, layerOrder, type Send } from '../layers/layer.ts'
import { negotiate } from '../layers/negotiate.ts'
import type { PoliteOptions } from '../layers/pace.ts'
import { redirect } from '../layers/redirect.ts'
import { retry } from '../layers/retry.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { ClientOptions } from './options.ts'

/** Options that make a client build its layers anew. */
export const layerOptions: readonly string[] = [...layerOrder, 'layers', 'polite', 'retryBudget']

/**
 * The standard layers that the options do not turn off, and those given.
 * @throws TypeError where two have one name
 */
export function sendThrough(
  transport: Send,
  options: ClientOptions,
  platform: Platform,
  metrics: Metrics | undefined,
  record: Layer,
): Send {
  const given = options.layers ?? []
  const counting = metrics === undefined ? [] : metrics.layers
  const own = [...counting, record, ...standardLayers(options, platform)].filter(
    ({ name }) => !given.some(layer => layer.name === name),
  )
  const place = ({ name }: Layer) => layerOrder.indexOf(name)
  return layered(
    [...own, ...given].sort((a, b) => place(a) - place(b)),
    transport,
  )
}

/** What counts the calls of a client; undefined where nothing does. */
export function metricsFor({ metrics }: ClientOptions, platform: Platform): Metrics | undefined {
  if (metrics === false) return undefined
  return typeof metrics === 'object' && 'layers' in metrics ? metrics : platform.metrics?.(metrics)
}

function standardLayers(options: ClientOptions, platform: Platform): readonly Layer[] {
  const layers: Layer[] = []
  const add = <Name extends LayerName & keyof ClientOptions>(
    name: Name,
    make: (given: Exclude<ClientOptions[Name], false | undefined> | undefined) => Layer,
  ): void => {
    const given = options[name]
    if (given !== false) layers.push(make(given as Exclude<ClientOptions[Name], false | undefined> | undefined))
  }
  if (platform.diagnostics !== undefined) layers.push(platform.diagnostics())
  if (platform.dedupe !== undefined) add('dedupe', platform.dedupe)
  if (platform.cache !== undefined) add('cache', platform.cache)
  add('negotiate', negotiate)
  const { baseUrl } = options
  layers.push(auth(options.auth, baseUrl === undefined ? undefined : new URL(baseUrl).origin))
  add('idempotency', idempotency)
  add('retry', given => retry(given, options.retryBudget))
  add('redirect', redirect)
  add('breaker', breaker)
  if (platform.cookies !== undefined) add('cookies', platform.cookies)
  if (options.polite) layers.push(politely(options.polite))
  if (platform.coding !== undefined) add('coding', platform.coding)
  return layers
}

/** Few clients have need of it: its code is loaded with the first request. */
function politely(options: PoliteOptions): Layer {
  let loading: Promise<Layer> | undefined
  const loaded = () => {
    loading ??= import('../layers/pace.ts').then(
      ({ pace }) => pace(options),
      error => {
        loading = undefined
        throw error
      },
    )
    return loading
  }
  return {
    name: 'pace',
    around(next, inner) {
      let send: Send | undefined
      return async (request, call) => {
        if (send === undefined) {
          const layer = await loaded()
          // Those who waited with it share one queue.
          send ??= layer.around(next, inner)
        }
        return send(request, call)
      }
    },
  }
}
