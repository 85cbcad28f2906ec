// Requests over undici's core: no Headers, no URL, no stream of Node's for what fits into one piece.
import { Agent, buildConnector, type Dispatcher, EnvHttpProxyAgent } from 'undici'
import { NetworkError } from '../errors.ts'
import type { Outgoing } from '../exchange/request.ts'
import type { Incoming } from '../exchange/response.ts'
import { originOf } from '../exchange/target.ts'
import type { Transport, TransportOptions } from '../exchange/transport.ts'
import type { Call } from '../layers/call.ts'
import { Connections } from './connections.ts'
import { NodeExchange } from './exchange.ts'

export function nodeTransport(options: TransportOptions = {}): Transport {
  const {
    proxy,
    http2 = true,
    connections = 64,
    connectTimeout = 10_000,
    idleTimeout = 60_000,
    tls = {},
    socketPath,
  } = options
  const made = new Connections()
  const connect = buildConnector({
    ...tls,
    allowH2: http2,
    timeout: connectTimeout,
    ...(socketPath === undefined ? {} : { socketPath }),
  } as buildConnector.BuildOptions)
  const settings = { connections, allowH2: http2, bodyTimeout: idleTimeout, connect: made.timing(connect) }
  const agent = proxy === undefined ? new Agent(settings) : throughProxy(proxy, settings, tls)
  let closed: NetworkError | undefined

  function send(request: Outgoing, call: Call): Promise<Incoming> {
    if (closed !== undefined) return Promise.reject(closed)
    if (call.signal?.aborted) return Promise.reject(call.signal.reason)
    const { url } = request
    const origin = originOf(url)
    return new Promise((resolve, reject) => {
      const exchange = new NodeExchange(request, call, origin, made, resolve, reject)
      agent.dispatch(dispatchOptions(request, origin, url, call, exchange), exchange)
    })
  }

  return {
    send,
    async close() {
      closed ??= new NetworkError('closed', 'connect', 'the client is closed')
      if (!agent.destroyed) await agent.close()
    },
    async destroy() {
      closed ??= new NetworkError('closed', 'connect', 'the client is closed')
      if (!agent.destroyed) await agent.destroy(closed)
    },
  }
}

/** Empty texts keep undici from reading the variables of the environment: who makes a client says what they mean. */
function throughProxy(
  { http = '', https = '', except = '' }: NonNullable<TransportOptions['proxy']>,
  settings: Agent.Options,
  tls: NonNullable<TransportOptions['tls']>,
): Agent {
  for (const url of [http, https])
    if (url !== '' && !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
      throw new TypeError(`“${url}” is no URL of a proxy, such as http://proxy.example:3128`)
  const requestTls = tls as buildConnector.BuildOptions
  // Its types leave out what it has of its base.
  return new EnvHttpProxyAgent({
    ...settings,
    requestTls,
    httpProxy: http,
    httpsProxy: https,
    noProxy: except,
  }) as unknown as Agent
}

/** A source that fails is the caller's, and its error the one of the call. */
async function* watched(source: AsyncIterable<Uint8Array>, exchange: NodeExchange): AsyncGenerator<Uint8Array> {
  try {
    yield* source
  } catch (error) {
    exchange.sourceFailed(error)
    throw error
  }
}

function dispatchOptions(
  request: Outgoing,
  origin: string,
  url: string,
  call: Call,
  exchange: NodeExchange,
): Dispatcher.DispatchOptions {
  const { content } = request
  let headers = request.fields as Record<string, string | undefined>
  let body: unknown = null
  if (content !== undefined) {
    if (content.kind === 'bytes') {
      body = content.bytes
      // undici sends no Content-Length for what has no bytes.
      if (content.bytes.length === 0) headers = { ...headers, 'content-length': '0' }
    } else {
      body = watched(content.open(), exchange)
      if (content.size !== undefined) headers = { ...headers, 'content-length': String(content.size) }
    }
  }
  const path = url.length === origin.length ? '/' : url.slice(origin.length)
  return {
    origin,
    path: path.charCodeAt(0) === 47 ? path : `/${path}`,
    method: request.method,
    headers: headers as Record<string, string>,
    body: body as Uint8Array | null,
    headersTimeout: call.timeout === undefined ? 60_000 : 0,
  }
}
