// The parameters of a request, read in their styles and held against their schemas. OpenAPI 3.1 §4.8.12.3
import type { ProblemError } from '@comity/http'
import { nearest } from '../../query/nearest.ts'
import type { Operation, Parameter } from './operation.ts'
import type { JsonSchema } from './schema.ts'
import { type Validator, validatorOf } from './validate.ts'

export type Given = {
  readonly path: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly field: (name: string) => string | undefined
  readonly cookies: ReadonlyMap<string, string>
}

export type ParameterCheck = (given: Given, unknown: 'ignored' | 'refused') => readonly ProblemError[]

export function parameterCheck({ parameters, security }: Operation): ParameterCheck {
  const checks = parameters.map(parameter => ({
    parameter,
    shape: shapeOf(parameter),
    validator: validatorOfOne(parameter),
  }))
  const keys = security.flat().flatMap(({ kind, name }) => (kind === 'query' ? [name] : []))
  return (given, unknown) => {
    const errors: ProblemError[] = []
    for (const { parameter, shape, validator } of checks) {
      const text = read(parameter, shape, given)
      if (text === undefined) {
        if (parameter.required) errors.push(fault(parameter, 'is missing.'))
      } else if (text === malformed) errors.push(fault(parameter, 'must be JSON.'))
      else for (const { detail } of validator.faults({ value: text })) errors.push(fault(parameter, `${detail}.`))
    }
    return unknown === 'refused' ? [...errors, ...unknownWords(parameters, keys, given.query)] : errors
  }
}

const fault = ({ name, in: place }: Parameter, detail: string): ProblemError =>
  place === 'header'
    ? { field: name, detail: `“${name}” ${detail}` }
    : { parameter: name, detail: `“${name}” ${detail}` }

const validatorOfOne = ({ schema, read: how }: Parameter): Validator => {
  const definitions = typeof schema === 'object' ? schema.$defs : undefined
  const wrapped = {
    type: 'object',
    properties: { value: schema },
    ...(definitions !== undefined && { $defs: definitions }),
  }
  return validatorOf(wrapped, how === 'json' ? 'content' : 'text')
}

type Shape = { readonly shape: 'one' | 'list' | 'object'; readonly members: readonly string[] }

/** Whether text is one value, several, or members of one. */
function shapeOf({ schema }: Parameter): Shape {
  const definitions = (typeof schema === 'object' ? schema.$defs : undefined) as Record<string, JsonSchema> | undefined
  const types = new Set<unknown>()
  const members = new Set<string>()
  const look = (one: unknown, depth: number): void => {
    if (typeof one !== 'object' || one === null || depth > 8) return
    const { $ref, type, properties, allOf, anyOf, oneOf } = one as Record<string, unknown>
    for (const each of Array.isArray(type) ? type : [type]) types.add(each)
    for (const name of Object.keys((properties ?? {}) as object)) members.add(name)
    if (typeof $ref === 'string') look(definitions?.[$ref.slice('#/$defs/'.length)], depth + 1)
    for (const many of [allOf, anyOf, oneOf]) if (Array.isArray(many)) for (const each of many) look(each, depth + 1)
  }
  look(schema, 0)
  return { shape: types.has('array') ? 'list' : types.has('object') ? 'object' : 'one', members: [...members] }
}

const malformed = Symbol('malformed')

function read(parameter: Parameter, shape: Shape, given: Given): unknown {
  const { name, in: place, read: how } = parameter
  if (place === 'query' && shape.shape === 'object' && how === 'text') return readMembers(parameter, shape, given.query)
  const all = place === 'query' ? given.query.getAll(name) : []
  const text = place === 'query' ? all[0] : textOf(parameter, given)
  if (text === undefined) return undefined
  if (how === 'json') {
    try {
      return JSON.parse(text)
    } catch {
      return malformed
    }
  }
  if (shape.shape === 'one') return text
  if (shape.shape === 'list') return readList(parameter, text, all)
  return pairs(text.split(','), parameter.explode)
}

function textOf({ name, in: place, style }: Parameter, { path, field, cookies }: Given): string | undefined {
  if (place === 'header') return field(name)
  if (place === 'cookie') return cookies.get(name)
  const text = Object.hasOwn(path, name) ? path[name] : undefined
  if (style === 'label') return text?.replace(/^\./, '')
  return style === 'matrix' ? text?.replace(/^;[^=]*=?/, '') : text
}

const separators: Readonly<Record<string, string>> = { spaceDelimited: ' ', pipeDelimited: '|', label: '.' }

function readList({ in: place, style, explode }: Parameter, text: string, all: readonly string[]): readonly string[] {
  if (place === 'query' && explode) return all
  const separator = separators[style] ?? ','
  return text === '' ? [] : text.split(separator)
}

/** `role=admin,name=Ada` or, where they are not exploded, `role,admin,name,Ada`. */
function pairs(words: readonly string[], explode: boolean): Readonly<Record<string, string>> {
  const entries = explode
    ? words.map(word => [word.split('=', 1)[0] ?? '', word.slice(word.indexOf('=') + 1)])
    : words.flatMap((word, i) => (i % 2 === 0 ? [[word, words[i + 1] ?? '']] : []))
  return Object.fromEntries(entries)
}

function readMembers({ name, style, explode }: Parameter, { members }: Shape, query: URLSearchParams): unknown {
  if (style === 'deepObject') {
    const inside = [...query].flatMap(([word, value]) => {
      const [, member] = word.startsWith(`${name}[`) ? (/\[([^\]]+)\]$/.exec(word) ?? []) : []
      return member === undefined ? [] : [[member, value]]
    })
    return inside.length > 0 ? Object.fromEntries(inside) : undefined
  }
  if (!explode) return query.has(name) ? pairs((query.get(name) ?? '').split(','), false) : undefined
  const present = members.filter(each => query.has(each))
  return present.length > 0 ? Object.fromEntries(present.map(each => [each, query.get(each)])) : undefined
}

function unknownWords(
  parameters: readonly Parameter[],
  keys: readonly string[],
  query: URLSearchParams,
): readonly ProblemError[] {
  const own = parameters.filter(({ in: place }) => place === 'query')
  const known = [...own.flatMap(one => [one.name, ...shapeOf(one).members]), ...keys]
  const unknown = [...new Set(query.keys())].filter(word => !known.includes(word.replace(/\[.*$/, '')))
  return unknown.map(word => {
    const near = nearest(word, known)
    return { parameter: word, detail: `“${word}” is not a parameter here.${near ? ` Did you mean “${near}”?` : ''}` }
  })
}
