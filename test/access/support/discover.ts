// What a client does that knows nothing but the URL of an API: oauth4webapi asks RFC 9728's metadata.
import * as oauth from 'oauth4webapi'

/** The first authorization server that the API names. */
export async function discoverAuthorizationServer(api: string): Promise<string | undefined> {
  const url = new URL(api)
  const response = await oauth.resourceDiscoveryRequest(url, { [oauth.allowInsecureRequests]: true })
  const metadata = await oauth.processResourceDiscoveryResponse(url, response)
  return metadata.authorization_servers?.[0]
}
