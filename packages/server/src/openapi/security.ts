// §4.8.30 and §4.8.27: who may call an operation, and how they say who they are.
import { type Act, acts, type Resource, ruleFor, rulesOf } from '../access/rule.ts'
import { scopesFor } from '../access/scopes.ts'
import type { Draft } from './draft.ts'
import type { Operation, PathItem, Responses, SecurityRequirement, SecuritySchemes } from './kind.ts'
import { problemResponses } from './problem-responses.ts'
import { responseFields } from './response-fields.ts'

/** `resource`: what the path is of; undefined for jobs and uploads, which are their caller's own. */
export function withSecurity(
  draft: Draft,
  schemes: SecuritySchemes,
  item: PathItem,
  resource: Resource | undefined,
): PathItem {
  if (Object.keys(schemes).length === 0) return item
  return Object.fromEntries(
    Object.entries(item).map(([method, operation]: [string, Operation]) => {
      const act = actOfOperation(method)
      return [method, act === undefined ? operation : secured(draft, schemes, operation, resource, act)]
    }),
  )
}

function actOfOperation(method: string): Act | undefined {
  if (method === 'head' || method === 'x-query') return 'GET'
  return acts.find(act => act.toLowerCase() === method)
}

function secured(
  draft: Draft,
  schemes: SecuritySchemes,
  operation: Operation,
  resource: Resource | undefined,
  act: Act,
): Operation {
  const { access } = draft.model
  const isOpen =
    resource !== undefined && access !== undefined && ruleFor(rulesOf(access, newest(draft, resource)), undefined, act)
  const scopes = resource ? scopesFor(newest(draft, resource), act).slice(0, 1) : []
  const security = Object.entries(schemes).map(([name, { type }]): SecurityRequirement => {
    const hasScopes = type === 'oauth2' || type === 'openIdConnect'
    return { [name]: hasScopes ? scopes : [] }
  })
  return {
    ...operation,
    security: isOpen ? [{}, ...security] : security,
    responses: inOrder({ ...refusals(draft, resource), ...operation.responses }),
  }
}

/** Rules are of the newest version's resources. */
const newest = ({ model }: Draft, resource: Resource): Resource => model.older()?.newestOf.get(resource) ?? resource

function refusals(draft: Draft, resource: Resource | undefined): Responses {
  const codes = [
    'authentication-required',
    'credentials-invalid',
    ...(resource ? ['forbidden', 'insufficient-scope'] : []),
  ]
  const challenged = problemResponses(draft, codes)
  const fields = responseFields(draft, ['WWW-Authenticate'])
  const { '401': unauthorized, ...others } = challenged
  if (unauthorized && '$ref' in unauthorized) {
    const name = unauthorized.$ref.slice('#/components/responses/'.length)
    const shared = draft.shared.responses[name]
    if (shared && shared.headers?.['WWW-Authenticate'] === undefined)
      (draft.shared.responses as Record<string, typeof shared>)[name] = {
        ...shared,
        headers: { ...fields, ...shared.headers },
      }
  }
  return { ...(unauthorized && { '401': unauthorized }), ...others }
}

const inOrder = (responses: Responses): Responses =>
  Object.fromEntries(Object.entries(responses).sort(([one], [other]) => Number(one) - Number(other)))
