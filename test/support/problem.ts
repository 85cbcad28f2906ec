// What a problem answer must be, whoever caused it.
import assert from 'node:assert/strict'
import type { WireAnswer } from './wire.ts'

export type ProblemBody = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly userMessage: string
  readonly instance: string
  readonly errors?: readonly { readonly pointer?: string; readonly parameter?: string; readonly detail: string }[]
  readonly [member: string]: unknown
}

/** Traces of the inside: stacks, paths of files, SQL, the names of engines and of thrown things. */
const internals = /node_modules|node:|\.ts\b|\.js\b|\bat [\w.]+ \(|SQLITE|\bSELECT\b|\bINSERT\b|TypeError|RangeError/

/** The answer's problem document, after checking that it is one, agrees with the status and leaks nothing. */
export function problemOf(answer: WireAnswer | undefined, status?: number): ProblemBody {
  assert.ok(answer, 'the connection ended without an answer')
  const text = answer.body.toString()
  assert.equal(answer.fields['content-type'], 'application/problem+json', `${answer.status} ${text}`)
  const problem = JSON.parse(text) as ProblemBody
  if (status !== undefined) assert.equal(answer.status, status, text)
  assert.equal(problem.status, answer.status)
  assert.equal(answer.end, 'whole')
  for (const member of ['type', 'title', 'detail', 'code', 'userMessage', 'instance'] as const)
    assert.ok(typeof problem[member] === 'string' && problem[member] !== '', `${member} of ${text}`)
  assert.doesNotMatch(text, internals)
  return problem
}
