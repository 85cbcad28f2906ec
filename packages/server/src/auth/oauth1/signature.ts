// RFC 5849 §3.2, §3.4: is the signature that of the request?
import { createHash, createHmac, timingSafeEqual, verify } from 'node:crypto'
import { type OAuth1Parameter, type OAuth1Request, sharedSecretKey, signatureBaseString } from '@comity/http'
import type { WholeConsumer } from './consumers.ts'

export type Signed = {
  readonly method: string
  /** As the client sees it: scheme, authority, path and query. */
  readonly url: string
  /** The parameters of a form in the content. */
  readonly form: readonly OAuth1Parameter[]
}

/** `tokenSecret` is empty where there is no token. */
export function isSignatureOf(
  { method, signature, signed }: OAuth1Request,
  request: Signed,
  consumer: WholeConsumer,
  tokenSecret: string,
): boolean {
  const base = signatureBaseString(request.method, request.url, [...signed, ...request.form])
  // Who gave a public key has no secret: a signature by the one is never checked as one by the other.
  if (method === 'RSA-SHA1') {
    if (consumer.signs !== 'rsa' || consumer.publicKey === undefined) return false
    return verify('RSA-SHA1', Buffer.from(base), consumer.publicKey, Buffer.from(signature, 'base64'))
  }
  if (consumer.signs !== 'secret') return false
  const key = sharedSecretKey(consumer.secret, tokenSecret)
  if (method === 'PLAINTEXT') return isSame(signature, key)
  const hash = method === 'HMAC-SHA1' ? 'sha1' : 'sha256'
  return isSame(signature, createHmac(hash, key).update(base).digest('base64'))
}

/** By hashes, so that lengths do not matter. */
export function isSame(given: string, own: string): boolean {
  const hashed = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hashed(given), hashed(own))
}
