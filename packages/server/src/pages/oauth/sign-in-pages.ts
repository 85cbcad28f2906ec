// Signing in, and consent: forms of plain HTML.
import type { Language } from '@comity/http'
import { html } from '../html.ts'
import { type PageBase, page } from '../layout.ts'
import { words } from './words.ts'

type Form = {
  /** Of the API. */
  readonly title: string
  /** The program that asks. */
  readonly client: string
  readonly action: string
  readonly csrf: string
}

/** `problem`: the code of what was wrong with what was entered before, which is not shown again. */
export function loginPage(
  { title, client, action, csrf, problem }: Form & { readonly problem: string | undefined },
  base: PageBase,
  language: Language,
): string {
  const said =
    problem === undefined
      ? undefined
      : problem === 'credentials-invalid'
        ? words.wrong
        : problem === 'too-many-sign-ins'
          ? words.tooMany
          : words.busy
  const wrong = said && html` aria-invalid="true" aria-describedby="wrong"`
  const main = html`
<article class="sign-in">
<p class="eyebrow">${title}</p>
<h1>${words.signIn[language]}</h1>
<p class="lead">${words.toGoOn[language]} <strong>${client}</strong></p>
${said && html`<p class="wrong" id="wrong" role="alert">${said[language]}</p>`}
<form method="post" action="${action}">
<input type="hidden" name="csrf" value="${csrf}">
<p><label for="login">${words.login[language]}</label><input id="login" name="login" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="200" required autofocus${wrong}></p>
<p><label for="password">${words.password[language]}</label><input id="password" name="password" type="password" autocomplete="current-password" required${wrong}></p>
<p class="actions"><button class="button">${words.enter[language]}</button> <button class="button second" name="decision" value="deny" formnovalidate>${words.cancel[language]}</button></p>
</form>
</article>`
  return page({ title: `${words.signIn[language]} · ${title}`, base, language, current: undefined, main })
}

type Consent = Form & {
  /** Who is signed in. */
  readonly account: string
  readonly wishes: readonly { readonly scope: string; readonly text: string }[]
  readonly redirect: string
}

export function consentPage(
  { title, client, action, csrf, account, wishes, redirect }: Consent,
  base: PageBase,
  language: Language,
): string {
  const main = html`
<article class="sign-in">
<p class="eyebrow">${title}</p>
<h1>${words.allow[language]}</h1>
<p class="lead"><strong>${client}</strong> ${words.wants[language]} <strong>${account}</strong>.</p>
${
  wishes.length === 0
    ? html`<p>${words.nothing[language]}</p>`
    : html`<p>${words.may[language]}</p><ul class="plain">${wishes.map(({ scope, text }) => html`<li>${text}${text !== scope && html` <code>${scope}</code>`}</li>`)}</ul>`
}
<p class="note">${words.back[language]} <code>${placeOf(redirect)}</code></p>
<form method="post" action="${action}">
<input type="hidden" name="csrf" value="${csrf}">
<p class="actions"><button class="button" name="decision" value="allow">${words.yes[language]}</button> <button class="button second" name="decision" value="deny">${words.no[language]}</button></p>
</form>
</article>`
  return page({ title: `${words.allow[language]} · ${title}`, base, language, current: undefined, main })
}

const placeOf = (redirect: string): string => {
  const url = URL.parse(redirect)
  return url === null || url.host === '' ? redirect.slice(0, 100) : url.host
}
