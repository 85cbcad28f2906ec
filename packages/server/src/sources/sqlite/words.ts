// What was found, in the words of a definition: calls of builders, which can be made or written down.
import type { FoundId, FoundMember, FoundResource } from './describe.ts'
import type { ColumnType } from './infer.ts'

/** `text({ max: 40 })` */
export type Words = {
  readonly call:
    | 'text'
    | 'oneOf'
    | 'integer'
    | 'number'
    | 'decimal'
    | 'boolean'
    | 'date'
    | 'dateTime'
    | 'list'
    | 'reference'
    | 'optional'
    | 'related'
    | 'collection'
    | 'Type.Unknown'
    | 'Type.Unsafe'
  readonly given: readonly Given[]
}

export type Given =
  | Words
  | string
  | number
  | boolean
  | readonly Given[]
  | { readonly [name: string]: Given | undefined }

export const isWords = (given: Given): given is Words =>
  typeof given === 'object' && 'call' in given && 'given' in given && Array.isArray(given.given)

const say = (call: Words['call'], ...given: readonly Given[]): Words => ({ call, given })

/** Text without a length of its own may be as long as a content. */
const anyLength = 1_000_000

type Options = Readonly<Record<string, Given | undefined>>

function withOptions(call: Words['call'], options: Options, ...before: readonly Given[]): Words {
  const said = Object.entries(options).filter(([, value]) => value !== undefined)
  return say(call, ...before, ...(said.length > 0 ? [Object.fromEntries(said) as Given] : []))
}

function typeWords(type: ColumnType, options: Options): Words {
  switch (type.kind) {
    case 'text':
      return withOptions('text', { max: type.max ?? anyLength, ...options })
    case 'words': {
      const given = Object.entries(options).flatMap(([option, value]) =>
        value === undefined ? [] : [[option === 'unique' ? 'x-unique' : option, value]],
      )
      if (given.length === 0) return say('oneOf', ...type.words)
      return say('Type.Unsafe', { type: 'string', enum: type.words, ...Object.fromEntries(given) })
    }
    case 'integer':
    case 'number':
      return withOptions(type.kind, { min: type.min, max: type.max, ...options })
    case 'decimal':
      return withOptions('decimal', { digits: type.digits, scale: type.scale, ...options })
    case 'date-time':
      return withOptions('dateTime', options)
    case 'boolean':
    case 'date':
      return withOptions(type.kind, options)
    case 'json':
    case 'anything':
      return withOptions('Type.Unknown', options)
  }
}

export function memberWords({ type, references, presence, byDefault, access, unique }: FoundMember): Words {
  const options = {
    default: byDefault,
    readOnly: access === 'read-only' ? true : undefined,
    unique: unique || undefined,
  }
  const words = references
    ? withOptions(
        'reference',
        { ids: references.ids === 'integer' ? 'integer' : undefined, ...options },
        references.collection,
      )
    : typeWords(type, options)
  return presence === 'optional' ? say('optional', words) : words
}

function idWords({ how, is }: FoundId): Given {
  if (how === 'counted' || how === 'row-number') return 'integer'
  if (how === 'given')
    return is.type.kind === 'text' ? say('text', { min: 1, max: is.type.max ?? 255 }) : typeWords(is.type, {})
  return 'text'
}

/** `collection({ … })` */
export function resourceWords(resource: FoundResource): Words {
  const { singular, id, members, nested, table, kind, key, access, sort } = resource
  const columns = Object.fromEntries([
    ...(id.is.as === undefined ? [] : [['id', { column: key[0] ?? '', as: id.is.as }]]),
    ...members.map(({ name, column, as }) => [name, as === undefined ? column : { column, as }]),
  ]) as { readonly [name: string]: Given }
  return say('collection', {
    ...(singular !== undefined && { singular }),
    id: idWords(id),
    ...(access === 'read-only' && { methods: ['GET'] }),
    ...(sort !== undefined && { sort }),
    existing: { table, ...(kind === 'view' && { kind }), key, columns },
    fields: Object.fromEntries(members.map(one => [one.name, memberWords(one)])),
    ...(nested.length > 0 && {
      nested: Object.fromEntries(nested.map(({ name, collection, by }) => [name, say('related', collection, by)])),
    }),
  })
}
