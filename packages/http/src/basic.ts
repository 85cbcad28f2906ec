// RFC 7617: the Basic authentication scheme

import type { Credentials } from './challenge.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const control = /[\x00-\x1f\x7f]/

/**
 * Credentials of a user, in UTF-8. `undefined` where they have no form: a user-id with a colon, or a control character
 * in either. RFC 7617 §2.
 */
export function basicCredentials(userId: string, password: string): Credentials | undefined {
  if (userId.includes(':') || control.test(userId) || control.test(password)) return undefined
  // §2.1: with charset="UTF-8" both are to be normalised; a server that does not ask for it loses nothing by it.
  const bytes = new TextEncoder().encode(`${userId}:${password}`.normalize('NFC'))
  return { scheme: 'basic', token68: btoa(String.fromCharCode(...bytes)), params: {} }
}

/** The user that Basic credentials name. `undefined` where they are of another scheme or malformed. RFC 7617 §2. */
export function basicUser(
  credentials: Credentials,
): { readonly userId: string; readonly password: string } | undefined {
  if (credentials.scheme !== 'basic' || credentials.token68 === undefined) return undefined
  let text: string
  try {
    const bytes = Uint8Array.from(atob(credentials.token68), character => character.charCodeAt(0))
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
  const colon = text.indexOf(':')
  if (colon === -1 || control.test(text)) return undefined
  return { userId: text.slice(0, colon), password: text.slice(colon + 1) }
}
