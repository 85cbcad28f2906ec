// RFC 9110 §15, RFC 9457: fields that a status calls for, and how mistakes are told.
import { fieldValue, parseLinks } from '@comity/http'
import type { Finding, Observed } from './finding.ts'

const found = (kind: Finding['kind'], text: string, section: string): Finding => ({
  kind,
  about: 'errors',
  text,
  section,
})

/** `broken`: the standard demands the field; `missing`: it asks for it. */
const called: readonly (readonly [
  status: number,
  field: string,
  kind: 'broken' | 'missing',
  why: string,
  section: string,
])[] = [
  [201, 'location', 'missing', 'where what was created is', 'RFC 9110 §15.3.2'],
  [206, 'content-range', 'broken', 'which part this is', 'RFC 9110 §15.3.7.1'],
  [301, 'location', 'missing', 'where to', 'RFC 9110 §15.4.2'],
  [302, 'location', 'missing', 'where to', 'RFC 9110 §15.4.3'],
  [303, 'location', 'missing', 'where to', 'RFC 9110 §15.4.4'],
  [307, 'location', 'missing', 'where to', 'RFC 9110 §15.4.8'],
  [308, 'location', 'missing', 'where to', 'RFC 9110 §15.4.9'],
  [401, 'www-authenticate', 'broken', 'how to sign in', 'RFC 9110 §15.5.2'],
  [405, 'allow', 'broken', 'which methods are allowed', 'RFC 9110 §15.5.6'],
  [407, 'proxy-authenticate', 'broken', 'how to sign in', 'RFC 9110 §15.5.8'],
  [415, 'accept', 'missing', 'which types are read', 'RFC 9110 §15.5.16'],
  [416, 'content-range', 'missing', 'how long the content is', 'RFC 9110 §15.5.17'],
  [426, 'upgrade', 'broken', 'to which protocol', 'RFC 9110 §15.5.22'],
  [429, 'retry-after', 'missing', 'how long to wait', 'RFC 6585 §4'],
  [503, 'retry-after', 'missing', 'how long to wait', 'RFC 9110 §15.6.4'],
]

export function* lookAtErrors({ answer, missing }: Observed): Generator<Finding> {
  const { status, fields } = answer
  for (const [code, field, kind, why, section] of called) {
    if (code !== status) continue
    const said =
      fieldValue(fields, field) ??
      (code === 415 ? (fieldValue(fields, 'accept-post') ?? fieldValue(fields, 'accept-patch')) : undefined)
    if (said === undefined) yield found(kind, `${status} does not say in ${nameOf(field)} ${why}.`, section)
    else yield found('promised', `${nameOf(field)} says ${why}: ${said}`, section)
  }
  if (status === 451 && !parseLinks(fieldValue(fields, 'link') ?? '').some(({ rel }) => rel.includes('blocked-by')))
    yield found('missing', '451 does not say by Link who demanded it (rel="blocked-by").', 'RFC 7725 §4')
  if (status >= 400) yield* lookAtProblem(answer, `This ${status}`)
  if (missing === undefined) return
  if (missing.status < 400)
    yield found(
      'broken',
      `A path that nobody has is answered ${missing.status}: programs take it for something.`,
      'RFC 9110 §15.5.5',
    )
  else yield* lookAtProblem(missing, `A path that nobody has is ${missing.status}, and`)
}

function* lookAtProblem({ fields }: Observed['answer'], subject: string): Generator<Finding> {
  const type = fieldValue(fields, 'content-type') ?? ''
  yield /^application\/problem\+/i.test(type)
    ? found('kept', `${subject} tells what went wrong as problem details.`, 'RFC 9457 §3')
    : found(
        'missing',
        `${subject} tells what went wrong as ${type === '' ? 'nothing' : type}; problem details are read by programs and people alike.`,
        'RFC 9457 §3',
      )
}

const nameOf = (field: string): string =>
  field
    .replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase())
    .replace('Www-', 'WWW-')
