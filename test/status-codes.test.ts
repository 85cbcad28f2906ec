// docs/status-codes.md: one row for each code of the registry, and every test it names is there.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { problemKinds, statuses } from '@comity/http'

const root = new URL('../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')

type Row = { readonly code: number; readonly reason: string; readonly who: string; readonly shown: string }

const rows: readonly Row[] = read('docs/status-codes.md')
  .split('\n')
  .filter(line => /^\| \d/.test(line))
  .map(line => {
    const [, code = '', reason = '', who = '', shown = ''] = line.split('|').map(cell => cell.trim())
    return { code: Number(code), reason, who, shown }
  })

test('the document has each code of the registry once, in order, under its reason', () => {
  assert.deepEqual(
    rows.map(({ code, reason }) => `${code} ${reason}`),
    [...statuses.values()].map(({ code, reason }) => `${code} ${reason}`),
  )
})

type Shown = { readonly code: number; readonly path: string; readonly name: string }

/** `path`: “name”, “name”; … */
const shown: readonly Shown[] = rows.flatMap(({ code, shown }) =>
  [...shown.matchAll(/`([^`]+)`: ((?:“[^”]+”(?:, )?)+)/g)].flatMap(([, path = '', names = '']) =>
    [...names.matchAll(/“([^”]+)”/g)].map(([, name = '']) => ({ code, path, name })),
  ),
)

test('every row has a test, or says why there is none', () => {
  for (const { code, who } of rows) {
    const tested = shown.some(row => row.code === code)
    assert.equal(tested, !/^\*\*(Not yet|Never)\*\*/.test(who), `${code} ${who}`)
    assert.ok(who.length > 20, `${code} says nothing`)
  }
  assert.ok(shown.length > 30)
})

const gates = read('packages/server/src/exchange/gates.ts')

test('every gate it names is one, and may answer the status', () => {
  for (const { code, who } of rows)
    for (const [, name = ''] of who.matchAll(/“([^”]+)”/g)) {
      const [, said = ''] = new RegExp(`gate\\('${name}', '([^']+)'`).exec(gates) ?? []
      assert.ok(said.split(', ').includes(String(code)), `${name} and ${code}: ${said}`)
    }
})

test('every problem a handler may refuse with has the status of its row', () => {
  for (const { code, who } of rows)
    for (const [, problem = ''] of who.matchAll(/may refuse with `([^`]+)`/g))
      assert.equal(problemKinds.get(problem)?.status, code, problem)
})

for (const { code, path, name } of shown)
  test(`${code}: ${path} has “${name}”`, () => {
    const text = read(path)
    for (const part of name.split(' › ')) assert.ok(hasTitle(text, part), part)
  })

/** As it stands; or made from a row, whose values then stand in the file; or as the name of a row. */
function hasTitle(text: string, title: string): boolean {
  for (const [, quote, written = ''] of text.matchAll(/\b(?:test|it|describe)\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g)) {
    if (quote !== '`' && written.replaceAll('\\', '') === title) return true
    if (quote === '`' && fitsTemplate(written, title, text)) return true
  }
  const isRow = [...text.matchAll(/^\s*\['((?:\\.|[^'])*)',/gm)].some(([, name]) => name === title)
  const isLine = text.split('\n').some(line => line.trim().startsWith(`${title}  `))
  return (isRow && /\b(?:test|it)\(name,/.test(text)) || (isLine && text.includes('matrix('))
}

function fitsTemplate(template: string, title: string, text: string): boolean {
  const pattern = template.replace(/\$\{(?:[^{}]|\{[^}]*\})*\}|[.*+?^()[\]\\|]/g, part =>
    part.startsWith('$') ? '(.+)' : `\\${part}`,
  )
  const [, ...values] = new RegExp(`^${pattern}$`).exec(title) ?? []
  return values.length > 0 && values.every(value => text.includes(value))
}
