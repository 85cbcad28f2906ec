// RFC 9457: a refusal as a problem document, in the format and the language the client reads.
import { type Language, negotiateLanguage, negotiateMediaType, type Problem, type ProblemKind } from '@comity/http'
import { writeProblem } from '../formats/problem.ts'
import type { Answer, Refused } from './answer.ts'
import type { Exchange } from './exchange.ts'

const languages: readonly Language[] = ['en', 'ru', 'vi']
const offers = [
  'application/problem+json',
  'application/json',
  'application/problem+xml',
  'application/xml',
  'text/xml',
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

export function problemAnswer(refused: Refused, context: ProblemContext): Answer {
  const { kind, base, instance, accept, acceptLanguage, extension, statuses = 'honest' } = context
  const language = languages[negotiateLanguage(acceptLanguage, languages)] ?? 'en'
  const problem: Problem = {
    ...refused.members,
    type: `${base}/problems/${kind.code}`,
    title: kind.title,
    status: kind.status,
    detail: refused.detail,
    code: kind.code,
    userMessage: kind.messages[language],
    instance,
    ...(refused.errors && refused.errors.length > 0 && { errors: refused.errors }),
  }
  // Never 406 on top of another problem: who accepts neither gets JSON.
  const chosen = offers[negotiateMediaType(accept, offers)] ?? ''
  const format = extension === 'xml' || (extension === undefined && chosen.endsWith('xml')) ? 'xml' : 'json'
  const body = Buffer.from(writeProblem(inOrder(problem), format))
  return {
    status: statuses === 'always-success' ? 200 : kind.status,
    fields: {
      'content-type': format === 'xml' ? 'application/problem+xml; charset=utf-8' : 'application/problem+json',
      'content-language': language === 'en' ? 'en' : `en, ${language}`,
      'content-length': String(body.length),
      'cache-control': 'no-store',
      vary: extension === undefined ? 'accept, accept-language' : 'accept-language',
      'x-content-type-options': 'nosniff',
      ...refused.fields,
    },
    body,
  }
}

/** The members of RFC 9457 first, in the order people read them. */
function inOrder(problem: Problem): Problem {
  const { type, title, status, detail, code, userMessage, instance, errors, ...extensions } = problem
  return {
    type,
    title,
    status,
    ...(detail !== undefined && { detail }),
    ...(code !== undefined && { code }),
    ...(userMessage !== undefined && { userMessage }),
    ...(instance !== undefined && { instance }),
    ...(errors && { errors }),
    ...extensions,
  }
}

/** The problem answer for a refused exchange. */
export function refusedAnswer(x: Exchange, refused: Refused): Answer {
  const { target, incoming, runtime } = x
  return problemAnswer(refused, {
    kind: runtime.problem(refused.code),
    base: incoming.origin() + incoming.prefix(),
    instance: refused.instance ?? referenceTo(incoming.prefix() + target.url),
    accept: x.field('accept'),
    acceptLanguage: x.field('accept-language'),
    extension: target.extension,
    statuses: target.statuses,
  })
}

/**
 * RFC 9457 §3.1.5: `instance` is a URI reference, which a target need not be. Node reads a target's bytes as Latin-1.
 * Two slashes at its start would name a host.
 */
function referenceTo(target: string): string {
  const encoded = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  return target.replace(/%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9._~:/?@!$&'()*+,;=%-]/g, encoded).replace(/^\/(?=\/)/, '/./')
}
