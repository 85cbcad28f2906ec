// RFC 9068 §4: access tokens that are JWTs. RFC 8725 (JWT best current practices): the algorithms are ours to say, the
// kind of token is told by its type, and nothing that the token names is fetched.
import type { CryptoKey, decodeProtectedHeader, JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from 'jose'
import { invalid, type TokenRead, tokenOf } from './token.ts'

/** Signatures by a key pair. With a secret shared by both ends (HS256) whoever verifies could sign. */
export const asymmetric: readonly string[] = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'],
]

export type JwtRules = {
  readonly issuer: string
  /** One of them must be named by `aud`. */
  readonly audience: readonly string[]
  readonly algorithms: readonly string[]
  /** `rfc9068`: `typ` is at+jwt, and who asked for the token is named. `any`: a JWT of any type, for issuers that know no other. */
  readonly profile: 'rfc9068' | 'any'
  /** Seconds by which clocks may differ. */
  readonly clockTolerance: number
}

/** §2.1, §2.2 */
const required = ['exp', 'iat', 'sub', 'client_id', 'jti']

/** `keys` may reject where it cannot ask for them: then nothing can be said of the token. */
export async function readJwt(
  jwt: string,
  keys: () => JWTVerifyGetKey | Promise<JWTVerifyGetKey>,
  rules: JwtRules,
  now: number,
): Promise<TokenRead> {
  const { decodeProtectedHeader, errors } = await import('jose')
  const options: JWTVerifyOptions = {
    issuer: rules.issuer,
    audience: [...rules.audience],
    algorithms: [...rules.algorithms],
    clockTolerance: rules.clockTolerance,
    currentDate: new Date(now),
    requiredClaims: rules.profile === 'rfc9068' ? required : ['exp'],
    ...(rules.profile === 'rfc9068' && { typ: 'at+jwt' }),
  }
  const alg = algorithmOf(jwt, decodeProtectedHeader)
  if (alg === undefined) return invalid('it is not well-formed')
  // Before any key is asked for.
  if (!rules.algorithms.includes(alg)) return invalid(`it is signed by “${alg.slice(0, 20)}”, which is not accepted`)
  try {
    return tokenOf(await verified(jwt, await keys(), options))
  } catch (error) {
    return isFault(error, errors) ? invalid(said(error)) : { kind: 'unavailable', cause: error }
  }
}

function algorithmOf(jwt: string, decode: typeof decodeProtectedHeader): string | undefined {
  try {
    return String(decode(jwt).alg)
  } catch {
    return undefined
  }
}

/** Without a `kid` several keys may fit: they are tried in turn. */
async function verified(jwt: string, keys: JWTVerifyGetKey, options: JWTVerifyOptions): Promise<JWTPayload> {
  const { jwtVerify, errors } = await import('jose')
  try {
    return (await jwtVerify(jwt, keys, options)).payload
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    let tried = 0
    for await (const key of error as AsyncIterable<CryptoKey>) {
      if (++tried > 10) break
      try {
        return (await jwtVerify(jwt, key, options)).payload
      } catch (failure) {
        if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure
      }
    }
    throw new errors.JWSSignatureVerificationFailed()
  }
}

type Errors = typeof import('jose').errors
type Fault = { readonly code: string; readonly claim?: string }

/** What is wrong with the token, and not with whoever has its keys. */
function isFault(error: unknown, errors: Errors): error is Fault {
  const { JWTInvalid, JWSInvalid, JWTExpired, JWTClaimValidationFailed, JWSSignatureVerificationFailed } = errors
  const { JWKSNoMatchingKey, JOSEAlgNotAllowed, JOSENotSupported } = errors
  return [
    ...[JWTInvalid, JWSInvalid, JWTExpired, JWTClaimValidationFailed, JWSSignatureVerificationFailed],
    ...[JWKSNoMatchingKey, JOSEAlgNotAllowed, JOSENotSupported],
  ].some(kind => error instanceof kind)
}

function said(error: Fault): string {
  switch (error.code) {
    case 'ERR_JWT_EXPIRED':
      return 'it has expired'
    case 'ERR_JWT_CLAIM_VALIDATION_FAILED':
      if (error.claim === 'typ') return 'it is no access token: its type is not at+jwt (RFC 9068)'
      return error.claim === 'aud' ? 'it is for another audience' : `its claim “${error.claim}” is missing or another`
    case 'ERR_JWKS_NO_MATCHING_KEY':
      return 'no key of its issuer fits'
    default:
      return 'its signature does not hold'
  }
}
