// Rules about parameters: their names tell what they do.
import type { Parameter } from '../api.ts'
import type { Rule } from '../rule.ts'

/** Short names that everybody knows. */
const known: ReadonlySet<string> = new Set(['id', 'v', 'to', 'by', 'on', 'in', 'at', 'lat', 'lon', 'lng', 'url', 'ids'])
const cryptic = 3

export const tellingNames: Rule = {
  id: 'parameters/telling-names',
  level: 'warning',
  title: 'The name of a parameter tells what it does',
  reason:
    'dateFrom explains itself where it is read, in code and in logs; df has to be looked up by everybody who meets it.',
  fix: 'Write the words out: search for q, dateFrom for df, limit for n.',
  *check({ operations }) {
    for (const { parameters, path, method } of operations)
      for (const { name, in: where, pointer } of parameters) {
        if (where !== 'query' && where !== 'path') continue
        const plain = name.replace(/\[.*$/, '')
        if (known.has(plain.toLowerCase())) continue
        if (plain.length < cryptic || !/[aeiouy]/i.test(plain))
          yield { pointer, message: `“${name}” of ${method} ${path} does not tell what it is.` }
      }
  },
}

export const oneCase: Rule = {
  id: 'parameters/one-case',
  level: 'note',
  title: 'Query parameters are written in one way throughout',
  reason: 'Where dateFrom, date_to and Date-Until stand side by side, each must be looked up before it is used.',
  fix: 'Write all of them in camelCase, or all in snake_case.',
  *check({ operations }) {
    const named = new Map<string, Map<string, Parameter>>()
    for (const { parameters } of operations)
      for (const parameter of parameters) {
        const style = parameter.in === 'query' ? styleOf(parameter.name) : undefined
        if (style !== undefined) named.set(style, (named.get(style) ?? new Map()).set(parameter.name, parameter))
      }
    // One name by itself may have come from elsewhere.
    const [first, second] = [...named].filter(([, names]) => names.size > 1)
    const [usual] = first?.[1].values() ?? []
    const [odd] = second?.[1].values() ?? []
    if (first && second && usual && odd)
      yield { pointer: odd.pointer, message: `“${odd.name}” is ${second[0]}, “${usual.name}” is ${first[0]}.` }
  },
}

/** Undefined for a name of one word. */
function styleOf(name: string): string | undefined {
  if (/^[a-z]+[A-Z]/.test(name)) return 'camelCase'
  if (/[a-z0-9]_[a-z]/i.test(name)) return 'snake_case'
  if (/[a-z0-9]-[a-z]/i.test(name)) return 'kebab-case'
  return /^[A-Z]/.test(name) ? 'PascalCase' : undefined
}
