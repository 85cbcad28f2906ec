// RFC 9457: a refusal as a problem document, in the format and the language the client reads.
import { type Language, negotiateLanguage, negotiateMediaType, type Problem, type ProblemKind } from '@comity/http'
import { writeProblem } from '../formats/problem.ts'
import { pagePolicy } from '../pages/layout.ts'
import { refusedPage } from '../pages/refused.ts'
import type { Answer, Refused } from './answer.ts'
import type { Exchange } from './exchange.ts'

const languages: readonly Language[] = ['en', 'ru', 'vi']
const offers = [
  'application/problem+json',
  'application/json',
  'application/problem+xml',
  'application/xml',
  'text/xml',
  'text/html',
]

/** What a problem answer is made from, where there may be no exchange to ask. */
export type ProblemContext = {
  readonly kind: ProblemKind
  /** Absolute URL of the API's root, without trailing slash. */
  readonly base: string
  readonly instance: string
  readonly accept: string | undefined
  readonly acceptLanguage: string | undefined
  readonly extension?: string | undefined
  readonly statuses?: 'honest' | 'always-success'
}

/** The problem document (RFC 9457 §3.1), its members in the order people read them. */
export function problemOf(refused: Refused, { kind, base, instance, acceptLanguage }: ProblemContext): Problem {
  const members = {
    type: kind.type ?? `${base}/problems/${kind.code}`,
    title: kind.title,
    status: kind.status,
    detail: refused.detail,
    code: kind.code,
    userMessage: kind.messages[languageOf(acceptLanguage)],
    instance,
    ...(refused.errors && refused.errors.length > 0 && { errors: refused.errors }),
  }
  return { ...members, ...refused.members, ...members }
}

const languageOf = (acceptLanguage: string | undefined): Language =>
  languages[negotiateLanguage(acceptLanguage, languages)] ?? 'en'

export function problemAnswer(refused: Refused, context: ProblemContext): Answer {
  const { kind, accept, extension, statuses = 'honest' } = context
  const language = languageOf(context.acceptLanguage)
  // Never 406 on top of another problem: who accepts neither gets JSON.
  const chosen = offers[negotiateMediaType(accept, offers)] ?? ''
  const format = extension === undefined ? formatOf(chosen) : formatOf(extension)
  const problem = problemOf(refused, context)
  const isPage = format === 'html'
  const body = Buffer.from(isPage ? refusedPage(problem, baseOf(context), language) : writeProblem(problem, format))
  return {
    status: statuses === 'always-success' ? 200 : kind.status,
    fields: {
      'content-type': contentTypes[format],
      ...(isPage && { 'content-security-policy': pagePolicy }),
      'content-language': language === 'en' ? 'en' : `en, ${language}`,
      'content-length': String(body.length),
      'cache-control': 'no-store',
      vary: extension === undefined ? 'accept, accept-language' : 'accept-language',
      'x-content-type-options': 'nosniff',
      // Its type leads to where it is registered.
      ...(kind.type !== undefined && { link: `<${context.base}/problems/${kind.code}>; rel="help"` }),
      ...refused.fields,
    },
    body,
  }
}

const contentTypes = {
  json: 'application/problem+json',
  xml: 'application/problem+xml; charset=utf-8',
  html: 'text/html; charset=utf-8',
} as const

const formatOf = (name: string): keyof typeof contentTypes =>
  name.endsWith('xml') ? 'xml' : name.endsWith('html') ? 'html' : 'json'

/** Where no host is known, or the message was not read as a request, it is a path, or empty. */
const baseOf = ({ base }: ProblemContext) => ({
  url: base,
  path: URL.canParse(base) ? new URL(base).pathname.replace(/\/$/, '') : base,
})

/** The problem answer for a refused exchange. */
export function refusedAnswer(x: Exchange, refused: Refused): Answer {
  x.refused = refused
  return problemAnswer(refused, contextOf(x, refused))
}

/** The problem of a refused exchange, or of a part of one, as it stands within another document. */
export const refusedProblem = (x: Exchange, refused: Refused): Problem => problemOf(refused, contextOf(x, refused))

function contextOf(x: Exchange, refused: Refused): ProblemContext {
  const { target, incoming, runtime } = x
  return {
    kind: runtime.problem(refused.code),
    base: incoming.origin() + incoming.prefix(),
    instance: refused.instance ?? referenceTo(incoming.prefix() + target.url),
    accept: x.field('accept'),
    acceptLanguage: x.field('accept-language'),
    extension: target.extension,
    statuses: target.statuses,
  }
}

/**
 * RFC 9457 §3.1.5: `instance` is a URI reference, which a target need not be. Node reads a target's bytes as Latin-1.
 * Two slashes at its start would name a host.
 */
function referenceTo(target: string): string {
  const encoded = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  return target.replace(/%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9._~:/?@!$&'()*+,;=%-]/g, encoded).replace(/^\/(?=\/)/, '/./')
}
