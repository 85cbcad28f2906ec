// Pages of the API itself (entry, OpenAPI, documents, problems, health), as answers. Written once for each base URL.
import { formatLinks, type Language, type Link, negotiateLanguage } from '@comity/http'
import { LRUCache } from 'lru-cache'
import { type Answer, refuse } from '../exchange/answer.ts'
import { digestAnswer } from '../exchange/digest-answer.ts'
import type { Exchange } from '../exchange/exchange.ts'
import { refusedAnswer } from '../exchange/problem-answer.ts'
import type { PageName } from '../exchange/target.ts'
import type { ApiModel } from '../model/model.ts'
import { openApiDocument } from '../openapi/document.ts'
import type { SecuritySchemes } from '../openapi/kind.ts'
import type { Later } from '../store/store.ts'
import { changelogDocument, changelogPage } from './changelog.ts'
import { docsPage } from './docs.ts'
import { entryDocument, entryLinks, entryPage } from './entry.ts'
import { type PageBase, pagePolicy, styleLink, styleName } from './layout.ts'
import { problemDocument, problemPage, problemsDocument, problemsPage } from './problem.ts'
import { styles } from './styles.ts'
import { traceAnswer } from './traces.ts'

type Written = { readonly body: Uint8Array; readonly fields: Readonly<Record<string, string>> }

const languages: readonly Language[] = ['en', 'ru', 'vi']

/** Answers the pages of one API. */
export function pagesOf(model: ApiModel): (x: Exchange) => Later<Answer> {
  // The base URL holds the Host field, which clients choose: only so much is kept.
  const written = new LRUCache<string, Written>({ maxSize: 16_000_000, sizeCalculation: ({ body }) => body.length * 2 })
  return x => {
    const { place } = x.target
    if (place.kind !== 'page') throw new TypeError('not a page')
    if (place.page === 'livez' || place.page === 'readyz') return health(x, place.page)
    if (place.page === 'style') return styleSheet(x, place.name)
    if (place.page === 'traces' || place.page === 'trace') return traceAnswer(x, place.page, place.name, pageBase(x))
    const base = pageBase(x)
    const { path } = base
    const language = languages[negotiateLanguage(x.field('accept-language'), languages)] ?? 'en'
    // The OpenAPI document speaks of paths only.
    const where = place.page === 'openapi' ? path : base.url
    const key = [place.page, place.name, x.page?.mediaType, where, language].join('\n')
    const page = written.get(key) ?? write(x.version?.model ?? model, x, place.page, place.name, base, language)
    written.set(key, page)
    return digestAnswer(x, page.body, page.fields)
  }
}

function pageBase(x: Exchange): PageBase {
  const path = x.incoming.prefix() + (x.version === undefined ? '' : `/v${x.version.number}`)
  return { url: x.incoming.origin() + path, path }
}

/** How callers may say who they are, as OpenAPI describes it. */
const schemesOf = (x: Exchange): SecuritySchemes =>
  Object.assign({}, ...x.runtime.schemes.map(({ described }) => described))

const styleBytes = Buffer.from(styles)

/** Another name is that of an earlier version's sheet: the page that asked for it is to be loaded again. */
function styleSheet(x: Exchange, name: string): Answer {
  if (name !== styleName)
    return refusedAnswer(x, refuse('not-found', `The style sheet of the pages is “${styleName}”.`))
  return digestAnswer(x, styleBytes, {
    'content-type': 'text/css; charset=utf-8',
    'cache-control': 'public, immutable, max-age=31536000',
    'x-content-type-options': 'nosniff',
  })
}

async function health(x: Exchange, page: 'livez' | 'readyz'): Promise<Answer> {
  try {
    if (page === 'readyz') await x.runtime.store.ping()
  } catch (error) {
    x.runtime.report(error, x.runtime.newId())
    const fields = { 'retry-after': '5' }
    return refusedAnswer(x, refuse('service-unavailable', 'The database does not answer.', { fields }))
  }
  const body = Buffer.from('{"status":"ok"}')
  const fields = {
    'content-type': 'application/json',
    'content-length': String(body.length),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
  return { status: 200, fields, body }
}

function write(
  model: ApiModel,
  x: Exchange,
  page: PageName,
  name: string,
  base: PageBase,
  language: Language,
): Written {
  const common = { 'cache-control': 'public, no-cache', 'x-content-type-options': 'nosniff', vary: 'accept' }
  const json = (value: unknown, more: Readonly<Record<string, string>> = {}): Written => ({
    body: Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`),
    fields: { 'content-type': x.page?.mediaType ?? 'application/json', ...common, ...more },
  })
  const html = (text: string, more: Readonly<Record<string, string>> = {}, links: readonly Link[] = []): Written => ({
    body: Buffer.from(text),
    fields: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': pagePolicy,
      link: formatLinks([styleLink(base.path), ...links]),
      ...common,
      ...more,
    },
  })
  const isHtml = x.page?.kind === 'html'
  switch (page) {
    case 'entry': {
      const links = entryLinks(model, base)
      return isHtml
        ? html(entryPage(model, base), {}, links)
        : json(entryDocument(model, base), { link: formatLinks(links) })
    }
    case 'openapi':
      return {
        ...json({}),
        body: Buffer.from(JSON.stringify(openApiDocument(model, { url: base.path }, schemesOf(x)))),
      }
    case 'docs':
      return html(docsPage(model, base, schemesOf(x)))
    case 'problems':
      return isHtml ? html(problemsPage(model, base)) : json(problemsDocument(model, base))
    case 'changelog':
      return isHtml ? html(changelogPage(model, base)) : json(changelogDocument(model, base))
    case 'problem': {
      const kind = x.runtime.problem(name)
      const inLanguage = { vary: 'accept, accept-language', 'content-language': language }
      return isHtml ? html(problemPage(kind, base, language, model), inLanguage) : json(problemDocument(kind, base))
    }
    default:
      throw new TypeError(`no page ${page}`)
  }
}
