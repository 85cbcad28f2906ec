// Callers for tests of what callers may: a scheme that believes what it is told.
import type { Caller } from '../../packages/server/src/auth/caller.ts'
import type { Authentication } from '../../packages/server/src/auth/scheme.ts'

/** `Authorization: Said JSON`, with the caller's id and whatever else there is to say of them. */
export const said: Authentication = {
  kind: 'authentication',
  scheme: 'Said',
  open: () => ({
    name: 'Said',
    isUsed: x => x.field('authorization')?.startsWith('Said ') === true,
    authenticate: x => {
      const told = JSON.parse(x.field('authorization')?.slice('Said '.length) ?? '{}') as Partial<Caller>
      const caller: Caller = { kind: 'account', id: '', scheme: 'Said', scopes: undefined, claims: {}, ...told }
      return { kind: 'caller', caller }
    },
    challenges: () => ['Said realm="test"'],
    insufficientScope: (_x, needed) => `Said error="insufficient_scope", scope="${needed.join(' ')}"`,
    described: { Said: { type: 'http', scheme: 'said' } },
  }),
}

export const as = (id: string, claims: Caller['claims'] = {}, more: Partial<Caller> = {}) => ({
  authorization: `Said ${JSON.stringify({ id, claims, ...more })}`,
})
