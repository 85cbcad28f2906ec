// How long the making of connections took: by origin the last one, since undici does not tell which a request got.
import type { buildConnector } from 'undici'

export type Made = {
  readonly begun: number
  dns: number | undefined
  connect: number | undefined
  tls: number | undefined
  ended: number
}

type Connector = buildConnector.connector

export class Connections {
  readonly #last = new Map<string, Made>()

  /** The connection to `origin` that was made since `begun` (ms of `performance.now`), if one was. */
  since(origin: string, begun: number): Made | undefined {
    const made = this.#last.get(origin)
    return made !== undefined && made.begun >= begun ? made : undefined
  }

  timing(connector: Connector): Connector {
    return (options, callback) => {
      const begun = performance.now()
      const made: Made = { begun, dns: undefined, connect: undefined, tls: undefined, ended: 0 }
      const { protocol, host } = options
      const socket: unknown = connector(options, (...result) => {
        made.ended = performance.now()
        const from = begun + (made.dns ?? 0) + (made.connect ?? 0)
        if (protocol === 'https:') made.tls = made.ended - from
        else made.connect = made.ended - begun - (made.dns ?? 0)
        // Bounded: what an origin needs is one row, and origins come and go.
        if (this.#last.size >= 1000) this.#last.clear()
        this.#last.set(`${protocol}//${host}`, made)
        callback(...result)
      })
      if (isSocket(socket)) {
        socket.once('lookup', () => {
          made.dns = performance.now() - begun
        })
        socket.once('connect', () => {
          made.connect = performance.now() - begun - (made.dns ?? 0)
        })
      }
    }
  }
}

function isSocket(value: unknown): value is { once: (event: string, listener: () => void) => void } {
  return typeof value === 'object' && value !== null && 'once' in value
}
