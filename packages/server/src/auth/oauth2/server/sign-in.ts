// The pages on which a person signs in and decides what a program may do in their name.
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Answer, refuse } from '../../../exchange/answer.ts'
import type { Exchange } from '../../../exchange/exchange.ts'
import { refusedAnswer } from '../../../exchange/problem-answer.ts'
import { accountById } from '../../accounts.ts'
import type { SchemeContext } from '../../scheme.ts'
import { noteSignIn } from '../../signed-in.ts'
import { bridged } from './bridge.ts'
import { grantFor, wishedBy } from './consent.ts'
import type { AuthorizationServerOptions } from './options.ts'
import { pageAnswer } from './page-answer.ts'
import type { Made } from './provider.ts'
import type { Interaction, Payload } from './provider-types.ts'

export type SignInContext = SchemeContext & {
  /** What scopes mean, for people. */ readonly texts: NonNullable<AuthorizationServerOptions['scopes']>
}

/** What is to be said to one who signs in; it is said once the provider has let go of the request. */
type Next = { readonly kind: 'answer'; readonly answer: Answer } | { readonly kind: 'done'; readonly to: string }

/** GET and POST of `/oauth/sign-in/{uid}`. */
export async function signIn(x: Exchange, url: string, made: Made, context: SignInContext): Promise<Answer> {
  const foreign = faultOfOrigin(x, made.issuer)
  if (foreign !== undefined) return refusedAnswer(x, refuse('cross-origin-refused', foreign))
  let next: Next | undefined
  let failure: unknown
  // The cookies by which the provider knows its own are read from a request, as it takes it.
  await bridged(x, url, made.issuer, async (request, response) => {
    try {
      next = await proceed(x, made, context, request, response)
    } catch (error) {
      failure = error
    }
    response.end()
  })
  if (failure !== undefined) {
    if ((failure as { readonly name?: string }).name === 'SessionNotFound') return expired(x)
    throw failure
  }
  if (next === undefined) throw new TypeError('nothing was answered')
  if (next.kind === 'answer') return next.answer
  return {
    status: 303,
    fields: { location: next.to, 'content-length': '0', 'cache-control': 'no-store' },
    body: undefined,
  }
}

const expired = (x: Exchange): Answer =>
  refusedAnswer(
    x,
    refuse(
      'sign-in-expired',
      'This sign-in has ended, or was begun in another browser. Go back to the app and begin again.',
    ),
  )

async function proceed(
  x: Exchange,
  made: Made,
  context: SignInContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Next> {
  const { provider, secret } = made
  const interaction = await provider.interactionDetails(request, response)
  const csrf = tokenFor(secret, interaction.uid)
  const show = async (
    status: number,
    problem?: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Next> => ({
    kind: 'answer',
    answer: await page(x, made, context, interaction, csrf, { status, problem, more }),
  })
  if (x.method !== 'POST') return show(200)
  const form = new URLSearchParams(Buffer.from(x.content ?? []).toString())
  if (!isSame(form.get('csrf') ?? '', csrf)) {
    const detail = 'The form was not that of this sign-in. Load the page again.'
    return { kind: 'answer', answer: refusedAnswer(x, refuse('cross-origin-refused', detail)) }
  }
  // The cookie says which one it is; a form that was sent to another's address is not for it.
  if (!x.target.path.endsWith(`/${interaction.uid}`)) return { kind: 'answer', answer: expired(x) }
  const finish = async (result: Payload): Promise<Next> => ({
    kind: 'done',
    to: await provider.interactionResult(request, response, result, { mergeWithLastSubmission: !('error' in result) }),
  })
  if (form.get('decision') === 'deny')
    return finish({ error: 'access_denied', error_description: 'the person did not consent' })
  if (interaction.prompt.name === 'login') {
    const signedIn = await context.signIns.withPassword(
      form.get('login') ?? '',
      form.get('password') ?? '',
      x.incoming.address(),
    )
    if (signedIn.kind === 'account') {
      await noteSignIn(x, context.store, signedIn.account)
      return finish({ login: { accountId: signedIn.account.id, amr: ['pwd'] } })
    }
    const { status } = x.runtime.problem(signedIn.code)
    return show(status === 401 ? 403 : status, signedIn.code, signedIn.fields)
  }
  // What was asked for by one prompt is not answered by the form of another.
  if (interaction.prompt.name !== 'consent' || form.get('decision') !== 'allow') return show(200)
  return finish({ consent: { grantId: await grantFor(provider, interaction, context) } })
}

type Shown = {
  readonly status: number
  readonly problem: string | undefined
  readonly more: Readonly<Record<string, string>>
}

async function page(
  x: Exchange,
  { provider, issuer }: Made,
  context: SignInContext,
  { prompt, params, session, uid }: Interaction,
  csrf: string,
  { status, problem, more }: Shown,
): Promise<Answer> {
  const { loginPage, consentPage } = await import('../../../pages/oauth/sign-in-pages.ts')
  const client = await provider.Client.find(String(params.client_id))
  const action = `${issuer.pathname}/sign-in/${uid}`
  const common = { title: context.title, client: client?.clientName ?? '', action, csrf }
  const account = session?.accountId === undefined ? undefined : await accountById(context.store, session.accountId)
  const redirect = String(params.redirect_uri)
  return pageAnswer(x, { status, more, redirect, locales: params.ui_locales }, (base, language) =>
    prompt.name === 'login'
      ? loginPage({ ...common, problem }, base, language)
      : consentPage(
          {
            ...common,
            account: account?.login ?? '',
            wishes: wishedBy(prompt.details, account, context.texts),
            redirect,
          },
          base,
          language,
        ),
  )
}

/** Only a page that this server has sent, to this browser, for this sign-in, knows it. */
const tokenFor = (secret: string, uid: string): string =>
  createHmac('sha256', secret).update(`sign-in ${uid}`).digest('base64url')

function isSame(given: string, own: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(own)]
  return one.length === other.length && timingSafeEqual(one, other)
}

/** Fetch Metadata, and RFC 6454 §7 for browsers that know no other: nobody else's page sends this form. */
function faultOfOrigin(x: Exchange, issuer: URL): string | undefined {
  if (x.method !== 'POST') return
  const site = x.field('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin')
    return `The form comes from another site (Sec-Fetch-Site: ${site.slice(0, 20)}).`
  const origin = x.field('origin')
  return origin === undefined || origin === issuer.origin ? undefined : `The form comes from ${origin.slice(0, 100)}.`
}
