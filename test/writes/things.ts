// Things to write many of, with a unique member and a rule that refuses; and how each format says them.
import { type ApiDefinition, collection, defineApi, integer, optional, Refusal, text } from '@comity/server'

export type Thing = Readonly<Record<string, string | number | null>>

const refuseThirteen = (rank: unknown) => {
  if (rank === 13) throw new Refusal('unlucky', 'No thing can have the rank 13.')
}

const things = collection({
  fields: { name: text(), rank: optional(integer()), code: optional(text({ unique: true })) },
  refusals: ['unlucky'],
  created: thing => refuseThirteen(thing.rank),
  changed: thing => refuseThirteen(thing.rank),
})

/** The things, with these limits and times. */
export const thingsApi = (more: Pick<ApiDefinition, 'limits' | 'retention'> = {}) =>
  defineApi({
    title: 'Things',
    resources: { things },
    problems: { unlucky: { status: 422, title: 'Unlucky' } },
    ...more,
  })

export default thingsApi()

const cell = (value: unknown) => (value === null || value === undefined ? '' : JSON.stringify(value))

const element = ([name, value]: readonly [string, unknown]) =>
  value === null
    ? `<${name} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>`
    : `<${name}>${value}</${name}>`

const columnsOf = (things: readonly Thing[]) => [...new Set(things.flatMap(thing => Object.keys(thing)))]

/** A list in each format, written without the server's own code. CSV has a cell for every member of any of them. */
export const lists: Readonly<Record<string, (things: readonly Thing[]) => string>> = {
  'application/json': things => JSON.stringify(things),
  'application/xml': things =>
    `<things>${things.map(thing => `<thing>${Object.entries(thing).map(element).join('')}</thing>`).join('')}</things>`,
  'text/csv': things => {
    const columns = columnsOf(things)
    return [columns, ...things.map(thing => columns.map(name => cell(thing[name])))].map(row => `${row}\r\n`).join('')
  },
  'application/x-ndjson': things => things.map(thing => `${JSON.stringify(thing)}\n`).join(''),
}
