// What was found, as the text of a TypeScript module to go on from.
import type { Found } from './describe.ts'
import { type Given, isWords, resourceWords } from './words.ts'

const width = 110

/** @param database what its `comity serve` is to open, for the comment at its head */
export function ejectFound(title: string, { resources, notices }: Found, database: string): string {
  const imported = new Set(['defineApi'])
  const body = resources
    .map(resource => `    ${propertyName(resource.name)}: ${written(resourceWords(resource), 4, imported)},\n`)
    .join('')
  const typebox = imported.delete('Type') ? "import Type from 'typebox'\n" : ''
  return `// The tables of ${database}, as Comity found them. Serve it with: comity serve THIS.ts --database sqlite:${database}
${notices.map(notice => `// ${notice}\n`).join('')}import { ${[...imported].sort().join(', ')} } from '@comity/server'
${typebox}
export default defineApi({
  title: ${quoted(title)},
  resources: {
${body}  },
})
`
}

const quoted = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`

const propertyName = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name))

function written(given: Given, indent: number, imported: Set<string>): string {
  if (typeof given === 'string') return quoted(given)
  if (typeof given !== 'object') return String(given)
  if (isWords(given)) {
    imported.add(given.call.split('.')[0] ?? '')
    return `${given.call}(${given.given.map(each => written(each, indent, imported)).join(', ')})`
  }
  const within = indent + 2
  if (Array.isArray(given)) return `[${given.map(each => written(each, within, imported)).join(', ')}]`
  const entries = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [`${propertyName(name)}: ${written(value, within, imported)}`],
  )
  const line = `{ ${entries.join(', ')} }`
  if (entries.length === 0) return '{}'
  if (line.length + indent <= width && !line.includes('\n')) return line
  const pad = ' '.repeat(within)
  return `{\n${entries.map(entry => `${pad}${entry},\n`).join('')}${' '.repeat(indent)}}`
}
