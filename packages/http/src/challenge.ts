// RFC 9110 §11: authentication challenges and credentials
import {
  endOfMember,
  endOfQuoted,
  endOfToken,
  isToken,
  nextMember,
  quote,
  skipSpace,
  tokenOrQuoted,
  unquote,
} from './field-syntax.ts'

/**
 * A challenge: the scheme in lower case, and either a token68 or parameters, whose names are in lower case and which
 * have no prototype.
 */
export type Challenge = {
  readonly scheme: string
  readonly token68?: string
  readonly params: Readonly<Record<string, string>>
}

/** Credentials have the shape of a challenge (RFC 9110 §11.4). */
export type Credentials = Challenge

type Reading = { scheme: string; token68?: string; params: Record<string, string> }

/**
 * Reads WWW-Authenticate or Proxy-Authenticate, which may hold several challenges (RFC 9110 §11.6.1). What is not
 * well-formed is left out; of a parameter named twice the first counts.
 */
export function parseChallenges(field: string): readonly Challenge[] {
  return readChallenges(field).challenges
}

/**
 * Reads Authorization or Proxy-Authorization (RFC 9110 §11.6.2). `undefined` where it is malformed in any part or holds
 * more than one set of credentials.
 */
export function parseCredentials(field: string): Credentials | undefined {
  const { challenges, isWellFormed } = readChallenges(field)
  return isWellFormed && challenges.length === 1 ? challenges[0] : undefined
}

function readChallenges(field: string): { challenges: Reading[]; isWellFormed: boolean } {
  const challenges: Reading[] = []
  let current: Reading | undefined
  let isWellFormed = true
  let at = nextMember(field, 0)
  while (at < field.length) {
    let end = current === undefined ? -1 : readParam(field, at, current)
    if (end === -1) {
      const schemeEnd = endOfToken(field, at)
      // A scheme ends at a space, a comma or the end; only a parameter has `=` after the name.
      end = skipSpace(field, schemeEnd)
      if (schemeEnd > at && field.charCodeAt(end) !== 61) {
        current = { scheme: field.slice(at, schemeEnd).toLowerCase(), params: Object.create(null) }
        challenges.push(current)
        if (end > schemeEnd && end < field.length) end = readRest(field, end, current)
      } else end = -1
    }
    if (end === -1 || (end < field.length && field.charCodeAt(end) !== 44)) {
      isWellFormed = false
      end = endOfMember(field, end === -1 ? at : end)
    }
    at = nextMember(field, end)
  }
  return { challenges, isWellFormed }
}

// What stands behind a scheme and its space: a token68, or the first of its parameters.
function readRest(field: string, start: number, challenge: Reading): number {
  const token68End = endOfToken68(field, start)
  const after = skipSpace(field, token68End)
  if (token68End > start && (after === field.length || field.charCodeAt(after) === 44)) {
    challenge.token68 = field.slice(start, token68End)
    return after
  }
  const end = readParam(field, start, challenge)
  return end === -1 ? start : end
}

// §11.2: token BWS "=" BWS ( token / quoted-string ); the index after it and its space, -1 where there is none
function readParam(field: string, start: number, challenge: Reading): number {
  const nameEnd = endOfToken(field, start)
  const equals = skipSpace(field, nameEnd)
  if (nameEnd === start || field.charCodeAt(equals) !== 61 || challenge.token68 !== undefined) return -1
  const valueStart = skipSpace(field, equals + 1)
  const isQuoted = field.charCodeAt(valueStart) === 34
  const valueEnd = isQuoted ? endOfQuoted(field, valueStart) : endOfToken(field, valueStart)
  if (valueEnd <= valueStart) return -1
  const value = isQuoted ? unquote(field, valueStart, valueEnd) : field.slice(valueStart, valueEnd)
  challenge.params[field.slice(start, nameEnd).toLowerCase()] ??= value
  return skipSpace(field, valueEnd)
}

// §11.2: letters, digits and -._~+/ then any number of "="
function endOfToken68(text: string, start: number): number {
  let at = start
  while (isToken68Code(text.charCodeAt(at))) at++
  if (at > start) while (text.charCodeAt(at) === 61) at++
  return at
}

function isToken68Code(code: number): boolean {
  const letter = code | 32
  // "-./0123456789", then "+", "_" and "~"
  return (letter >= 97 && letter <= 122) || (code >= 45 && code <= 57) || code === 43 || code === 95 || code === 126
}

const schemeNames: ReadonlyMap<string, string> = new Map(
  // The IANA registry's spelling, since some recipients compare it letter by letter.
  ['Basic', 'Bearer', 'Concealed', 'Digest', 'DPoP', 'GNAP', 'HOBA', 'Mutual', 'Negotiate', 'OAuth', 'PrivateToken']
    .concat('SCRAM-SHA-1', 'SCRAM-SHA-256', 'vapid')
    .map(name => [name.toLowerCase(), name]),
)

// RFC 7616 §3.3 and §3.4: Digest wants these bare, and everything else quoted, as RFC 9110 §11.5 wants the realm
const bareInChallenges: ReadonlySet<string> = new Set(['stale', 'algorithm', 'userhash'])
const bareInCredentials: ReadonlySet<string> = new Set(['algorithm', 'qop', 'nc', 'userhash'])

/** Writes WWW-Authenticate or Proxy-Authenticate (RFC 9110 §11.6.1). A parameter whose name is no token is left out. */
export function formatChallenges(challenges: readonly Challenge[]): string {
  return challenges.map(challenge => format(challenge, bareInChallenges)).join(', ')
}

/** Writes Authorization or Proxy-Authorization (RFC 9110 §11.6.2). */
export function formatCredentials(credentials: Credentials): string {
  return format(credentials, bareInCredentials)
}

function format({ scheme, token68, params }: Challenge, bare: ReadonlySet<string>): string {
  const name = schemeNames.get(scheme.toLowerCase()) ?? scheme
  if (token68 !== undefined) return `${name} ${token68}`
  const written = Object.entries(params)
    .filter(([param]) => isToken(param))
    .map(([param, value]) => `${param}=${bare.has(param) ? tokenOrQuoted(value) : quote(value)}`)
  return written.length === 0 ? name : `${name} ${written.join(', ')}`
}
