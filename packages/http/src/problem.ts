// RFC 9457: problem details

import { accessProblems } from './problem/access.ts'
import { contentProblems } from './problem/content.ts'
import type { ProblemKind } from './problem/kind.ts'
import { limitProblems } from './problem/limit.ts'
import { requestProblems } from './problem/request.ts'
import { ruleProblems } from './problem/rule.ts'
import { serverProblems } from './problem/server.ts'
import { stateProblems } from './problem/state.ts'

export type { Language, ProblemKind } from './problem/kind.ts'

/** Every kind of problem by its code. */
export const problemKinds: ReadonlyMap<string, ProblemKind> = /* @__PURE__ */ kindsByCode()

// A call that a bundler may leave out: who reads problems and makes none needs none of their texts.
function kindsByCode(): ReadonlyMap<string, ProblemKind> {
  return new Map(
    [requestProblems, accessProblems, limitProblems, contentProblems, stateProblems, ruleProblems, serverProblems]
      .flat()
      .map(kind => [kind.code, kind]),
  )
}

/**
 * A problem details object. `type` is a URI reference, `about:blank` where the status says it all; `detail` is for the
 * developer, `userMessage` for the user of the app; `instance` names this occurrence. RFC 9457 §3.1.
 */
export type Problem = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  readonly code?: string
  readonly userMessage?: string
  readonly instance?: string
  readonly errors?: readonly ProblemError[]
  readonly [extension: string]: unknown
}

/**
 * One fault among several: `pointer` is a JSON Pointer into the content, `parameter` a word of the query, `field` a
 * header field. RFC 9457 §3.
 */
export type ProblemError = {
  readonly pointer?: string
  readonly parameter?: string
  readonly field?: string
  readonly detail: string
  readonly [extension: string]: unknown
}

const textMembers = ['detail', 'code', 'userMessage', 'instance'] as const
const placeMembers = ['pointer', 'parameter', 'field'] as const

/**
 * Reads a parsed JSON value as a problem. Members of the wrong type are ignored; what is then missing reads as
 * `type: 'about:blank'`, `title: ''`, `status: 0` (no status was stated, so the response's own holds). Extensions are
 * kept as they are. `undefined` where the value is not an object. Never throws. RFC 9457 §3.1.
 */
export function parseProblem(value: unknown): Problem | undefined {
  if (!isObject(value)) return undefined
  const problem = copyOf(value)
  if (typeof value.type !== 'string') problem.type = 'about:blank'
  if (typeof value.title !== 'string') problem.title = ''
  if (!isStatus(value.status)) problem.status = 0
  for (const name of textMembers) if (typeof value[name] !== 'string') delete problem[name]
  if (Array.isArray(value.errors)) problem.errors = value.errors.map(readError).filter(error => error !== undefined)
  else delete problem.errors
  return problem as Problem
}

function readError(value: unknown): ProblemError | undefined {
  if (!isObject(value) || typeof value.detail !== 'string') return undefined
  const error = copyOf(value)
  for (const name of placeMembers) if (typeof value[name] !== 'string') delete error[name]
  return error as ProblemError
}

/** JSON.parse makes `__proto__` an own member, which a later careless copy would turn into a prototype. */
function copyOf(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== '__proto__'))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isStatus(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 100 && (value as number) <= 599
}
