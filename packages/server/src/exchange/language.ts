// RFC 9110 §8.5 and §12.5.4: in which language the texts of a resource are read, and in which they are written.
import { negotiateLanguage } from '@comity/http'
import { type Refused, refuse } from './answer.ts'
import type { Exchange } from './exchange.ts'

const isTranslated = (x: Exchange): boolean => (x.collection()?.translated.length ?? 0) > 0

/** What suits Accept-Language best; the first language where nothing does: a text in that one is better than none. */
export function chooseLanguage(x: Exchange): void {
  if (!isTranslated(x)) return
  const { languages } = x.runtime.model
  x.language = languages[negotiateLanguage(x.field('accept-language'), languages)] ?? languages[0]
}

/** Content-Language names one language of the API, or none: then the content is in the first. */
export function readContentLanguage(x: Exchange): Refused | undefined {
  const field = x.field('content-language')
  if (field === undefined || x.method === 'QUERY' || !isTranslated(x)) return
  const { languages } = x.runtime.model
  const named = field.trim().toLowerCase()
  // `ru-RU` is written where `ru` is kept.
  const found = languages.find(
    language => named === language.toLowerCase() || named.startsWith(`${language.toLowerCase()}-`),
  )
  if (found === undefined)
    return refuse(
      'unsupported-content-language',
      `Texts are kept in ${languages.join(', ')}, not in “${field.slice(0, 60)}”; name one of them.`,
      { members: { languages } },
    )
  x.contentLanguage = found
  return
}

/** A language other than the first, which needs no translation. */
export const otherThanFirst = (x: Exchange, language: string | undefined): string | undefined =>
  language === x.runtime.model.languages[0] ? undefined : language

/** The fields that tell of the language, where there is a choice. */
export const languageFields = ({ language }: Exchange): Readonly<Record<string, string>> =>
  language === undefined ? {} : { 'content-language': language }
