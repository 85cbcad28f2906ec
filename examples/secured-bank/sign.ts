// The Authorization field of a GET, signed by OAuth 1.0 (RFC 5849) with CONSUMER_KEY and CONSUMER_SECRET of the environment.
import { createHmac, randomUUID } from 'node:crypto'
import { formatOAuth1, type OAuth1Parameter, sharedSecretKey, signatureBaseString } from '@comity/http'

const [, , url = ''] = process.argv
const { CONSUMER_KEY = '', CONSUMER_SECRET = '' } = process.env
const parameters: readonly OAuth1Parameter[] = [
  ['oauth_consumer_key', CONSUMER_KEY],
  ['oauth_signature_method', 'HMAC-SHA256'],
  ['oauth_timestamp', String(Math.floor(Date.now() / 1000))],
  ['oauth_nonce', randomUUID()],
]
const signed = createHmac('sha256', sharedSecretKey(CONSUMER_SECRET)).update(
  signatureBaseString('GET', url, parameters),
)
console.log(formatOAuth1([...parameters, ['oauth_signature', signed.digest('base64')]]))
