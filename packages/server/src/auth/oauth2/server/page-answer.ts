// A page of signing in, as an answer: kept by nobody, framed by nobody, with no script, and a form that leads back here.
import { type Language, negotiateLanguage } from '@comity/http'
import type { Answer } from '../../../exchange/answer.ts'
import type { Exchange } from '../../../exchange/exchange.ts'
import { formPolicy, type PageBase } from '../../../pages/layout.ts'

const languages: readonly Language[] = ['en', 'ru', 'vi']

export type PageAbout = {
  readonly status: number
  readonly more: Readonly<Record<string, string>>
  /** Where the client wants the person back. */
  readonly redirect: string
  /** `ui_locales` of the client (OpenID Connect §3.1.2.1), which goes before Accept-Language. */
  readonly locales: unknown
}

export function pageAnswer(
  x: Exchange,
  { status, more, redirect, locales }: PageAbout,
  write: (base: PageBase, language: Language) => string,
): Answer {
  const path = x.incoming.prefix()
  const wanted = typeof locales === 'string' ? locales.trim().split(/ +/).join(',') : x.field('accept-language')
  const language = languages[negotiateLanguage(wanted, languages)] ?? 'en'
  const body = Buffer.from(write({ url: x.incoming.origin() + path, path }, language))
  return { status, fields: { ...pageFields(language, redirect), 'content-length': String(body.length), ...more }, body }
}

/** `redirect`: where a form may lead in the end, past this server. */
export const pageFields = (language: Language, redirect?: string): Readonly<Record<string, string>> => ({
  'content-type': 'text/html; charset=utf-8',
  'content-language': language,
  'content-security-policy': formPolicy(redirect === undefined ? undefined : sourceOf(redirect)),
  'cache-control': 'no-store',
  // Origin is `null` in forms of pages that may tell nobody where they are.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  vary: 'accept-language',
})

/** CSP: browsers ask `form-action` of every redirection that follows the form. */
function sourceOf(redirect: string): string | undefined {
  const url = URL.parse(redirect)
  if (url === null) return
  // An IPv6 address is no source, and other schemes have no host.
  const isNamed = /^https?:$/.test(url.protocol) && !url.hostname.startsWith('[')
  return isNamed ? url.origin : url.protocol
}

export const languageOf = (acceptLanguage: string): Language =>
  languages[negotiateLanguage(acceptLanguage === '' ? undefined : acceptLanguage, languages)] ?? 'en'
