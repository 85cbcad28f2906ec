// HTTPS and HTTP/2 on one port (RFC 9110 §4.2.2, RFC 9113), and what is told to who speaks plain HTTP to it.
import {
  createServer as createPlainServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { type AnswerFields, refuse } from '../exchange/answer.ts'
import { documentOf } from './client-errors.ts'
import { mostFields } from './message.ts'

/** PEM, as text or bytes. */
export type Pem = string | Uint8Array

export type TlsOptions = {
  readonly key: Pem
  /** The certificate, and those between it and its root. */
  readonly cert: Pem
  readonly passphrase?: string
  /**
   * Certificates of clients: the authorities that they are checked against, and whether one has to be shown. Who that makes
   * somebody is what `clientCertificates` among the authentication says.
   */
  readonly clients?: { readonly ca: Pem | readonly Pem[]; readonly certificate: 'required' | 'asked' }
  /**
   * What a request without TLS is answered: `moved` is 308 to the same at https for GET and HEAD, and 426 for all else, which
   * has said already what was meant to be secret; `refused` is 426 for all. `moved` by default.
   */
  readonly plain?: 'moved' | 'refused'
  /** Whether HTTP/2 is offered (ALPN); it is by default. */
  readonly http2?: 'offered' | 'left-out'
}

/** What a server is made with besides, as Node names it. */
export type ServerBounds = {
  readonly maxHeaderSize: number
  readonly headersTimeout: number
  readonly requestTimeout: number
  readonly connectionsCheckingInterval: number
  readonly requireHostHeader: boolean
}

/** Streams that one connection may have open at the same time. */
const mostStreams = 100
/** What one session may hold in memory, in MB. */
const sessionMemory = 10

/** A server of TLS on which `handle` answers, in HTTP/1.1 and HTTP/2; the same port tells plain HTTP to use TLS. */
export function secureServer(
  tls: TlsOptions,
  bounds: ServerBounds,
  said: AnswerFields,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const { key, cert, passphrase, clients, plain = 'moved', http2 = 'offered' } = tls
  const server = createSecureServer(
    {
      ...bounds,
      key: key as Buffer,
      cert: cert as Buffer,
      ...(passphrase !== undefined && { passphrase }),
      ...(clients && {
        ca: clients.ca as Buffer,
        requestCert: true,
        rejectUnauthorized: clients.certificate === 'required',
      }),
      minVersion: 'TLSv1.2',
      handshakeTimeout: bounds.headersTimeout,
      allowHTTP1: true,
      ALPNProtocols: http2 === 'offered' ? ['h2', 'http/1.1'] : ['http/1.1'],
      maxSessionMemory: sessionMemory,
      settings: {
        maxConcurrentStreams: mostStreams,
        maxHeaderListSize: bounds.maxHeaderSize,
        enableConnectProtocol: false,
      },
      // One more, so that too many are noticed (431), and the pseudo-fields.
      maxHeaderListPairs: mostFields + 1 + 4,
    },
    handle as never,
  )
  Object.assign(server, { headersTimeout: bounds.headersTimeout, requestTimeout: bounds.requestTimeout })
  // A connection that breaks is nobody's failure here.
  server.on('sessionError', () => {})
  const plainly = answerPlain(bounds, said, plain)
  takeEither(server, plainly, bounds.headersTimeout)
  return asServer(server, plainly)
}

const firstOfTls = 0x16

/** A connection that begins with a TLS record goes on with TLS, any other is told. */
function takeEither(server: Http2SecureServer, plainly: Server, patience: number): void {
  const [begin] = server.listeners('connection') as ((socket: Socket) => void)[]
  if (begin === undefined) throw new TypeError('a server of TLS listens for connections')
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    const forget = () => socket.destroy()
    socket.setTimeout(patience, forget)
    socket.once('error', forget)
    socket.once('readable', () => {
      const first: Buffer | null = socket.read()
      socket.setTimeout(0)
      socket.off('timeout', forget).off('error', forget)
      if (first === null) {
        socket.destroy()
        return
      }
      socket.unshift(first)
      if (first[0] === firstOfTls) {
        begin.call(server, socket)
        return
      }
      // A server that does not listen by itself does not look after its connections: this one is for one answer.
      const late = setTimeout(forget, patience)
      socket.once('close', () => clearTimeout(late))
      plainly.emit('connection', socket)
    })
  })
}

/** What a client may be sent back to: the host that it asked itself. */
const hostAndPort = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?$/

/** RFC 9110 §15.4.9, §15.5.22; RFC 2817 §4.2 has the field's value. */
function answerPlain(bounds: ServerBounds, said: AnswerFields, plain: 'moved' | 'refused'): Server {
  const handle: RequestListener = (request, response) => {
    const { method, url = '/', headers } = request
    const { host = '' } = headers
    const target = `https://${host}${url}`
    const moves = plain === 'moved' && (method === 'GET' || method === 'HEAD')
    if (moves && hostAndPort.test(host) && url.startsWith('/') && URL.canParse(target)) {
      response.writeHead(308, { ...said, location: new URL(target).href, 'content-length': 0, connection: 'close' })
      response.end()
      return
    }
    const refused = refuse('upgrade-required', 'This API is served over TLS only: ask it at https.', {
      fields: { upgrade: 'TLS/1.2, HTTP/1.1', connection: 'upgrade, close' },
    })
    const { status, fields, body } = documentOf(refused, said, {
      accept: headers.accept,
      acceptLanguage: headers['accept-language'],
    })
    response.writeHead(status, { ...fields, connection: 'upgrade, close' })
    response.end(method === 'HEAD' ? undefined : body)
  }
  const { requireHostHeader: _, ...rest } = bounds
  return createPlainServer({ ...rest, requireHostHeader: false, keepAlive: false }, handle)
}

/** What the host does with any server, for one that has sessions too. */
function asServer(server: Http2SecureServer, plainly: Server): Server {
  const sessions = new Set<ServerHttp2Session>()
  const sockets = new Set<TLSSocket>()
  server.on('session', session => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
  })
  server.on('secureConnection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const idle = (server as unknown as Server).closeIdleConnections.bind(server)
  return Object.assign(server as unknown as Server, {
    closeIdleConnections() {
      idle()
      plainly.closeIdleConnections()
      // RFC 9113 §6.8: no more streams; those that are open come to their end.
      for (const session of sessions) if (!session.closed) session.close()
    },
    closeAllConnections() {
      for (const session of sessions) session.destroy()
      for (const socket of sockets) socket.destroy()
      plainly.closeAllConnections()
    },
  })
}
