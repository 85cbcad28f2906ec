// OAuth by words: `issuer=https://… client-id=… client-secret=env:… scope=read write`.
import {
  type AuthScheme,
  authorizationCode,
  clientCredentials,
  deviceCode,
  type OAuth1Options,
  type OAuth2Options,
  type Secret,
  tokenFile,
} from '@comity/client'
import { UsageError } from '../output/complain.ts'
import type { Surroundings } from './credentials.ts'

type Words = ReadonlyMap<string, string>
type SecretOf = (text: string) => Secret

const oauth1Words = ['consumer-key', 'consumer-secret', 'token', 'token-secret', 'method', 'realm']
const oauth1Methods = ['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'PLAINTEXT'] as const
const oauth2Words = [
  'issuer',
  'client-id',
  'client-secret',
  'client-authentication',
  'scope',
  'resource',
  'audience',
  'token-endpoint',
  'authorization-endpoint',
  'device-endpoint',
  'dpop',
  'port',
]
const clientAuthentications = ['basic', 'post', 'none'] as const

/** `name=value name=value`; a value goes on until the next name. @throws UsageError */
function wordsOf(rest: string, known: readonly string[]): Words {
  const words = new Map<string, string>()
  for (const part of rest.split(/[\s,]+(?=[a-z0-9-]+=)/)) {
    const equals = part.indexOf('=')
    const name = part.slice(0, equals).trim()
    if (equals === -1 || !known.includes(name))
      throw new UsageError(
        equals === -1 ? '--auth has a word without a name' : `--auth does not know “${name}”`,
        `Known are ${known.map(each => `${each}=`).join(' ')}`,
      )
    words.set(name, part.slice(equals + 1).trim())
  }
  return words
}

function needed(words: Words, name: string): string {
  const value = words.get(name) ?? ''
  if (value === '') throw new UsageError(`--auth needs ${name}=`)
  return value
}

function oneOf<Choice extends string>(words: Words, name: string, choices: readonly Choice[]): Choice | undefined {
  const value = words.get(name)
  if (value === undefined) return undefined
  const choice = choices.find(each => each.toLowerCase() === value.toLowerCase())
  if (choice === undefined) throw new UsageError(`--auth: ${name} is one of ${choices.join(', ')}`)
  return choice
}

/** The members whose values are there. */
function given<Value>(name: string, value: Value | undefined): Readonly<Record<string, Value>> {
  return value === undefined ? {} : { [name]: value }
}

export function oauth1Of(rest: string, secretOf: SecretOf): OAuth1Options {
  const words = wordsOf(rest, oauth1Words)
  const tokenSecret = words.get('token-secret')
  return {
    consumerKey: needed(words, 'consumer-key'),
    consumerSecret: secretOf(needed(words, 'consumer-secret')),
    ...given('token', words.get('token')),
    ...(tokenSecret === undefined ? {} : { tokenSecret: secretOf(tokenSecret) }),
    ...given('method', oneOf(words, 'method', oauth1Methods)),
    ...given('realm', words.get('realm')),
  } as OAuth1Options
}

export function oauth2Of(
  grant: 'client-credentials' | 'authorization-code' | 'device-code',
  rest: string,
  secretOf: SecretOf,
  around: Surroundings,
): AuthScheme {
  const words = wordsOf(rest, oauth2Words)
  const options = optionsOf(words, secretOf, around.tokens)
  if (grant === 'client-credentials') return clientCredentials(options)
  if (grant === 'device-code')
    return deviceCode({
      ...options,
      show: ({ userCode, verificationUri, verificationUriComplete }) =>
        around.show(
          `To sign in, open ${verificationUri} and enter the code ${userCode}`,
          verificationUriComplete ?? verificationUri,
        ),
    })
  const port = words.get('port')
  return authorizationCode({
    ...options,
    ...given('port', port === undefined ? undefined : Number(port)),
    open: url => around.show(`To sign in, open ${url}`, url),
  })
}

function optionsOf(words: Words, secretOf: SecretOf, tokens: string): OAuth2Options {
  const clientSecret = words.get('client-secret')
  const audience = words.get('audience')
  const token = words.get('token-endpoint')
  return {
    issuer: needed(words, 'issuer'),
    clientId: needed(words, 'client-id'),
    ...(clientSecret === undefined ? {} : { clientSecret: secretOf(clientSecret) }),
    ...given('clientAuthentication', oneOf(words, 'client-authentication', clientAuthentications)),
    ...given('scope', words.get('scope')),
    ...given('resource', words.get('resource')),
    ...(audience === undefined ? {} : { parameters: { audience } }),
    ...(token === undefined
      ? {}
      : {
          endpoints: {
            token,
            ...given('authorization', words.get('authorization-endpoint')),
            ...given('deviceAuthorization', words.get('device-endpoint')),
          },
        }),
    ...given('dpop', oneOf(words, 'dpop', ['required', 'off'])),
    store: tokenFile(tokens),
  } as OAuth2Options
}
