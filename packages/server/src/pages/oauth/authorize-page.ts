// OAuth 1.0: a person signs in and decides in one form of plain HTML.
import type { Language } from '@comity/http'
import { html } from '../html.ts'
import { type PageBase, page } from '../layout.ts'
import { words } from './words.ts'

type Text = Readonly<Record<Language, string>>

const own = {
  wants: {
    en: 'wants to act for you. Sign in to allow it.',
    ru: 'хочет действовать от вашего имени. Войдите, чтобы разрешить.',
    vi: 'muốn hành động thay cho bạn. Đăng nhập để cho phép.',
  },
  all: {
    en: 'It will be able to do all that you can.',
    ru: 'Приложение сможет делать всё, что можете вы.',
    vi: 'Ứng dụng sẽ làm được mọi việc bạn làm được.',
  },
  yes: { en: 'Sign in and allow', ru: 'Войти и разрешить', vi: 'Đăng nhập và cho phép' },
  code: { en: 'Your code', ru: 'Ваш код', vi: 'Mã của bạn' },
  copy: { en: 'Give this code to the app:', ru: 'Введите этот код в приложении:', vi: 'Nhập mã này vào ứng dụng:' },
  denied: { en: 'Access was not allowed', ru: 'Доступ не разрешён', vi: 'Không cho phép truy cập' },
} as const satisfies Readonly<Record<string, Text>>

export type AuthorizeAbout = {
  /** Of the API. */
  readonly title: string
  readonly consumer: string
  readonly scopes: readonly string[] | undefined
  readonly token: string
  readonly action: string
  readonly csrf: string
  /** The code of what was wrong with what was entered before, which is not shown again. */
  readonly problem: string | undefined
}

export function authorizePage(about: AuthorizeAbout, base: PageBase, language: Language): string {
  const { title, consumer, scopes, token, action, csrf, problem } = about
  const said = problem === undefined ? undefined : saidOf(problem)[language]
  const wrong = said !== undefined && html` aria-invalid="true" aria-describedby="wrong"`
  const main = html`
<article class="sign-in">
<p class="eyebrow">${title}</p>
<h1>${words.allow[language]}</h1>
<p class="lead"><strong>${consumer}</strong> ${own.wants[language]}</p>
${
  scopes === undefined
    ? html`<p>${own.all[language]}</p>`
    : html`<p>${words.may[language]}</p><ul class="plain">${scopes.map(scope => html`<li><code>${scope}</code></li>`)}</ul>`
}
${said !== undefined && html`<p class="wrong" id="wrong" role="alert">${said}</p>`}
<form method="post" action="${action}">
<input type="hidden" name="csrf" value="${csrf}">
<input type="hidden" name="oauth_token" value="${token}">
<p><label for="login">${words.login[language]}</label> <input id="login" name="login" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="200" required autofocus${wrong}></p>
<p><label for="password">${words.password[language]}</label> <input id="password" name="password" type="password" autocomplete="current-password" required${wrong}></p>
<p class="actions"><button class="button" name="decision" value="allow">${own.yes[language]}</button> <button class="button second" name="decision" value="deny" formnovalidate>${words.no[language]}</button></p>
</form>
</article>`
  return page({ title: `${words.allow[language]} · ${title}`, base, language, current: undefined, main })
}

const saidOf = (problem: string): Text =>
  problem === 'credentials-invalid' ? words.wrong : problem === 'too-many-sign-ins' ? words.tooMany : words.busy

/** For who copies the verifier; undefined: the person did not allow it. */
export function verifierPage(
  { title, verifier }: { readonly title: string; readonly verifier: string | undefined },
  base: PageBase,
  language: Language,
): string {
  const heading = verifier === undefined ? own.denied[language] : own.code[language]
  const main = html`
<article class="sign-in">
<p class="eyebrow">${title}</p>
<h1>${heading}</h1>
${verifier !== undefined && html`<p>${own.copy[language]}</p><p class="lead"><code id="verifier">${verifier}</code></p>`}
</article>`
  return page({ title: `${heading} · ${title}`, base, language, current: undefined, main })
}
