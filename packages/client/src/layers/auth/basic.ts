// RFC 7617: Basic
import { basicCredentials, formatCredentials } from '@comity/http'
import { type AuthScheme, after, type Secret, told, whoHas, withField } from './scheme.ts'

/**
 * User and password, sent with each request.
 * @throws TypeError where they cannot be written: a user with a colon, or control characters.
 */
export function basic(given: { readonly username: string; readonly password: Secret }): AuthScheme {
  let written: { readonly password: string; readonly field: string } | undefined
  const fieldFor = (password: string): string => {
    if (written?.password !== password) {
      const credentials = basicCredentials(given.username, password)
      if (credentials === undefined)
        throw new TypeError('Basic cannot carry a user with a colon, nor control characters (RFC 7617 §2)')
      written = { password, field: formatCredentials(credentials) }
    }
    return written.field
  }
  return {
    name: 'Basic',
    ...whoHas(given.password, given.username),
    sign: request => after(told(given.password), password => withField(request, 'authorization', fieldFor(password))),
  }
}
