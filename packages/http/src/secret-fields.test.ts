import assert from 'node:assert/strict'
import { it } from 'node:test'
import { isSecretField } from './secret-fields.ts'

it('knows the fields that say who asks', () => {
  const names =
    'authorization cookie proxy-authorization x-api-key api-key apikey x-auth-token x-csrf-token x-session-token x-amz-security-token private-token x-auth-key x-client-secret ocp-apim-subscription-key'
  for (const name of names.split(' ')) assert.equal(isSecretField(name), true, name)
})

it('leaves the others', () => {
  const names = 'accept content-type idempotency-key if-match sec-websocket-key surrogate-key user-agent x-request-id'
  for (const name of names.split(' ')) assert.equal(isSecretField(name), false, name)
})
