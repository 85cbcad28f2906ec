// The query words of a collection as a form of plain HTML: what is left empty is not asked for.

import { keywordsOf } from '../../model/field.ts'
import type { CollectionModel, Field, Operator } from '../../model/model.ts'
import { type Html, html } from '../html.ts'
import { labelOf } from './frame.ts'
import type { Subject } from './subject.ts'

/** Inputs of one form; further words are for those who write URLs. */
const most = 8

type Input = { readonly word: string; readonly field: Field; readonly operator: Operator }

export function filterForm({ root, path, extension, words }: Subject, collection: CollectionModel): Html | undefined {
  const inputs = inputsOf(collection)
  if (inputs.length === 0) return undefined
  const names = new Set(inputs.map(({ word }) => word))
  const asked = (word: string): string => words.find(({ name }) => name === word)?.value ?? ''
  const kept = words.filter(({ name }) => !names.has(name) && !leaving.has(name))
  const isFiltered = inputs.some(({ word }) => asked(word) !== '')
  const clear = html` <a href="${root + path + extension}">Clear</a>`
  return html`<details class="filter"${isFiltered && html` open`}><summary>Filter</summary>
<form method="get" action="${root + path + extension}">
${kept.map(({ name, value }) => html`<input type="hidden" name="${name}" value="${value}">`)}
${inputs.map(input => html`<p><label for="filter:${input.word}">${labelOf(input.word.replace('.', ' '))}</label>${control(input, asked(input.word))}</p>\n`)}
<p class="actions"><button class="button">Apply</button>${isFiltered && clear}</p></form></details>`
}

/** Another question starts at its first page. */
const leaving: ReadonlySet<string> = new Set(['offset', 'after', 'before'])

/** The words that the collection declares, then members that can be looked for by themselves. */
function inputsOf({ aliases, fields }: CollectionModel): readonly Input[] {
  const declared = [...aliases].map(([word, target]): Input => ({ word, ...target }))
  const named = fields.flatMap((field): readonly Input[] => {
    if (field.access === 'server' || field.name === 'id' || field.kind === 'json' || field.kind === 'date-time')
      return []
    if (declared.some(input => input.field === field)) return []
    const isFree = field.kind === 'text' && optionsOf(field) === undefined && field.references === undefined
    return [{ word: isFree ? `${field.name}.like` : field.name, field, operator: isFree ? 'like' : 'eq' }]
  })
  return [...declared, ...named].slice(0, most)
}

function optionsOf({ kind, schema }: Field): readonly string[] | undefined {
  if (kind === 'boolean') return ['true', 'false']
  const words = keywordsOf(schema).enum
  return words?.every(word => typeof word === 'string') ? (words as readonly string[]) : undefined
}

function control({ word, field, operator }: Input, value: string): Html {
  const options = operator === 'eq' ? optionsOf(field) : undefined
  // Several values, asked for by hand, are no option.
  if (options !== undefined && (value === '' || options.includes(value)))
    return html`<select id="filter:${word}" name="${word}"><option value="">any</option>${options.map(
      option => html`<option${option === value && html` selected`}>${option}</option>`,
    )}</select>`
  const hint = operator === 'like' && html` placeholder="abc*"`
  return html`<input id="filter:${word}" name="${word}" value="${value}" type="${typeOf(field, operator)}"${hint} autocomplete="off">`
}

const typeOf = ({ kind }: Field, operator: Operator): string =>
  kind === 'date' && operator !== 'in' ? 'date' : operator === 'like' ? 'search' : 'text'
