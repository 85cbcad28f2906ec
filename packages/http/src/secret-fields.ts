// RFC 9110 §11, RFC 6265 §5.4, and what is used beside them: fields that say who asks.

const exact: ReadonlySet<string> = new Set(['authorization', 'cookie', 'cookie2', 'proxy-authorization'])
const likely = /token$|(?:^|[-_])(?:api|auth|access|private|subscription|functions)[-_]?key$|secret|password/

/**
 * Does a field of this lower-case name hold a credential? Such a field never goes to another origin, and an answer to it is
 * for nobody who sends another. By its name, where it is none of the registered ones: who is wrong about it loses a
 * repetition, and never a secret.
 */
export function isSecretField(name: string): boolean {
  return exact.has(name) || likely.test(name)
}
