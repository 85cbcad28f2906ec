// A definition as the TypeScript that makes it, to go on from.
import type { TSchema } from 'typebox'
import type { ApiDefinition, Resources } from '../../define/api.ts'
import type { Nested } from '../../define/collection.ts'
import type { SeedCode } from '../source.ts'
import { type Code, call, layOut, literal, member, members } from './code.ts'
import { fieldCode, fieldsCode, type Used } from './fields.ts'

/** A handler that knows its own text. */
export type Coded = { readonly code?: string }

/** The text of a module whose default export is the definition. `seed` fills a database that is new. */
export function ejected(definition: ApiDefinition, seed: SeedCode | undefined, lead: readonly string[]): string {
  const words = new Set<string>(['defineApi', ...(seed?.imports ?? [])])
  const used: Used = word => {
    words.add(word)
    return word
  }
  const resources = Object.entries(definition.resources)
  const { title, resources: _, seed: __, ...rest } = definition
  // Those that others are nested in stand as they are: `related` names what comes later.
  const constants = resources.map(([name, resource]) => {
    const start = `const ${constantOf(name)} = `
    return `${start}${layOut(resourceCode(resource, used), '', start.length)}\n`
  })
  const api = layOut(
    call(
      'defineApi',
      members([
        member('title', literal(title)),
        ...optionsCode(rest as Readonly<Record<string, unknown>>),
        member('resources', members(resources.map(([name]) => shorthand(name)))),
        ...(seed ? [member('seed', seed.expression)] : []),
      ]),
    ),
    '',
    'export default '.length,
  )
  const imported = [...words].sort((one, other) => one.localeCompare(other, 'en'))
  const imports = layOut(members(imported), '', "import  from '@comity/server'".length)
  return [
    ...lead.map(line => `// ${line}\n`),
    `import ${imports} from '@comity/server'\n\n`,
    ...constants.map(constant => `${constant}\n`),
    `export default ${api}\n`,
  ].join('')
}

const reserved =
  /^(?:arguments|await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|eval|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield)$/

/** Names of builders are taken by their imports. */
const builders =
  /^(?:boolean|collection|date|dateTime|decimal|defineApi|files|integer|json|list|number|object|oneOf|optional|reference|related|seedFrom|service|text)$/

const constantOf = (name: string): string => {
  const camel = name.replace(/-+([A-Za-z0-9])?/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? '')
  return reserved.test(camel) || builders.test(camel) ? `${camel}Resource` : camel
}

const shorthand = (name: string): Code => (constantOf(name) === name ? name : member(name, constantOf(name)))

const optionsCode = (options: Readonly<Record<string, unknown>>): readonly Code[] =>
  Object.entries(options)
    .filter(([, value]) => value !== undefined && typeof value !== 'function')
    .map(([name, value]) => member(name, literal(value)))

function resourceCode(resource: Resources[string] | Nested[string], used: Used): Code {
  if (resource.kind === 'related') return call(used('related'), literal(resource.collection), literal(resource.by))
  if (resource.kind === 'service') return serviceCode(resource.definition, used)
  if (resource.kind === 'files')
    return call(
      used('files'),
      members(optionsCode(resource.definition as unknown as Readonly<Record<string, unknown>>)),
    )
  const { fields, nested, id, ...rest } = resource.definition
  const below = Object.entries(nested ?? {}).map(([name, each]) => member(name, resourceCode(each, used)))
  return call(
    used('collection'),
    members([
      ...(id === undefined
        ? []
        : [member('id', typeof id === 'string' ? literal(id) : fieldCode(id as TSchema, used))]),
      ...optionsCode(rest as Readonly<Record<string, unknown>>),
      member('fields', fieldsCode(fields, used)),
      ...(below.length > 0 ? [member('nested', members(below))] : []),
    ]),
  )
}

function serviceCode(definition: Extract<Resources[string], { kind: 'service' }>['definition'], used: Used): Code {
  const { input, output, query, handle, ...rest } = definition
  const code = (handle as Coded).code ?? "() => { throw new Error('to be written') }"
  return call(
    used('service'),
    members([
      ...optionsCode(rest as Readonly<Record<string, unknown>>),
      member('input', fieldsCode(input, used)),
      ...(query ? [member('query', fieldsCode(query, used))] : []),
      member('output', fieldsCode(output, used)),
      member('handle', code),
    ]),
  )
}
