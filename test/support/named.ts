// The least that a scheme of authentication can be: who sends `Authorization: Name ann` is the account ann.
import type { Authentication } from '../../packages/server/src/auth/scheme.ts'

/** `claims` by account. */
export const named = (claims: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {}): Authentication => ({
  kind: 'authentication',
  scheme: 'Name',
  open: () => ({
    name: 'Name',
    isUsed: x => x.field('authorization') !== undefined,
    authenticate: x => {
      const id = x.field('authorization')?.replace('Name ', '') ?? ''
      if (id === 'wrong') return { kind: 'refused', code: 'credentials-invalid', detail: 'No.' }
      const caller = { kind: 'account', id, scheme: 'Name', scopes: undefined, claims: claims[id] ?? {} } as const
      return { kind: 'caller', caller }
    },
    challenges: () => ['Name'],
    described: {},
  }),
})

export const as = (name: string): Readonly<Record<string, string>> => ({ authorization: `Name ${name}` })
