// Patterns that a stranger's text could keep busy for ever: found at load, before there are strangers.
import { createRequire } from 'node:module'
import type { Fault } from './definition-error.ts'

/**
 * The longest text that is looked at in time, in characters, by how many pairs of repetitions can take the same of it: the
 * time grows with the square of the length for one pair, with the cube for three.
 */
const inTime = [Number.POSITIVE_INFINITY, 1_000, 255, 255] as const

/** Every pattern of a schema, and of the schemas in it. */
export function checkPatterns(place: string, schema: unknown): Fault[] {
  const faults: Fault[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) {
      for (const one of value) visit(one)
      return
    }
    const { pattern, maxLength, patternProperties } = value as Readonly<Record<string, unknown>>
    const longest = typeof maxLength === 'number' ? maxLength : Number.POSITIVE_INFINITY
    const patterns = typeof pattern === 'string' ? [pattern] : []
    if (typeof patternProperties === 'object' && patternProperties !== null)
      patterns.push(...Object.keys(patternProperties))
    for (const each of patterns) {
      const problem = problemOf(each, longest)
      if (problem !== undefined) faults.push({ place, problem: `the pattern ${each} ${problem}` })
    }
    for (const member of Object.values(value)) visit(member)
  }
  visit(schema)
  return faults
}

/** What only the slow look can tell: a repeated group, or two repetitions in a row. */
const suspicious = /\)[*+{]|[*+}]\??.?.?.?[*+{]/

function problemOf(pattern: string, longest: number): string | undefined {
  const read = regExpOf(pattern)
  if (read === undefined) return 'is no regular expression'
  if (!suspicious.test(pattern)) return undefined
  const cure = 'write it so that each text matches in one way only'
  if (repeatsAmbiguously(read)) return `repeats a choice whose parts begin alike, and can take for ever: ${cure}`
  const { reports } = tools().analyse(read)
  if (reports.some(({ exponential }) => exponential) || (reports.length > 0 && countedGroup.test(pattern)))
    return `repeats what is repeated, and can take for ever: ${cure}`
  const most = inTime[reports.length] ?? 0
  if (longest <= most) return undefined
  return `takes long for long texts: ${cure}${most === 0 ? '' : `, or bound them by max (${most} characters are looked at in time)`}`
}

/** `(.*a){25}` is twenty-five repetitions in a row. */
const countedGroup = /\)\{(?:[4-9]|\d\d)/

function regExpOf(pattern: string): RegExp | undefined {
  for (const flags of ['u', ''])
    try {
      return new RegExp(pattern, flags)
    } catch {
      // Old patterns may not be Unicode's.
    }
  return undefined
}

type Tools = {
  readonly analyse: typeof import('scslre').analyse
  readonly regexpp: typeof import('@eslint-community/regexpp')
  readonly analysis: typeof import('regexp-ast-analysis')
}

let loaded: Tools | undefined

/** Few definitions have need of them, and a definition is checked at once. */
function tools(): Tools {
  const require = createRequire(import.meta.url)
  loaded ??= {
    analyse: require('scslre').analyse,
    regexpp: require('@eslint-community/regexpp'),
    analysis: require('regexp-ast-analysis'),
  }
  return loaded
}

/** Repeated no more often than this, a choice is tried in time. */
const fewTimes = 20

/** `(a|ab)*`: how to cut a text into the parts can be chosen anew at each of them. */
function repeatsAmbiguously(pattern: RegExp): boolean {
  const { regexpp, analysis } = tools()
  const literal = new regexpp.RegExpParser().parseLiteral(pattern.toString())
  let found = false
  regexpp.visitRegExpAST(literal, {
    onQuantifierEnter({ element, max }) {
      if (max <= fewTimes || (element.type !== 'Group' && element.type !== 'CapturingGroup')) return
      const firsts = element.alternatives.map(each => analysis.getFirstConsumedChar(each, 'ltr', literal.flags))
      for (const [index, one] of firsts.entries())
        if (firsts.slice(0, index).some(other => !one.char.isDisjointWith(other.char))) found = true
    },
  })
  return found
}
