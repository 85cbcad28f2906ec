// One server whose API may become another while it runs: connections stay, requests under way are finished by the API
// that they came to, and what comes next goes to the new one.
import { createServer, type RequestListener, type Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Api } from '../define/api.ts'
import { operation } from '../limits/operation.ts'
import type { Mock } from '../sources/openapi/mock.ts'
import { answerClientError } from './client-errors.ts'
import { appFor, drain, guard, idleFor, type ServeOptions, type Serving, saidBy, serverFor, urlOf } from './serve.ts'

export type Replaceable = Serving & {
  /** Serves another API from now on. Rejects where it cannot be opened; the one before stays then. */
  readonly replace: (api: Api | Mock, options?: Pick<ServeOptions, 'store' | 'database'>) => Promise<void>
}

/** What answers at one time. */
type Current = {
  readonly app: FastifyInstance
  readonly answer: RequestListener
  /** Requests under way. */
  active: number
}

/** As `serve`, for APIs that change. Host, port and timeouts are those of the first. */
export async function serveReplaceable(api: Api | Mock, options: ServeOptions = {}): Promise<Replaceable> {
  const { port = 3000, host = '127.0.0.1', drainTimeout = 10_000 } = options
  const desk = options.operation ?? operation(options.mode)
  let current = await open(api, { ...options, operation: desk }, drainTimeout)
  const leaving = new Set<Promise<unknown>>()
  const server = serverFor(api, options, (request, response) => {
    const mine = current
    mine.active++
    response.once('close', () => mine.active--)
    mine.answer(request, response)
  })
  server.on('clientError', (error, socket) => answerClientError(saidBy(api), error, socket))
  guard(server, api)
  server.timeout = idleFor(options)
  try {
    await listen(server, port, host)
  } catch (error) {
    await current.app.close()
    throw error
  }

  const { mode, setMode, block, unblock, blocked } = desk
  return {
    mode,
    setMode,
    block,
    unblock,
    blocked,
    url: urlOf(server, options, port),
    async replace(next, more = {}) {
      const before = current
      current = await open(next, { ...options, ...more, operation: desk }, drainTimeout)
      const left = idle(before, drainTimeout)
        .then(() => before.app.close())
        .finally(() => leaving.delete(left))
      leaving.add(left)
    },
    close: () =>
      drain(
        server,
        async () => {
          const stopped = new Promise(resolve => server.close(resolve))
          await Promise.all([current.app.close(), ...leaving])
          await stopped
        },
        drainTimeout,
      ),
  }
}

/** An app that never listens: its requests are handed to it. It closes when they are answered, or have had their time. */
async function open(api: Api | Mock, options: ServeOptions, grace: number): Promise<Current> {
  let answer: RequestListener = () => {}
  const app = await appFor(api, options, handler => {
    answer = handler as RequestListener
    return createServer()
  })
  const current: Current = { app, answer: (request, response) => answer(request, response), active: 0 }
  // Closed first of all, as it is registered last: the database stays open until then.
  await app.register(async last => {
    last.addHook('onClose', () => idle(current, grace))
  })
  await app.ready()
  return current
}

/** Resolves when nothing is under way any more, or has been for too long. */
async function idle(current: Current, grace: number): Promise<void> {
  const deadline = performance.now() + grace
  while (current.active > 0 && performance.now() < deadline) await sleep(10)
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
