// RFC 9530 in the description: digests of what is sent, and those that are wanted of what is answered.
import type { Draft } from './draft.ts'
import type { Operation, PathItem, Response } from './kind.ts'
import { requestField } from './request-fields.ts'
import { responseFields } from './response-fields.ts'

/** The path with the digest fields on the operations that read content, and on GET and HEAD. */
export function withDigests(draft: Draft, item: PathItem): PathItem {
  const operations = Object.entries(item).map(([method, operation]: [string, Operation]): [string, Operation] => [
    method,
    method === 'get' || method === 'head' ? wanted(draft, operation) : checked(draft, operation),
  ])
  return Object.fromEntries(operations)
}

function wanted(draft: Draft, operation: Operation): Operation {
  const { '200': whole, ...others } = operation.responses
  const fields = responseFields(draft, [], ['Repr-Digest', 'Content-Digest'])
  const told = (response: Response): Response => ({ ...response, headers: { ...response.headers, ...fields } })
  return {
    ...operation,
    parameters: [
      ...(operation.parameters ?? []),
      requestField(draft, 'Want-Repr-Digest'),
      requestField(draft, 'Want-Content-Digest'),
    ],
    responses: { ...(whole && { '200': '$ref' in whole ? whole : told(whole) }), ...others },
  }
}

function checked(draft: Draft, operation: Operation): Operation {
  if (operation.requestBody === undefined) return operation
  const fields = [requestField(draft, 'Content-Digest'), requestField(draft, 'Repr-Digest')]
  return { ...operation, parameters: [...(operation.parameters ?? []), ...fields] }
}
