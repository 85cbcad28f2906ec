// RFC 6749 §4.1 with PKCE (RFC 7636), and a listener on the loopback interface for the answer (RFC 8252 §7.3)
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AuthError } from '../../errors.ts'
import { parametersOf } from '../../layers/auth/oauth2/grants.ts'
import { oauth2 } from '../../layers/auth/oauth2/oauth2.ts'
import type { OAuth2Options } from '../../layers/auth/oauth2/options.ts'
import type { AuthScheme } from '../../layers/auth/scheme.ts'

export type AuthorizationCodeOptions = OAuth2Options & {
  /** Shows this address to the person, in a browser or otherwise. Nothing is opened by itself. */
  readonly open: (url: string) => void | Promise<void>
  /** Of the listener; a free one by default, as RFC 8252 has it. */
  readonly port?: number
  /** Ms that the person may take; 300,000 by default. */
  readonly patience?: number
}

const page = (text: string): string =>
  `<!doctype html><meta charset="utf-8"><title>Sign-in</title><p>${text} You may close this window.</p>\n`

/** The person consents in a browser, whose answer comes to a listener of this process. */
export function authorizationCode(given: AuthorizationCodeOptions): AuthScheme {
  return oauth2(given, async ({ oauth, server, client, authentication, options, call }) => {
    if (server.authorization_endpoint === undefined)
      throw new AuthError('the authorization server has no authorization endpoint')
    const verifier = oauth.generateRandomCodeVerifier()
    const state = oauth.generateRandomState()
    const over = new AbortController()
    const listener = await listening(given.port ?? 0)
    const redirect = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/callback`
    try {
      const url = new URL(server.authorization_endpoint)
      const query = {
        ...parametersOf(given),
        response_type: 'code',
        client_id: given.clientId,
        redirect_uri: redirect,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
      }
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
      const answered = answerTo(listener, state)
      // It may come while `open` still waits for its browser.
      answered.catch(() => {})
      await given.open(url.href)
      const late = call.clock.sleep(given.patience ?? 300_000, over.signal).then(() => {
        throw new AuthError('nobody consented in time')
      })
      const answer = await Promise.race([answered, late])
      const parameters = oauth.validateAuthResponse(server, client, answer, state)
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        authentication,
        parameters,
        redirect,
        verifier,
        options,
      )
      return await oauth.processAuthorizationCodeResponse(server, client, response)
    } finally {
      over.abort()
      listener.close()
      listener.closeAllConnections()
    }
  })
}

async function listening(port: number): Promise<Server> {
  // Imported here: all of node:http brings Node's own fetch along, which doubles the start of a program.
  const { createServer } = await import('node:http')
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', error => reject(new AuthError(`port ${port} cannot be listened at: ${error.message}`)))
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

/** The first answer that carries our state; anyone may knock at a port. */
function answerTo(listener: Server, state: string): Promise<URL> {
  return new Promise(resolve => {
    listener.on('request', (request, response) => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1')
      const isOurs = request.method === 'GET' && url.pathname === '/callback' && url.searchParams.get('state') === state
      const fields = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', connection: 'close' }
      response.writeHead(isOurs ? 200 : 404, fields)
      response.end(
        page(isOurs ? (url.searchParams.has('error') ? 'It was refused.' : 'You are signed in.') : 'Nothing is here.'),
      )
      if (isOurs) response.once('finish', () => resolve(url))
    })
  })
}
