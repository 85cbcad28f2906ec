// What a service is called with in its query: the input of a GET, the query words of a POST.
import type { ProblemError } from '@comity/http'
import type { Field, ServiceModel, Values } from '../model/model.ts'
import { hint } from '../query/nearest.ts'
import { readValue } from '../query/values.ts'
import type { Word } from '../query/words.ts'

export type ArgumentsRead =
  | { readonly kind: 'arguments'; readonly values: Values }
  | { readonly kind: 'invalid'; readonly errors: readonly ProblemError[] }

/** Words that every resource understands. */
const elsewhere: ReadonlySet<string> = new Set(['always_success_code', 'v'])

/** @param input the fields that the words stand for */
export function argumentsFromWords(
  { name: service }: Pick<ServiceModel, 'name'>,
  input: readonly Field[],
  words: readonly Word[],
): ArgumentsRead {
  const values: Values = {}
  const errors: ProblemError[] = []
  const names = input.map(({ name }) => name)
  for (const { name, value } of words) {
    if (elsewhere.has(name)) continue
    const field = input.find(parameter => parameter.name === name)
    if (!field) errors.push({ parameter: name, detail: `${service} has no parameter “${name}”.${hint(name, names)}` })
    else if (Object.hasOwn(values, name)) errors.push({ parameter: name, detail: `“${name}” is given twice.` })
    else {
      const read = readValue(field, value)
      const fault = read.kind === 'refused' ? read.detail : field.fault(read.value)
      if (read.kind === 'value' && fault === undefined) values[name] = field.normalise(read.value)
      else errors.push({ parameter: name, detail: `“${name}” ${fault}.` })
    }
  }
  for (const field of input) {
    if (Object.hasOwn(values, field.name) || errors.some(({ parameter }) => parameter === field.name)) continue
    const fallback = fallbackOf(field)
    if (fallback === undefined)
      errors.push({ parameter: field.name, detail: `The parameter “${field.name}” is missing.` })
    else values[field.name] = fallback
  }
  return errors.length > 0 ? { kind: 'invalid', errors } : { kind: 'arguments', values }
}

/** What stands in for a member that is not given; undefined where nothing may. */
export function fallbackOf({ byDefault, presence }: Pick<Field, 'byDefault' | 'presence'>): unknown {
  return byDefault ?? (presence === 'optional' ? null : undefined)
}
