// Credentials by a word: `basic:ann:env:PASSWORD`, `bearer:file:/run/token`, `client-credentials:issuer=… client-id=…`.
import { type AuthScheme, apiKey, basic, bearer, digest, oauth1, type Secret, secret } from '@comity/client'
import { UsageError } from '../output/complain.ts'

/** How credentials that a person has to give are asked for, and where tokens are kept. */
export type Surroundings = {
  /** Asks for a password on the terminal without showing it; undefined where there is none. */
  readonly ask: ((what: string) => Promise<string>) | undefined
  /** Shows a sentence, and opens the address where a browser can be. */
  readonly show: (sentence: string, address: string) => void
  /** Of a file for tokens of OAuth 2. */
  readonly tokens: string
}

/** Which secrets may stand in a word: any, or references only, as in a file that others may read. */
export type SecretRule = 'any' | 'references'

export const schemeNames = [
  'basic',
  'digest',
  'bearer',
  'header',
  'query',
  'oauth1',
  'client-credentials',
  'authorization-code',
  'device-code',
] as const

type SchemeName = (typeof schemeNames)[number]

const cure = 'Write basic:USER:SECRET, digest:USER:SECRET, bearer:SECRET, header:NAME:SECRET …; see comity auth --help.'

/**
 * The scheme that a word means. Never repeats the word, which may hold a secret.
 * @throws UsageError where it means none
 */
export async function schemeOf(word: string, around: Surroundings, rule: SecretRule = 'any'): Promise<AuthScheme> {
  const [, name = '', rest = ''] = /^([a-z0-9-]+)(?:[:\s]\s*(.*))?$/is.exec(word.trim()) ?? []
  const scheme = schemeNames.find(known => known === name.toLowerCase())
  if (scheme === undefined) throw new UsageError('What --auth was given names no scheme of authentication', cure)
  try {
    return await made(scheme, rest, around, rule)
  } catch (error) {
    // The client says so of what its schemes cannot carry.
    if (error instanceof TypeError) throw new UsageError(`--auth ${scheme}: ${error.message}`, cure)
    throw error
  }
}

async function made(scheme: SchemeName, rest: string, around: Surroundings, rule: SecretRule): Promise<AuthScheme> {
  switch (scheme) {
    case 'basic':
      return basic(await userOf(scheme, rest, around, rule))
    case 'digest':
      return digest(await userOf(scheme, rest, around, rule))
    case 'bearer':
      return bearer(secretOf(scheme, rest, rule))
    case 'header':
    case 'query': {
      const [name, key] = split(rest)
      if (name === '' || key === undefined)
        throw new UsageError(`--auth ${scheme} needs a name and a key`, `Write ${scheme}:NAME:KEY.`)
      return apiKey({ in: scheme, name, key: secretOf(scheme, key, rule) })
    }
    case 'oauth1':
      return oauth1(await import('./oauth-words.ts').then(({ oauth1Of }) => oauth1Of(rest, secretIn(scheme, rule))))
    default: {
      const { oauth2Of } = await import('./oauth-words.ts')
      return oauth2Of(scheme, rest, secretIn(scheme, rule), around)
    }
  }
}

const secretIn =
  (scheme: SchemeName, rule: SecretRule) =>
  (text: string): Secret =>
    secretOf(scheme, text, rule)

async function userOf(scheme: 'basic' | 'digest', rest: string, { ask }: Surroundings, rule: SecretRule) {
  const [username, password] = split(rest)
  if (username === '') throw new UsageError(`--auth ${scheme} needs a user`, `Write ${scheme}:USER:SECRET.`)
  if (password !== undefined) return { username, password: secretOf(scheme, password, rule) }
  if (ask === undefined)
    throw new UsageError(
      `--auth ${scheme} has no password for ${username}, and there is no terminal to ask on`,
      `Write ${scheme}:${username}:env:NAME, or another reference to it.`,
    )
  return { username, password: await ask(`Password of ${username}: `) }
}

/** The text before the first colon, and what is behind it. */
function split(rest: string): readonly [string, string | undefined] {
  const colon = rest.indexOf(':')
  return colon === -1 ? [rest, undefined] : [rest.slice(0, colon), rest.slice(colon + 1)]
}

const reference = /^(?:env|file|command):/

/** A secret by reference where the text is one, else the text itself as far as the rule allows it. */
function secretOf(scheme: SchemeName, text: string, rule: SecretRule): Secret {
  if (text === '') throw new UsageError(`--auth ${scheme} has no secret`, cure)
  if (reference.test(text)) return secret(text)
  if (rule === 'any') return text
  throw new UsageError(
    `The secret of ${scheme} stands in the config file itself`,
    'Write where it is instead: env:NAME, file:PATH or command:PROGRAM WORD…',
  )
}
