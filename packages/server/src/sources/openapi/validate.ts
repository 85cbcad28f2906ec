// Whether a value is what a schema says, and where it is not.
import type { ProblemError } from '@comity/http'
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { JsonSchema } from './schema.ts'

export type Fault = { readonly pointer: string; readonly detail: string }

export type Validator = {
  /** Empty where nothing is. */
  readonly faults: (value: unknown) => readonly Fault[]
}

const settings = { strict: false, allErrors: true, logger: false, validateFormats: true, ownProperties: true } as const
// What is sent is not to keep the server busy with the count of its own faults.
const mostFaults = 50

// Text of a query or a field is of no type yet.
const [content, text] = [new Ajv2020(settings), new Ajv2020({ ...settings, coerceTypes: true })]
for (const ajv of [content, text]) formats.default(ajv as never)

const known = { content: new WeakMap<object, Validator>(), text: new WeakMap<object, Validator>() }

/**
 * A validator of content, compiled once for each schema; of what cannot be compiled, one that finds nothing. `text` makes
 * numbers and the like of text first.
 */
export function validatorOf(schema: JsonSchema, read: 'content' | 'text' = 'content'): Validator {
  if (typeof schema === 'boolean') return compiled(schema, read)
  const made = known[read].get(schema) ?? compiled(schema, read)
  known[read].set(schema, made)
  return made
}

function compiled(schema: JsonSchema, read: 'content' | 'text'): Validator {
  let validate: ValidateFunction | undefined
  try {
    validate = (read === 'text' ? text : content).compile(schema as never)
  } catch {
    return { faults: () => [] }
  }
  const check = validate
  return {
    faults: value =>
      check(value)
        ? []
        : telling(check.errors ?? [])
            .slice(0, mostFaults)
            .map(faultOf),
  }
}

/** That none of several alternatives fits says less than what is wrong with the one that was meant. */
function telling(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const isVague = ({ keyword, params }: ErrorObject) =>
    keyword === 'anyOf' || keyword === 'oneOf' || (keyword === 'type' && params.type === 'null')
  const told = errors.filter(error => !isVague(error))
  return told.length > 0 ? told : errors
}

function faultOf({ instancePath, keyword, params, message = 'is not valid' }: ErrorObject): Fault {
  const { missingProperty, additionalProperty, unevaluatedProperty, allowedValues, allowedValue } = params as Record<
    string,
    unknown
  >
  const inside = (name: unknown) => `${instancePath}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`
  if (keyword === 'required') return { pointer: inside(missingProperty), detail: 'is missing' }
  const extra = additionalProperty ?? unevaluatedProperty
  if (extra !== undefined) return { pointer: inside(extra), detail: 'is no member that is known here' }
  if (keyword === 'enum' && Array.isArray(allowedValues))
    return {
      pointer: instancePath,
      detail: `must be one of ${allowedValues.map(value => JSON.stringify(value)).join(', ')}`,
    }
  if (keyword === 'const') return { pointer: instancePath, detail: `must be ${JSON.stringify(allowedValue)}` }
  return { pointer: instancePath, detail: keyword === 'type' ? message.replaceAll(',', ' or ') : message }
}

/** Faults of a content as a problem lists them. */
export const contentErrors = (faults: readonly Fault[]): readonly ProblemError[] =>
  faults.map(({ pointer, detail }) => {
    const name = pointer.split('/').at(-1)
    return { pointer, detail: name ? `“${name}” ${detail}.` : `The content ${detail}.` }
  })
