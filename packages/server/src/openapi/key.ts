// draft-ietf-httpapi-idempotency-key-header-07: the key of an operation that is not idempotent by itself.
import { type Draft, share } from './draft.ts'
import type { Operation, PathItem, Ref, Response } from './kind.ts'
import { responseFields } from './response-fields.ts'

/** The path with the key on its POST and PATCH. */
export function withKey(draft: Draft, item: PathItem, need: 'required' | 'optional'): PathItem {
  return {
    ...item,
    ...(item.post && { post: keyed(draft, item.post, need) }),
    ...(item.patch && { patch: keyed(draft, item.patch, need) }),
  }
}

function keyed(draft: Draft, operation: Operation, need: 'required' | 'optional'): Operation {
  const responses = Object.entries(operation.responses).map(([status, response]): [string, Response | Ref] => {
    if (!isRemembered(Number(status))) return [status, response]
    const mark = responseFields(draft, [], ['Idempotency-Replayed'])
    const marked = (told: Response): Response => ({ ...told, headers: { ...told.headers, ...mark } })
    if (!('$ref' in response)) return [status, marked(response)]
    const name = response.$ref.slice('#/components/responses/'.length)
    const told = draft.shared.responses[name]
    return [status, told ? share(draft, 'responses', `${name}.keyed`, () => marked(told)) : response]
  })
  return {
    ...operation,
    parameters: [...(operation.parameters ?? []), keyField(draft, need)],
    responses: Object.fromEntries(responses),
  }
}

/** Whether a repeat may be answered so again: what was done, or refused by a rule or by the state. */
const isRemembered = (status: number): boolean => status < 300 || [404, 409, 410, 412, 422].includes(status)

function keyField(draft: Draft, need: 'required' | 'optional'): Ref {
  const { keys } = draft.model.retention
  return share(draft, 'parameters', `Idempotency-Key.${need}`, () => ({
    name: 'Idempotency-Key',
    in: 'header',
    ...(need === 'required' && { required: true }),
    description: `A new random value, such as a UUID, sent again with every repeat: the request then counts once. A repeat is answered as the first request was, with \`Idempotency-Replayed: true\`, for ${inWords(keys)}. Another request with the same key is 422; a repeat while the first is still being worked on is 409; what failed with a 5xx was not remembered.`,
    schema: { type: 'string' },
    examples: { one: { value: '"0197a0c4-5b1e-7c3a-9d2f-6e8b1a4c7d90"' } },
  }))
}

const units: readonly (readonly [name: string, ms: number])[] = [
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
  ['millisecond', 1],
]

/** The largest unit that it is a whole number of: `24 hours`. */
function inWords(ms: number): string {
  const [name, unit] = units.find(([, size]) => ms >= size && ms % size === 0) ?? ['millisecond', 1]
  const count = ms / unit
  return `${count} ${name}${count === 1 ? '' : 's'}`
}
