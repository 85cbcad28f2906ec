// RFC 9457 §3.1.1: the documents behind a problem's `type`
import { type Language, type ProblemKind, reasonOf } from '@comity/http'
import type { ApiModel } from '../model/model.ts'
import { changelogDocument, rootOf } from './changelog.ts'
import { type Html, html, phrase } from './html.ts'
import { type PageBase, page } from './layout.ts'

/** One kind of problem, for programs. */
export type ProblemDocument = {
  readonly type: string
  readonly code: string
  readonly status: number
  readonly title: string
  readonly explanation: string
  readonly cure: string
  readonly messages: Readonly<Record<Language, string>>
  /** The section that defines the status. */
  readonly source: string
  readonly links: readonly { readonly rel: string; readonly href: string }[]
}

export function problemDocument(kind: ProblemKind, { url }: PageBase): ProblemDocument {
  const { code, status, title, explanation, cure, messages, source } = kind
  const specification = addressOf(source)
  const links = [
    { rel: 'self', href: `${url}/problems/${code}` },
    { rel: 'collection', href: `${url}/problems` },
    ...(specification ? [{ rel: 'describedby', href: specification }] : []),
    { rel: 'service-doc', href: `${url}/docs` },
  ]
  return { type: `${url}/problems/${code}`, code, status, title, explanation, cure, messages, source, links }
}

/** Every kind of problem, by status. */
export function problemsDocument(model: ApiModel, base: PageBase): readonly ProblemDocument[] {
  return kindsOf(model).map(kind => problemDocument(kind, base))
}

const kindsOf = (model: ApiModel): readonly ProblemKind[] =>
  [...model.problems.values()].sort((one, other) => one.status - other.status)

/** Where a source such as `RFC 9110 §15.5.5` can be read. */
export function addressOf(source: string): string | undefined {
  const [, rfc, section] = /^RFC (\d+)(?: §([A-Z]?[\d.]+))?/.exec(source) ?? []
  if (rfc) return `https://www.rfc-editor.org/rfc/rfc${rfc}.html${section ? `#section-${section}` : ''}`
  const [draft, draftSection] = [/^(draft-[a-z0-9-]+)/.exec(source)?.[1], /§([\d.]+)/.exec(source)?.[1]]
  return draft && `https://datatracker.ietf.org/doc/html/${draft}${draftSection ? `#section-${draftSection}` : ''}`
}

type Words = {
  readonly name: string
  readonly why: string
  readonly cure: string
  readonly said: string
  readonly technical: string
  readonly defined: string
  readonly all: string
}

const words: Readonly<Record<Language, Words>> = {
  en: {
    name: 'English',
    why: 'Why it happens',
    cure: 'What to do',
    said: 'What the user of an app is told',
    technical: 'For developers',
    defined: 'Defined in',
    all: 'All problems',
  },
  ru: {
    name: 'Русский',
    why: 'Почему так происходит',
    cure: 'Что делать',
    said: 'Что видит пользователь приложения',
    technical: 'Для разработчиков',
    defined: 'Определено в',
    all: 'Все проблемы',
  },
  vi: {
    name: 'Tiếng Việt',
    why: 'Vì sao xảy ra',
    cure: 'Cần làm gì',
    said: 'Người dùng ứng dụng được thông báo',
    technical: 'Dành cho nhà phát triển',
    defined: 'Được định nghĩa trong',
    all: 'Mọi vấn đề',
  },
}

const languages: readonly Language[] = ['en', 'ru', 'vi']

/** The page of one kind, for people: first what its user is told, in their language; then, in English, why and the cure. */
export function problemPage(kind: ProblemKind, base: PageBase, language: Language, model?: ApiModel): string {
  const { code, status, title, explanation, cure, messages, source } = kind
  const say = words[language]
  const english = language === 'en' ? undefined : html` lang="en"`
  const others = languages.filter(other => other !== language)
  const main = html`
<nav class="crumbs" aria-label="Breadcrumb"><a href="${base.path}/problems">${say.all}</a></nav>
<article class="problem">
<header>
<p class="status status-${Math.floor(status / 100)}"><span>${status}</span> ${reasonOf(status)}</p>
<h1${english}>${title}</h1>
<p class="lead">${messages[language]}</p>
</header>
<section aria-labelledby="why"><h2 id="why">${say.why}</h2><p${english}>${phrase(explanation)}</p></section>
${cure !== '' && html`<section aria-labelledby="cure" class="cure"><h2 id="cure">${say.cure}</h2><p${english}>${phrase(cure)}</p></section>`}
${kind.code.startsWith('version-') && model !== undefined && versionsSection(model, base)}
<section aria-labelledby="said"><h2 id="said">${say.said}</h2>
<dl class="said">${others.map(other => html`<div><dt>${words[other].name}</dt><dd lang="${other}">${messages[other]}</dd></div>`)}</dl></section>
<section aria-labelledby="technical"><h2 id="technical">${say.technical}</h2>
<dl class="facts"><div><dt><code>code</code></dt><dd><code>${code}</code></dd></div>
<div><dt><code>type</code></dt><dd><code>${base.url}/problems/${code}</code></dd></div>
<div><dt>${say.defined}</dt><dd>${sourceLink(source)}</dd></div></dl></section>
</article>`
  return page({ title: `${status} ${title}`, base, language, current: 'problems', main })
}

/** Where to go from each version that is left behind. */
function versionsSection(model: ApiModel, base: PageBase): Html {
  const { versions } = changelogDocument(model, base)
  const { path } = rootOf(model, base)
  return html`<section aria-labelledby="versions" lang="en"><h2 id="versions">The versions of this API</h2>
<ul>${versions.map(
    ({ version, status, href, successor }) =>
      html`<li>Version ${version}, ${status}: ${
        status === 'current' || successor === undefined
          ? html`<a href="${href}">${href}</a>`
          : html`<a href="${path}/changelog#v${version}">how to move on</a>, to <a href="${successor}">${successor}</a>`
      }</li>`,
  )}</ul></section>`
}

export function sourceLink(source: string): Html {
  const address = addressOf(source)
  return address ? html`<a href="${address}" rel="external">${source}</a>` : html`${source}`
}

/** The page of all kinds, by status. */
export function problemsPage(model: ApiModel, base: PageBase): string {
  const byStatus = Map.groupBy(kindsOf(model), ({ status }) => status)
  const main = html`
<h1>Problems</h1>
<p class="lead">What this API says when it does not do what it was asked. Each answer carries one of these codes, in English, Russian and Vietnamese.</p>
${[...byStatus].map(
  ([status, kinds]) => html`
<section aria-labelledby="status-${status}"><h2 id="status-${status}" class="status status-${Math.floor(status / 100)}"><span>${status}</span> ${reasonOf(status)}</h2>
<ul class="cards">${kinds.map(({ code, title, explanation }) => html`<li><a href="${base.path}/problems/${code}"><strong>${title}</strong> <code>${code}</code></a><p>${phrase(explanation)}</p></li>`)}</ul></section>`,
)}`
  return page({ title: 'Problems', base, language: 'en', current: 'problems', main })
}
