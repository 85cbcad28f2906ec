// API keys, from the side of the server: `Authorization: ApiKey …`, X-API-Key, and where it is allowed `?key=…`.
import { formatChallenges } from '@comity/http'
import { LRUCache } from 'lru-cache'
import type { Exchange } from '../exchange/exchange.ts'
import { after, type Later } from '../store/store.ts'
import { usesScheme } from './basic.ts'
import { keepingIn } from './credentials.ts'
import { findKey, type KeyFound, noteUse } from './keys.ts'
import { realmOf } from './realm.ts'
import type { Authenticated, Authentication, CredentialsRefused, SchemeContext } from './scheme.ts'

export type ApiKeysDefinition = {
  readonly realm?: string
  /** Whether `?key=…` is taken too, by those who can send no fields; `refused` by default. */
  readonly query?: 'allowed' | 'refused'
}

/** Between two notes that a key was used, in ms. */
const noteEvery = 60_000
const mostNoted = 10_000

/** Keys that `comity keys create` and `credentials.createKey` make, for programs. */
export function apiKeys({ realm, query = 'refused' }: ApiKeysDefinition = {}): Authentication {
  return {
    kind: 'authentication',
    scheme: 'ApiKey',
    open: context => {
      const noted = noterOf(context)
      return {
        name: 'ApiKey',
        isUsed: x => keyIn(x) !== undefined,
        authenticate(x): Later<Authenticated> {
          if (query === 'refused' && x.incoming.queryKey !== undefined) return inTheUrl
          const now = context.now()
          return after(findKey(context.store, keyIn(x) ?? '', now), found => {
            if (found.kind !== 'caller') return refusals[found.kind]
            noted(found.id, now)
            return { kind: 'caller', caller: found.caller }
          })
        },
        challenges: () => [
          formatChallenges([{ scheme: 'ApiKey', params: { realm: realmOf(realm ?? context.title) } }]),
        ],
        fields: ['authorization', 'x-api-key'],
        described: {
          apiKey: {
            type: 'apiKey',
            in: 'header',
            name: 'X-API-Key',
            description: 'A key that the operator handed out.',
          },
          ...(query === 'allowed' && {
            apiKeyInQuery: { type: 'apiKey', in: 'query', name: 'key', description: 'The same key, in the URL.' },
          }),
        },
        queryKeys: query,
      }
    },
  }
}

/** Authorization goes first. */
function keyIn(x: Exchange): string | undefined {
  if (usesScheme(x, 'apikey')) return x.field('authorization')?.slice('apikey'.length).trim()
  return x.field('x-api-key')?.trim() ?? x.incoming.queryKey
}

/** Notes the use of a key once a minute, and keeps no answer waiting for it. */
function noterOf({ store, now, report }: SchemeContext): (id: string, at: number) => void {
  const last = new LRUCache<string, number>({ max: mostNoted })
  const keeping = keepingIn(store, now)
  return (id, at) => {
    if (at - (last.get(id) ?? Number.NEGATIVE_INFINITY) < noteEvery) return
    last.set(id, at)
    Promise.resolve(noteUse(keeping, id, at, noteEvery)).catch(report)
  }
}

const refused = (detail: string): CredentialsRefused => ({ kind: 'refused', code: 'credentials-invalid', detail })

const inTheUrl = refused('API keys are not taken from the URL, where others see them. Send it in X-API-Key.')

const refusals: Readonly<Record<Exclude<KeyFound['kind'], 'caller'>, CredentialsRefused>> = {
  unknown: refused('The API key is not one that was made here.'),
  expired: refused('The API key has expired.'),
  revoked: refused('The API key was revoked, or its account may not sign in.'),
}
