// The words for fields. Each builder returns a TypeBox schema, which is JSON Schema: one value for validation,
// columns, OpenAPI and documents. Any other TypeBox schema may stand beside them.
import BigNumber from 'bignumber.js'
import Type, {
  type Static,
  type TArray,
  type TBoolean,
  type TInteger,
  type TNumber,
  type TObject,
  type TSchema,
  type TString,
  type TUnsafe,
} from 'typebox'

/** What every field may say of itself. */
export type FieldOptions = {
  /** Shown to readers, refused from writers. */
  readonly readOnly?: boolean
  /** The wire value used where a new item does not give one; such a field need not be sent. */
  readonly default?: unknown
  readonly title?: string
  readonly description?: string
  /** One telling wire value, for the documents. */
  readonly example?: unknown
  /** No two items of the collection (below one parent) may share a value. */
  readonly unique?: boolean
}

/** A decimal string: exact, never a float. Handlers receive it as a BigNumber. */
export interface TDecimal extends TString {
  readonly 'x-decimal': { readonly digits: number; readonly scale: number }
}

type Bounds = { readonly over?: string; readonly min?: string; readonly max?: string }

/** What a schema says of writing, kept in its type: read-only, or with a value of its own where none is sent. */
export type Marks<O> = (O extends { readonly readOnly: true } ? { readonly readOnly: true } : unknown) &
  (O extends { readonly default: infer Value } ? { readonly default: Value } : unknown)

const annotations = ({ readOnly, default: byDefault, title, description, example, unique }: FieldOptions) => ({
  ...(title !== undefined && { title }),
  ...(description !== undefined && { description }),
  ...(readOnly && { readOnly: true }),
  ...(byDefault !== undefined && { default: byDefault }),
  ...(example !== undefined && { examples: [example] }),
  ...(unique && { 'x-unique': true }),
})

type TextOptions = FieldOptions & {
  readonly min?: number
  readonly max?: number
  readonly pattern?: string
  /** One text for each language of the API, chosen by Accept-Language and Content-Language. */
  readonly translatable?: boolean
}
type DecimalOptions = FieldOptions & Bounds & { readonly scale?: number; readonly digits?: number }
type NumberOptions = FieldOptions & { readonly min?: number; readonly max?: number }

/** Text of `min` (0) to `max` (255) characters; control characters other than tab, LF and CR are refused. */
export function text<const O extends TextOptions>(options?: O): TString & Marks<O> {
  const given: TextOptions = options ?? {}
  const { min = 0, max = 255, pattern, translatable } = given
  return Type.String({
    ...annotations(given),
    ...(min > 0 && { minLength: min }),
    maxLength: max,
    ...(pattern !== undefined && { pattern }),
    ...(translatable && { 'x-translatable': true }),
  }) as TString & Marks<O>
}

/** One of the listed words: `oneOf('new', 'paid')`, or `oneOf(['new', 'paid'], { default: 'new' })`. */
export function oneOf<const Word extends string, const O extends FieldOptions>(
  words: readonly [Word, ...Word[]],
  options: O,
): TUnsafe<Word> & Marks<O>
export function oneOf<const Word extends string>(...words: readonly [Word, ...Word[]]): TUnsafe<Word>
export function oneOf(...given: readonly unknown[]): TUnsafe<string> {
  const [first, options = {}] = given
  const [words, said] = Array.isArray(first) ? [first, annotations(options as FieldOptions)] : [given, {}]
  return Type.Unsafe<string>({ type: 'string', enum: [...words], ...said } as TSchema)
}

/**
 * A decimal string such as "12.50", kept exactly and compared as a number. `scale` digits after the point (2) are
 * always written; at most `digits` (15) in all. `over` is an exclusive lower bound, `min` and `max` inclusive ones.
 */
export function decimal<const O extends DecimalOptions>(options?: O): TDecimal & Marks<O> {
  const given: DecimalOptions = options ?? {}
  const { scale = 2, digits = 15, over, min, max } = given
  const whole = `-?(0|[1-9]\\d{0,${digits - scale - 1}})`
  const schema = Type.String({
    ...annotations(given),
    format: 'decimal',
    pattern: scale === 0 ? `^${whole}$` : `^${whole}(\\.\\d{1,${scale}})?$`,
    'x-decimal': { digits, scale },
    ...(over !== undefined && { 'x-exclusiveMinimum': over }),
    ...(min !== undefined && { 'x-minimum': min }),
    ...(max !== undefined && { 'x-maximum': max }),
  })
  const within = (value: unknown): boolean => {
    const number = new BigNumber(String(value))
    return (
      (over === undefined || number.gt(over)) &&
      (min === undefined || number.gte(min)) &&
      (max === undefined || number.lte(max))
    )
  }
  const bounds = [over && `greater than ${over}`, min && `at least ${min}`, max && `at most ${max}`].filter(Boolean)
  if (bounds.length === 0) return schema as unknown as TDecimal & Marks<O>
  return Type.Refine(schema, within, () => `must be ${bounds.join(' and ')}`) as unknown as TDecimal & Marks<O>
}

