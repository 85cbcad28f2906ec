// What an API declares of its callers, opened: schemes, and where accounts and keys are kept.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Credentials, credentialsOf, keepingIn, keepingWithin, noteDigestRealm } from '../auth/credentials.ts'
import type { Endpoints } from '../auth/endpoints.ts'
import type { Scheme } from '../auth/scheme.ts'
import type { Api } from '../define/api.ts'
import { DefinitionError } from '../define/definition-error.ts'
import type { Incoming } from '../exchange/exchange.ts'
import type { Store, Transaction } from '../store/store.ts'

/** Notes what passwords are to be kept for; schemes are opened once the database has its first rows. */
export async function accessOf({ definition, model }: Api, store: Store, now: () => number) {
  const declared = definition.authentication ?? []
  const keeping = keepingIn(store, now)
  const realms = declared.flatMap(each => each.digestRealm?.(definition.title) ?? [])
  if (declared.length > 0) await noteDigestRealm(keeping, realms[0])
  return {
    credentialsWithin: (tx: Transaction): Credentials => credentialsOf(keepingWithin(tx, now)),
    async open(report: (error: unknown) => void, root: () => string): Promise<readonly Scheme[]> {
      if (declared.length === 0) return []
      // An API that asks nobody who it is loads nothing of it.
      const { signInsOf } = await import('../auth/sign-in.ts')
      const context = {
        store,
        credentials: credentialsOf(keeping),
        signIns: signInsOf(store, definition.attempts),
        title: definition.title,
        now,
        report,
        root,
      }
      const schemes: Scheme[] = []
      for (const each of declared) schemes.push(await each.open(context))
      const taken = schemes
        .flatMap(({ endpoints }) => endpoints?.segment ?? [])
        .filter(name => model.resources.has(name))
      if (taken.length > 0)
        throw new DefinitionError(
          taken.map(name => ({
            place: `resources.${name}`,
            problem: `/${name} is where signing in is answered; call it otherwise`,
          })),
        )
      return schemes
    },
  }
}

/** Routes of what schemes answer themselves. */
export function mountEndpoints(
  app: FastifyInstance,
  { segment, answer }: Endpoints,
  incomingOf: (request: FastifyRequest, reply: FastifyReply) => Incoming,
  failed: (error: unknown) => void,
): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const incoming = incomingOf(request, reply)
    reply.hijack()
    const place = {
      url: incoming.url,
      prefix: incoming.prefix(),
      origin: incoming.origin(),
      address: incoming.address(),
    }
    try {
      await answer(request.raw, reply.raw, place)
    } catch (error) {
      failed(error)
      if (reply.raw.headersSent) reply.raw.destroy()
      else reply.raw.writeHead(500, { 'content-length': 0 }).end()
    }
  }
  const method = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
  for (const url of [`/${segment}`, `/${segment}/*`]) app.route({ method, url, exposeHeadRoute: false, handler })
}
