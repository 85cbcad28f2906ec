// RFC 7617: Basic, from the side of the server.
import { basicUser, formatChallenges, parseCredentials } from '@comity/http'
import type { Exchange } from '../exchange/exchange.ts'
import { callerOfAccount } from './accounts.ts'
import { realmOf } from './realm.ts'
import type { Authenticated, Authentication, CredentialsRefused } from './scheme.ts'

export type BasicDefinition = {
  /** What the login and password are for, as a browser shows it; the API's title by default. */
  readonly realm?: string
}

/**
 * Login and password of an account, with every request. They travel as they are: to be offered over TLS only.
 */
export function basic({ realm }: BasicDefinition = {}): Authentication {
  return {
    kind: 'authentication',
    scheme: 'Basic',
    open: ({ signIns, title }) => ({
      name: 'Basic',
      isUsed: x => usesScheme(x, 'basic'),
      async authenticate(x): Promise<Authenticated> {
        const credentials = parseCredentials(x.field('authorization') ?? '')
        const user = credentials && basicUser(credentials)
        if (user === undefined) return malformed
        const found = await signIns.withPassword(user.userId, user.password, x.incoming.address())
        if (found.kind === 'refused') return found
        return { kind: 'caller', caller: callerOfAccount(found.account, 'Basic') }
      },
      challenges: () => [
        formatChallenges([{ scheme: 'basic', params: { realm: realmOf(realm ?? title), charset: 'UTF-8' } }]),
      ],
      described: { basic: { type: 'http', scheme: 'basic', description: 'Login and password of an account.' } },
    }),
  }
}

/** Whether Authorization names a scheme; `name` in lower case. */
export function usesScheme(x: Exchange, name: string): boolean {
  const field = x.field('authorization')
  if (field === undefined || field.length < name.length) return false
  const after = field.charCodeAt(name.length)
  return field.slice(0, name.length).toLowerCase() === name && (Number.isNaN(after) || after === 32 || after === 9)
}

const malformed: CredentialsRefused = {
  kind: 'refused',
  code: 'credentials-invalid',
  detail: 'Basic credentials are the base64 of “login:password” in UTF-8.',
}