/** A whole number within ±(2^53 − 1). */
export function integer<const O extends NumberOptions>(options?: O): TInteger & Marks<O> {
  const given: NumberOptions = options ?? {}
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = given
  return Type.Integer({ ...annotations(given), minimum: min, maximum: max }) as TInteger & Marks<O>
}

/** A double. For money use `decimal`. */
export function number<const O extends NumberOptions>(options?: O): TNumber & Marks<O> {
  const given: NumberOptions = options ?? {}
  const { min, max } = given
  return Type.Number({
    ...annotations(given),
    ...(min !== undefined && { minimum: min }),
    ...(max !== undefined && { maximum: max }),
  }) as TNumber & Marks<O>
}

/** true or false. */
export const boolean = <const O extends FieldOptions>(options?: O): TBoolean & Marks<O> =>
  Type.Boolean(annotations(options ?? {})) as TBoolean & Marks<O>

/** A calendar date, "2014-12-31" (RFC 3339 full-date). */
export const date = <const O extends FieldOptions>(options?: O): TString & Marks<O> =>
  Type.String({ ...annotations(options ?? {}), format: 'date' }) as TString & Marks<O>

/** An instant, "2014-12-31T23:59:59.000Z" (RFC 3339); any offset is read, UTC with milliseconds is written. */
export const dateTime = <const O extends FieldOptions>(options?: O): TString & Marks<O> =>
  Type.String({ ...annotations(options ?? {}), format: 'date-time' }) as TString & Marks<O>

type ReferenceOptions = FieldOptions & {
  /** `integer` where the ids of that collection are whole numbers. */
  readonly ids?: 'text' | 'integer'
}
type Id<O> = O extends { readonly ids: 'integer' } ? TInteger : TString

/** The id of an item of another top-level collection, named by its plural. The item must exist. */
export function reference<const O extends ReferenceOptions>(collection: string, options?: O): Id<O> & Marks<O> {
  const given: ReferenceOptions = options ?? {}
  const words = { ...annotations(given), 'x-reference': collection }
  return (
    given.ids === 'integer'
      ? Type.Integer({ ...words, minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER })
      : Type.String({ ...words, minLength: 1, maxLength: 255 })
  ) as Id<O> & Marks<O>
}

/**
 * Several members as one: an object of these and no others. One that is optional may be left out, or null. `element` is
 * what one of them is called in XML, where it stands in a list; the singular of the list's name when not given.
 */
export function object(members: Fields, options: FieldOptions & { readonly element?: string } = {}): TObject {
  const nullable = Object.entries(members).map(([name, schema]) => [
    name,
    Type.IsOptional(schema) ? Type.Optional(Type.Union([schema, Type.Null()])) : schema,
  ])
  return Type.Object(Object.fromEntries(nullable) as Record<string, TSchema>, {
    ...annotations(options),
    ...(options.element !== undefined && { xml: { name: options.element } }),
    additionalProperties: false,
  })
}

/** A list of values of one schema, at most `max` (no more than a content may hold, when not given). */
export function list(of: TSchema, options: FieldOptions & { readonly max?: number } = {}): TArray {
  return Type.Array(of, { ...annotations(options), ...(options.max !== undefined && { maxItems: options.max }) })
}

/** Any JSON value, or what a JSON Schema admits; kept as JSON, and not compared in queries. */
export const json = (schema: Readonly<Record<string, unknown>> = {}): TUnsafe<unknown> =>
  Type.Unsafe<unknown>(schema as TSchema)

/** A field that may be left out, and is then null. */
export const optional = <Schema extends TSchema>(schema: Schema) => Type.Optional(schema)

/** Fields by member name, camelCase. */
export type Fields = Readonly<Record<string, TSchema>>

type Value<Schema> = Schema extends TDecimal ? BigNumber : Schema extends TSchema ? Static<Schema> : never

/** What a handler receives for fields `F`: decimals as BigNumber, an optional field that is absent as null. */
export type Entry<F extends Fields> = {
  readonly [Name in keyof F]: F[Name] extends { '~optional': true } ? Value<F[Name]> | null : Value<F[Name]>
} & { readonly id: string; readonly createdAt: string; readonly updatedAt: string }

/**
 * An entry whose members only the definition that it belongs to knows: a parent, an item of another collection.
 * Decimals are BigNumbers.
 */
// biome-ignore lint/suspicious/noExplicitAny: the members are the author's, and cannot be told from here
export type LooseEntry = Readonly<Record<string, any>>
