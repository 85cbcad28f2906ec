// RFC 6750: bearer tokens
import { type AuthScheme, after, type Secret, told, whoHas, withField } from './scheme.ts'

const token68 = /^[A-Za-z0-9\-._~+/]+=*$/

/** A token, sent with each request. Where a function tells it, it is asked once more after a 401. */
export function bearer(token: Secret): AuthScheme {
  return {
    name: 'Bearer',
    ...whoHas(token),
    sign: request => after(told(token), text => withToken(request, 'Bearer', text)),
    async receive({ response, sent, request, tries }) {
      if (response.status !== 401 || tries > 1 || typeof token === 'string') return undefined
      const again = withToken(request, 'Bearer', await told(token, { refresh: true }))
      return again.fields.authorization === sent.fields.authorization ? undefined : { kind: 'send', request: again }
    },
  }
}

/** @throws TypeError where it is no token: it would make another field, or several. */
export function withToken(request: Parameters<AuthScheme['sign']>[0], scheme: 'Bearer' | 'DPoP', token: string) {
  if (!token68.test(token)) throw new TypeError(`what was given as a ${scheme} token is none (RFC 6750 §2.1)`)
  return withField(request, 'authorization', `${scheme} ${token}`)
}
