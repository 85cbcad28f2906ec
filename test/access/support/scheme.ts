// The least that a scheme of authentication can be.
import type { Authentication } from '../../../packages/server/src/auth/scheme.ts'

/** Who sends `Authorization: NAME x` is the account x, unless x is “wrong”. */
export const schemeNamed = (name: string): Authentication => ({
  kind: 'authentication',
  scheme: name,
  open: () => ({
    name,
    isUsed: x => x.field('authorization')?.startsWith(`${name} `) === true,
    authenticate: async x => {
      const id = x.field('authorization')?.slice(name.length + 1) ?? ''
      if (id === 'wrong')
        return { kind: 'refused', code: 'credentials-invalid', detail: 'No.', challenge: { why: 'no' } }
      const caller = { kind: 'account', id, scheme: name, scopes: undefined, claims: {} } as const
      return { kind: 'caller', caller, fields: { 'authentication-info': `by=${name}` } }
    },
    challenges: (_x, refused) => [`${name} realm="here"${refused ? ', why="no"' : ''}`],
    described: {},
  }),
})
