// oidc-provider, made when it is first asked for, and anew when the keys are others.
import type { SchemeContext } from '../../scheme.ts'
import { secureUrl } from '../ask.ts'
import { secretOf } from '../nonces.ts'
import { adapterOf } from './adapter.ts'
import { isSecretOf } from './clients.ts'
import { configurationOf } from './configuration.ts'
import type { Keyring, Keys } from './keyring.ts'
import { loadProvider } from './load-provider.ts'
import type { AuthorizationServerOptions, Lifetimes } from './options.ts'
import type { Provider, ProviderClient } from './provider-types.ts'

export type Made = {
  readonly provider: Provider
  readonly issuer: URL
  /** By which cookies and forms are signed. */
  readonly secret: string
}

export type ProviderSetup = {
  readonly options: AuthorizationServerOptions
  readonly lifetimes: Lifetimes
  readonly context: SchemeContext
  readonly issuer: () => string
  readonly keyring: Keyring
}

/** @throws where the issuer can be none: it is not https, nor on this machine */
export function providers(setup: ProviderSetup): () => Promise<Made> {
  let made: { readonly keys: Keys; readonly issuer: string; readonly made: Promise<Made> } | undefined
  return async () => {
    const keys = await setup.keyring()
    const issuer = setup.issuer()
    if (made?.keys !== keys || made.issuer !== issuer) {
      const next = make(setup, issuer, keys)
      made = { keys, issuer, made: next }
      next.catch(() => {
        made = undefined
      })
    }
    return made.made
  }
}

async function make({ options, lifetimes, context }: ProviderSetup, issuer: string, keys: Keys): Promise<Made> {
  const url = secureUrl('the issuer of the authorization server', issuer)
  const { default: Constructor, errors } = await loadProvider()
  const { errorPage, signOutPage, signedOutPage } = await import('../../../pages/oauth/provider-pages.ts')
  const secret = (await secretOf(context.store, 'cookies')).toString('base64url')
  const { store, now } = context
  const root = context.root()
  const base = { url: root, path: new URL(root).pathname.replace(/\/$/, '') }
  const configuration = configurationOf({
    options,
    lifetimes,
    root,
    keys: keys.signing,
    cookieKey: secret,
    nonceSecret: await secretOf(store, 'token-nonce'),
    context,
    adapter: adapterOf({ store, now, errors }),
    errors,
    provider: () => provider,
    pages: {
      error: (asked, out) => errorPage(asked, out, base),
      logout: (asked, form) => signOutPage(asked, form, base),
      loggedOut: asked => signedOutPage(asked, base),
    },
  })
  const provider = new Constructor(issuer, configuration)
  // Host and scheme are the issuer's, whatever a request says of them; see `bridge.ts`.
  provider.proxy = true
  provider.on('server_error', (_, error) => context.report(error))
  Object.defineProperty(provider.Client.prototype, 'compareClientSecret', {
    value(this: ProviderClient, given: string) {
      return isSecretOf(this.clientSecret ?? '', given)
    },
  })
  return { provider, issuer: url, secret }
}
