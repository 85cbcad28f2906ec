// Refusals as responses: one component for each set of problems that a status may stand for. RFC 9457.
import { type Problem, type ProblemKind, reasonOf } from '@comity/http'
import { problemTypes, writeProblem } from '../formats/problem.ts'
import { asPage } from './content.ts'
import { type Draft, share } from './draft.ts'
import type { Example, Ref, Response, Responses, Schema } from './kind.ts'
import { pascalCase } from './names.ts'
import { anyRequest } from './refusals.ts'
import { type ResponseFieldName, responseFields } from './response-fields.ts'

/** Problem documents. Members of the API's own may be added (RFC 9457 §3.2), so this is the one schema left open. */
export function problemSchema(draft: Draft): Ref {
  return share(draft, 'schemas', 'Problem', () => ({
    type: 'object',
    description: 'What went wrong, and what to do about it (RFC 9457).',
    properties: {
      type: { type: 'string', format: 'uri-reference', description: 'The page that explains this kind of problem.' },
      title: { type: 'string', description: 'The kind of problem; the same in every occurrence.' },
      status: { type: 'integer', minimum: 400, maximum: 599, description: 'The status code.' },
      detail: { type: 'string', description: 'For the developer: what was wrong here, with the values compared.' },
      code: {
        type: 'string',
        pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
        description: 'The kind of problem, for programs. Stable.',
      },
      userMessage: { type: 'string', description: 'For the user of the app, in the language of Accept-Language.' },
      instance: { type: 'string', format: 'uri-reference', description: 'This occurrence.' },
      errors: { type: 'array', items: problemErrorSchema(draft), description: 'Each fault by itself.' },
    },
    required: ['type', 'title', 'status', 'code'],
    xml: { name: 'problem', namespace: 'urn:ietf:rfc:7807' },
  }))
}

function problemErrorSchema(draft: Draft): Ref {
  return share(draft, 'schemas', 'ProblemError', () => ({
    type: 'object',
    properties: {
      pointer: { type: 'string', description: 'A JSON Pointer (RFC 6901) into the content.' },
      parameter: { type: 'string', description: 'The query word at fault.' },
      field: { type: 'string', description: 'The header field at fault.' },
      detail: { type: 'string' },
    },
    required: ['detail'],
    xml: { name: 'i' },
  }))
}

/** A problem is never kept, and speaks a language. */
const everywhere: readonly ResponseFieldName[] = ['Content-Language', 'Cache-Control', 'Vary']
/** Fields that a status brings with it. */
const fieldsOf: Readonly<Record<number, readonly ResponseFieldName[]>> = {
  416: ['Content-Range', 'Accept-Ranges'],
  503: ['Retry-After'],
}
const fieldsSometimesOf: Readonly<Record<number, readonly ResponseFieldName[]>> = {
  // Refused as a job, that was waited for.
  400: ['Preference-Applied'],
  404: ['Preference-Applied'],
  409: ['Preference-Applied', 'Retry-After'],
  410: ['Preference-Applied'],
  412: ['Preference-Applied'],
  422: ['Preference-Applied'],
  415: ['Accept', 'Accept-Post', 'Accept-Patch', 'Accept-Query', 'Accept-Encoding'],
}

/** The response that stands for any of these problems, which share one status. */
export function problemResponse(draft: Draft, codes: readonly string[]): Response {
  const kinds = codes.map(code => kindOf(draft, code))
  const status = kinds[0]?.status ?? 500
  return {
    description: kinds.map(({ title, explanation }) => `**${title}**: ${explanation}`).join('\n\n'),
    headers: responseFields(
      draft,
      [...everywhere, ...(fieldsOf[status] ?? [])],
      ['Content-Encoding', ...(fieldsSometimesOf[status] ?? [])],
    ),
    content: {
      [problemTypes.json]: {
        schema: problemSchema(draft),
        examples: Object.fromEntries(kinds.map(kind => [kind.code, example(kind, sampleProblem(draft, kind))])),
      },
      [problemTypes.xml]: {
        schema: inXml(problemSchema(draft)),
        examples: Object.fromEntries(
          kinds.slice(0, 1).map(kind => [kind.code, example(kind, writeProblem(sampleProblem(draft, kind), 'xml'))]),
        ),
      },
      ...asPage,
    },
  }
}

const example = ({ title }: ProblemKind, value: unknown): Example => ({ summary: title, value })

function kindOf(draft: Draft, code: string): ProblemKind {
  const kind = draft.model.problems.get(code)
  if (kind === undefined) throw new TypeError(`the problem registry has no row “${code}”`)
  return kind
}

function nameOf(draft: Draft, codes: readonly string[]): string {
  const [first = ''] = codes
  if (codes.length === 1) return pascalCase(first)
  const reason = reasonOf(kindOf(draft, first).status).replace(/[^A-Za-z]/g, '')
  return [reason, ...codes.filter(code => !anyRequest.includes(code))].join('.')
}

const inXml = (schema: Schema): Schema => ({
  type: 'string',
  contentMediaType: problemTypes.xml,
  contentSchema: schema,
})

export function sampleProblem(draft: Draft, { code, title, status, explanation, messages }: ProblemKind): Problem {
  return {
    type: `${draft.url}/problems/${code}`,
    title,
    status,
    detail: explanation,
    code,
    userMessage: messages.en,
    instance: `${draft.path}/${draft.model.resources.keys().next().value ?? ''}`,
  }
}

/** Problems by their status, as the responses of an operation. */
export function problemResponses(draft: Draft, codes: readonly string[]): Responses {
  const byStatus = new Map<number, string[]>()
  for (const code of new Set(codes)) {
    const status = draft.model.problems.get(code)?.status
    if (status !== undefined) byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      String(status),
      share(draft, 'responses', nameOf(draft, group), () => problemResponse(draft, group)),
    ]),
  )
}
