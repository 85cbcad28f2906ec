// RFC 9110 §8.5, in the data: texts kept in several languages. A translated member holds the text of the API's first
// language, so that it is compared, sorted and unique as any other; the member `translations` holds the others.
import Type, { type TSchema } from 'typebox'
import { fieldOf } from '../model/field.ts'
import type { Field, Values } from '../model/model.ts'

/** The member that holds the texts in the other languages: `{ name: { ru: 'Чай' } }`. */
export const translationsName = 'translations'

/** The member `translations` of a collection; undefined where nothing is translated. */
export function translationsField(
  declared: readonly Field[],
  [first, ...others]: readonly string[],
): Field | undefined {
  const translated = declared.filter(({ translatable }) => translatable)
  if (translated.length === 0 || others.length === 0) return undefined
  const members = translated.map(({ name, schema }) => {
    const texts = others.map(language => [language, Type.Optional(textOf(schema))] as const)
    return [name, Type.Optional(Type.Object(Object.fromEntries(texts), { additionalProperties: false }))] as const
  })
  const schema = Type.Object(Object.fromEntries(members), {
    additionalProperties: false,
    default: {},
    description: `The texts in languages other than ${first}, by member and language. What a write does not send stays.`,
  })
  return { ...fieldOf(translationsName, schema), whenAbsent: 'kept' }
}

/** The bounds of the member hold for its text in each language. */
function textOf(schema: TSchema): TSchema {
  const { minLength, maxLength, pattern } = schema as TSchema & Readonly<Record<string, never>>
  return Type.String({
    ...(minLength !== undefined && { minLength }),
    ...(maxLength !== undefined && { maxLength }),
    ...(pattern !== undefined && { pattern }),
  })
}

type Texts = Readonly<Record<string, Readonly<Record<string, string>> | undefined>>

const textsIn = (values: Values | undefined): Texts => (values?.[translationsName] as Texts | null | undefined) ?? {}

/** Values as they are read in a language other than the first; what is not translated into it is in the first. */
export function inLanguage(names: readonly string[], language: string, values: Values): Values {
  const texts = textsIn(values)
  let translated: Values | undefined
  for (const name of names) {
    const text = texts[name]?.[language]
    if (text === undefined) continue
    translated ??= { ...values }
    translated[name] = text
  }
  return translated ?? values
}

/**
 * Values that were written in that language → as they are kept. A text that differs from what was `present` is that
 * language's, and the others stay; null takes it away. A new item has no other text yet: the one it has stands for all.
 */
export function fromLanguage(
  names: readonly string[],
  language: string,
  values: Values,
  present: Values | undefined,
): Values {
  const kept: Values = { ...values }
  const shown = present && inLanguage(names, language, present)
  let texts = Object.hasOwn(values, translationsName) ? textsIn(values) : textsIn(present)
  let isChanged = false
  for (const name of names) {
    if (!Object.hasOwn(values, name)) continue
    const text = values[name]
    if (present !== undefined) delete kept[name]
    if (text === shown?.[name] || (text === null && present === undefined)) continue
    const { [language]: _, ...others } = texts[name] ?? {}
    texts = { ...texts, [name]: typeof text === 'string' ? { ...others, [language]: text } : others }
    isChanged = true
  }
  if (isChanged) kept[translationsName] = texts
  return kept
}
