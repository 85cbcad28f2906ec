// A value that a schema admits. json-schema-faker makes it, always the same for the same schema; what it gets wrong is
// found by the validator and mended, or made again in another way.
import { generateSync } from 'json-schema-faker'
import { plausible } from './plausible.ts'
import type { JsonSchema } from './schema.ts'
import { validatorOf } from './validate.ts'

export type Sample =
  | { readonly kind: 'valid'; readonly value: unknown }
  /** None was found that is; this is the nearest. */
  | { readonly kind: 'doubtful'; readonly value: unknown }

const attempts = [
  { seed: 1, alwaysFakeOptionals: true, maxDepth: 6 },
  { seed: 2, alwaysFakeOptionals: true, maxDepth: 4 },
  { seed: 3, alwaysFakeOptionals: false, optionalsProbability: 0, maxDepth: 8 },
  { seed: 4, alwaysFakeOptionals: false, optionalsProbability: 0, maxDepth: 3 },
  { seed: 5, alwaysFakeOptionals: false, optionalsProbability: 0.5, maxDepth: 5 },
]

/** `from`: whether examples and defaults within the schema are taken, or new values made. */
export function sampleOf(schema: JsonSchema, from: 'examples' | 'types' = 'examples', seed = 0): Sample {
  if (typeof schema === 'boolean' || from === 'types') return made(schema, from, seed)
  const known = kept.get(schema) ?? made(schema, from, seed)
  kept.set(schema, known)
  return known
}

/** What is always the same is made once. */
const kept = new WeakMap<object, Sample>()

function made(schema: JsonSchema, from: 'examples' | 'types', seed: number): Sample {
  const { faults } = validatorOf(schema)
  const open = plausible(schema, from === 'examples' ? 'put-in' : 'left-open')
  let nearest: unknown = null
  for (const [i, attempt] of attempts.entries()) {
    const value = generated(open, {
      ...attempt,
      seed: attempt.seed + seed * attempts.length,
      useExamplesValue: from === 'examples',
      useDefaultValue: from === 'examples',
      maxDefaultItems: 2,
    })
    if (value === undefined) continue
    const mended = withoutFaults(value, faults)
    if (mended !== undefined) return { kind: 'valid', value: mended }
    if (i === 0) nearest = value
  }
  return { kind: 'doubtful', value: nearest }
}

function generated(schema: JsonSchema, options: Parameters<typeof generateSync>[1]): unknown {
  if (schema === true) return {}
  try {
    // A copy, since it is taken apart; through JSON, since what is made may hold dates.
    return JSON.parse(JSON.stringify(generateSync(structuredClone(schema) as never, options)))
  } catch {
    return undefined
  }
}

const mostMends = 50

/** Takes out what is at fault, as long as that helps; undefined where it does not. */
function withoutFaults(value: unknown, faults: (value: unknown) => readonly { readonly pointer: string }[]): unknown {
  for (let mend = 0; mend < mostMends; mend++) {
    const [fault] = faults(value)
    if (fault === undefined) return value
    if (!takeOut(value, fault.pointer)) return undefined
  }
  return undefined
}

function takeOut(value: unknown, pointer: string): boolean {
  const tokens = pointer
    .split('/')
    .slice(1)
    .map(token => token.replaceAll('~1', '/').replaceAll('~0', '~'))
  const last = tokens.pop()
  let at = value
  for (const token of tokens) at = (at as Record<string, unknown> | undefined)?.[token]
  if (last === undefined || typeof at !== 'object' || at === null) return false
  if (Array.isArray(at)) return at.splice(Number(last), 1).length > 0
  if (!Object.hasOwn(at, last)) return false
  return Reflect.deleteProperty(at, last)
}
