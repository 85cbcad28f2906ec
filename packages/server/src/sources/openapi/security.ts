// Whether a request shows who asks, in one of the ways that its operation names. A mock knows nobody: any key will do.
import { type Refused, refuse } from '../../exchange/answer.ts'
import type { Operation, Requirement } from './operation.ts'
import type { Given } from './parameters.ts'

export function whoIsAsked({ security }: Operation, given: Given): Refused | undefined {
  if (security.length === 0 || security.some(requirement => requirement.every(one => isShown(one, given)))) return
  const ways = security.map(requirement => requirement.map(wordsOf).join(' and ')).join(', or ')
  return refuse('authentication-required', `The document asks for ${ways}. Any value will do here.`, {
    fields: { 'www-authenticate': challengesOf(security) },
  })
}

function isShown({ kind, name }: Requirement[number], { query, field, cookies }: Given): boolean {
  if (kind === 'query') return query.has(name)
  if (kind === 'cookie') return cookies.has(name)
  if (kind === 'field') return field(name.toLowerCase()) !== undefined
  return field('authorization')?.toLowerCase().startsWith(`${name.toLowerCase()} `) ?? false
}

function wordsOf({ kind, name }: Requirement[number]): string {
  if (kind === 'authorization') return `“Authorization: ${name} …”`
  return kind === 'field' ? `the field ${name}` : kind === 'query' ? `“${name}” in the query` : `the cookie ${name}`
}

/** RFC 9110 §11.6.1: a 401 names at least one scheme. */
function challengesOf(security: Operation['security']): string {
  const schemes = security.flat().flatMap(({ kind, name }) => (kind === 'authorization' ? [name] : []))
  const named = [...new Set(schemes.filter(name => /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)))]
  return (named.length > 0 ? named : ['ApiKey']).map(name => `${name} realm="mock"`).join(', ')
}
