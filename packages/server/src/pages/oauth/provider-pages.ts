// Pages that oidc-provider asks for: what cannot be told to the app itself, and signing out.
import { languageOf, pageFields } from '../../auth/oauth2/server/page-answer.ts'
import type { Context } from '../../auth/oauth2/server/provider-types.ts'
import { type Html, html } from '../html.ts'
import { type PageBase, page } from '../layout.ts'
import { words } from './words.ts'

/** Where there is nobody to send the person back to: never to an address that only the request names. */
export function errorPage(
  context: Context,
  { error, error_description }: { readonly error: string; readonly error_description?: string },
  base: PageBase,
): void {
  show(
    context,
    base,
    words.refused,
    language => html`<p>${words.tell[language]}</p>
<dl class="facts"><div><dt><code>error</code></dt><dd><code>${error}</code></dd></div>
${error_description !== undefined && html`<div><dt><code>error_description</code></dt><dd>${error_description}</dd></div>`}</dl>`,
  )
}

/** RP-initiated logout: `form` is the provider's own, with its token. */
export function signOutPage(context: Context, form: string, base: PageBase): void {
  show(
    context,
    base,
    words.signOut,
    language => html`${{ html: form }}
<p class="actions"><button class="button" type="submit" form="op.logoutForm" name="logout" value="yes">${words.leave[language]}</button>
<button class="button second" type="submit" form="op.logoutForm">${words.stay[language]}</button></p>`,
  )
}

export function signedOutPage(context: Context, base: PageBase): void {
  show(context, base, words.signedOut, () => html``)
}

function show(
  context: Context,
  base: PageBase,
  heading: (typeof words)[keyof typeof words],
  content: (language: ReturnType<typeof languageOf>) => Html,
): void {
  const language = languageOf(context.get('accept-language'))
  const title = heading[language]
  const main = html`<article class="sign-in"><h1>${title}</h1>${content(language)}</article>`
  context.type = 'html'
  context.set(pageFields(language))
  context.body = page({ title, base, language, current: undefined, main })
}
