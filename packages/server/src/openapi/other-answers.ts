// What every path answers besides its own operations: OPTIONS, methods that it does not have, one slash too many.
import type { Draft } from './draft.ts'
import type { OpenApiDocument, Operation, Parameter, Ref } from './kind.ts'
import { problemResponse, problemResponses } from './problem-responses.ts'
import { anyRequest } from './refusals.ts'
import { type ResponseFieldName, responseFields } from './response-fields.ts'

type Options = {
  readonly operationId: string
  readonly tag: string
  /** What the path names, after “what can be done with”. */
  readonly what: string
  readonly allow: readonly string[]
  readonly parameters: readonly (Parameter | Ref)[]
}

/** RFC 9110 §9.3.7, with Accept-Post, Accept-Patch and Accept-Query for the methods that read content. */
export function optionsOperation(draft: Draft, { operationId, tag, what, allow, parameters }: Options): Operation {
  const accepts: ResponseFieldName[] = []
  if (allow.includes('POST')) accepts.push('Accept-Post')
  if (allow.includes('PATCH')) accepts.push('Accept-Patch')
  if (allow.includes('QUERY')) accepts.push('Accept-Query')
  if (accepts.length > 0 || allow.includes('PUT')) accepts.push('Accept-Encoding')
  return {
    operationId,
    tags: [tag],
    summary: `What can be done with ${what}`,
    ...(parameters.length > 0 && { parameters }),
    responses: {
      '204': { description: `Allow says ${allow.join(', ')}.`, headers: responseFields(draft, ['Allow', ...accepts]) },
      ...problemResponses(draft, anyRequest),
    },
  }
}

/** What is only asked of a method that the resource answers. */
const afterTheMethod: ReadonlySet<string> = new Set(['expectation-failed', 'service-unavailable'])

/** What is only asked of a request whose path names something. */
const afterThePath: ReadonlySet<string> = new Set([...afterTheMethod, 'version-unknown', 'preference-unsupported'])

/** What any path answers to a method that is not its own, other paths to anything, and one slash too many. */
export function otherAnswers(
  draft: Draft,
): Pick<OpenApiDocument, 'x-other-methods' | 'x-other-paths' | 'x-trailing-slash'> {
  const nowhere = anyRequest.filter(code => !afterThePath.has(code))
  const notAllowed = problemResponse(draft, ['method-not-allowed'])
  return {
    'x-other-methods': {
      ...problemResponses(
        draft,
        anyRequest.filter(code => !afterTheMethod.has(code)),
      ),
      '405': { ...notAllowed, headers: { ...responseFields(draft, ['Allow']), ...notAllowed.headers } },
      '501': problemResponse(draft, ['method-not-implemented']),
    },
    'x-other-paths': {
      ...problemResponses(draft, nowhere),
      '404': problemResponse(draft, ['no-such-resource']),
      '501': problemResponse(draft, ['method-not-implemented']),
    },
    'x-trailing-slash': {
      '308': {
        description: 'The same without the slash at the end (RFC 9110 §15.4.9).',
        headers: responseFields(draft, ['Location']),
      },
    },
  }
}
