// RFC 9457: one occurrence of a problem, for people: what to tell the user first, then what went wrong, and where more is.
import { type Language, type Problem, reasonOf } from '@comity/http'
import { type Html, html } from './html.ts'
import { type PageBase, page } from './layout.ts'
import { structured } from './resource/values.ts'

const words = {
  details: { en: 'What was wrong', ru: 'Что не так', vi: 'Điều gì không đúng' },
  more: { en: 'More', ru: 'Подробнее', vi: 'Thêm' },
  about: { en: 'About this kind of problem', ru: 'Об этой проблеме', vi: 'Về loại vấn đề này' },
  start: { en: 'Back to the start', ru: 'В начало', vi: 'Về trang đầu' },
} as const

type Occurrence = Problem & {
  readonly code?: unknown
  readonly userMessage?: unknown
  readonly errors?: readonly { readonly detail: string; readonly pointer?: string; readonly parameter?: string }[]
}

/** Members that have a place of their own on the page. */
const placed: ReadonlySet<string> = new Set(['type', 'title', 'status', 'detail', 'code', 'userMessage', 'errors'])

export function refusedPage(problem: Occurrence, base: PageBase, language: Language): string {
  const { status = 500, title = '', detail, code, type = '', userMessage, errors = [] } = problem
  const english = language === 'en' ? undefined : html` lang="en"`
  const more = Object.entries(problem).filter(([name, value]) => !placed.has(name) && value !== undefined)
  const main = html`
<article class="refused">
<header>
<p class="status status-${Math.floor(status / 100)}"><data value="${status}">${status}</data> ${reasonOf(status)}</p>
<h1${english}>${title}</h1>
${userMessage !== undefined && html`<p class="lead">${String(userMessage)}</p>`}
</header>
<section aria-labelledby="details"><h2 id="details">${words.details[language]}</h2>
${detail !== undefined && html`<p${english}>${detail}</p>`}
${errors.length > 0 && html`<ul class="plain faults"${english}>${errors.map(faultLine)}</ul>`}</section>
<section aria-labelledby="more"><h2 id="more">${words.more[language]}</h2>
<dl class="facts"><div><dt><code>code</code></dt><dd><data class="code-name" value="${String(code ?? '')}"><a href="${type}">${String(code ?? type)}</a></data></dd></div>
${more.map(([name, value]) => html`<div><dt><code>${name}</code></dt><dd>${{ html: structured(plain(value)) }}</dd></div>`)}</dl>
<p class="actions"><a class="button" href="${type}">${words.about[language]}</a> <a href="${base.path}/">${words.start[language]}</a></p></section>
</article>`
  return page({ title: `${status} ${title}`, base, language, current: undefined, main })
}

/** An extension member may be anything that JSON has a word for. */
function plain(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null')
  } catch {
    return null
  }
}

const faultLine = ({ detail, pointer, parameter }: NonNullable<Occurrence['errors']>[number]): Html => {
  const place = pointer ?? parameter
  return html`<li>${place !== undefined && place !== '' && html`<code>${place}</code> `}${detail}</li>`
}
