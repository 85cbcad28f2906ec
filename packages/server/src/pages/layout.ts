// The frame of every page: one document that asks no other host for anything and runs no script.
import { createHash } from 'node:crypto'
import type { Language, Link } from '@comity/http'
import { type Html, html } from './html.ts'
import { styles } from './styles.ts'

/** Where the API is served: `url` is absolute, `path` its path (`/bank`, or empty); neither ends in a slash. */
export type PageBase = { readonly url: string; readonly path: string }

type Page = {
  readonly title: string
  readonly base: PageBase
  readonly language: Language
  readonly current: 'entry' | 'docs' | 'problems' | 'changelog' | undefined
  /** `wide`: for tables. */
  readonly width?: 'wide'
  /** Beside the main part, for pages that are long. */
  readonly aside?: Html
  readonly main: Html
}

const places = [
  { name: 'entry', path: '/', label: { en: 'Start', ru: 'Начало', vi: 'Trang đầu' } },
  { name: 'docs', path: '/docs', label: { en: 'Docs', ru: 'Документация', vi: 'Tài liệu' } },
  { name: 'problems', path: '/problems', label: { en: 'Problems', ru: 'Проблемы', vi: 'Vấn đề' } },
] as const

const words = {
  skip: { en: 'Skip to content', ru: 'К содержанию', vi: 'Đến nội dung' },
  pages: { en: 'Pages', ru: 'Страницы', vi: 'Các trang' },
} as const

/** What the style sheet is called: another sheet has another name, so that it may be kept for good. */
export const styleName: string = `style-${createHash('sha256').update(styles).digest('base64url').slice(0, 16)}.css`

const stylePath = (root: string): string => `${root}/docs/${styleName}`

/** The Link field by which a browser fetches the style sheet before it has seen the page; `root` is the API's path. */
export const styleLink = (root: string): Link => ({
  target: stylePath(root),
  rel: ['preload'],
  params: { as: 'style' },
})

/** For the Content-Security-Policy field of every page: the style sheet, an empty icon, and nothing else. */
export const pagePolicy: string = [
  "default-src 'none'",
  "style-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The same for a page with a form that leads back here, and from here to `next`, an origin or a scheme. */
export const formPolicy = (next?: string): string =>
  pagePolicy.replace("form-action 'none'", `form-action 'self'${next === undefined ? '' : ` ${next}`}`)

/** The whole document. */
export function page(about: Page): string {
  const { open, close } = frame(about)
  return open + about.main.html + close
}

/** The document before and after its main part, for one that is written piece by piece. */
export function frame({ title, base, language, current, aside, width }: Omit<Page, 'main'>): {
  readonly open: string
  readonly close: string
} {
  const open = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${stylePath(base.path)}">
</head>
<body>
<a class="skip" href="#page:main">${words.skip[language]}</a>
<header class="bar ${aside || width ? 'wide' : 'narrow'}"><nav aria-label="${words.pages[language]}">${places.map(
    ({ name, path, label }) =>
      html`<a href="${base.path}${path}"${name === current && html` aria-current="page"`}>${label[language]}</a>`,
  )}<a href="${base.path}/openapi.json">OpenAPI</a></nav></header>
<div class="${aside ? 'with-aside' : width ? 'alone broad' : 'alone'}">
${aside}
<main id="page:main">`
  const close = html`</main>
</div>
</body>
</html>
`
  return { open: open.html, close: close.html }
}
