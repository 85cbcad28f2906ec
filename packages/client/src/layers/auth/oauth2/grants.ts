// RFC 6749 §4.4 and RFC 8628: grants that need no browser on this machine
import { AuthError } from '../../../errors.ts'
import type { AuthScheme } from '../scheme.ts'
import type { Authority } from './authority.ts'
import { oauth2 } from './oauth2.ts'
import type { OAuth2Options } from './options.ts'

/** RFC 6749 §4.4: the client acts for itself. */
export function clientCredentials(given: OAuth2Options): AuthScheme {
  return oauth2(given, async ({ oauth, server, client, authentication, options }) =>
    oauth.processClientCredentialsResponse(
      server,
      client,
      await oauth.clientCredentialsGrantRequest(server, client, authentication, parametersOf(given), options),
    ),
  )
}

/** What a person has to be shown: where to go, and what to enter there. */
export type DevicePrompt = {
  readonly userCode: string
  readonly verificationUri: string
  /** With the code in it, for a QR code. */
  readonly verificationUriComplete: string | undefined
  /** Seconds. */
  readonly expiresIn: number
}

/** RFC 8628: the person consents on another device; `show` tells them how. */
export function deviceCode(
  given: OAuth2Options & { readonly show: (prompt: DevicePrompt) => void | Promise<void> },
): AuthScheme {
  return oauth2(given, async authority => {
    const { oauth, server, client, authentication, options, call } = authority
    const asked = await oauth.processDeviceAuthorizationResponse(
      server,
      client,
      await oauth.deviceAuthorizationRequest(server, client, authentication, parametersOf(given), options),
    )
    await given.show({
      userCode: asked.user_code,
      verificationUri: asked.verification_uri,
      verificationUriComplete: asked.verification_uri_complete,
      expiresIn: asked.expires_in,
    })
    const end = call.clock.now() + asked.expires_in * 1000
    // §3.5: five seconds where nothing else is told, and five more each time that is too fast
    let interval = asked.interval ?? 5
    while (call.clock.now() < end) {
      await call.clock.sleep(interval * 1000)
      const answer = await polled(authority, asked.device_code)
      if (answer === 'slow_down') interval += 5
      else if (answer !== 'authorization_pending') return answer
    }
    throw new AuthError('nobody consented in time')
  })
}

async function polled({ oauth, server, client, authentication, options }: Authority, code: string) {
  try {
    const response = await oauth.deviceCodeGrantRequest(server, client, authentication, code, options)
    return await oauth.processDeviceCodeResponse(server, client, response)
  } catch (error) {
    const { error: said } = error as { error?: unknown }
    if (said === 'authorization_pending' || said === 'slow_down') return said
    throw error
  }
}

export function parametersOf(given: OAuth2Options): Record<string, string> {
  return {
    ...(given.scope === undefined ? {} : { scope: given.scope }),
    ...(given.resource === undefined ? {} : { resource: given.resource }),
    ...given.parameters,
  }
}
