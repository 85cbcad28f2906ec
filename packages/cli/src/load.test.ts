import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { loadApi } from './load.ts'

// A definition outside the workspace finds the package by its address.
const server = import.meta.resolve('@comity/server')
const words = `import { collection, defineApi, text } from '${server}'`
const things = "{ title: 'T', resources: { things: collection({ fields: { name: text() } }) } }"

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comity-load-'))
  await writeFile(join(folder, 'fields.ts'), 'export const name = 1')
  await writeFile(join(folder, 'broken.js'), 'export const a = 1\n\nconst = 2\n')
})
after(() => rm(folder, { recursive: true }))

describe('a definition loads', () => {
  const rows = [
    ['from TypeScript', 'a.ts', `${words}\nconst typed: unknown = 1\nexport default defineApi(${things})`],
    ['from JavaScript', 'b.js', `${words}\nexport default defineApi(${things})`],
    ['after an await', 'c.mjs', `${words}\nawait null\nexport default defineApi(${things})`],
  ] as const
  for (const [name, file, source] of rows) {
    it(name, async () => {
      await writeFile(join(folder, file), source)
      const loaded = await loadApi(join(folder, file))
      assert.equal(loaded.kind === 'api' && loaded.api.model.title, 'T')
    })
  }
})

describe('a definition that does not load says where and why', () => {
  const rows = [
    ['TypeScript that cannot be read', 'const a = 1\nconst = 2', /^HERE:2: Unexpected token/],
    ['TypeScript that has to be compiled', 'enum A { a }', /^HERE:1: TypeScript enum is not supported .* removing/],
    ['JavaScript that cannot be read, imported', "import './broken.js'", /broken\.js:3: Unexpected token '='\.$/],
    [
      'a package that is not installed',
      "import 'no-such-package'",
      /^HERE: the package "no-such-package" .* npm install/,
    ],
    ['an import without its ending', "import './fields'", /^HERE: .*fields is not there\. There is .*fields\.ts: /],
    [
      'an import of .js that is .ts',
      "import './fields.js'",
      /^HERE: .*fields\.js is not there\. There is .*fields\.ts: /,
    ],
    ['an import that is not there', "import './nothing.ts'", /^HERE: the imported file .*nothing\.ts is not there\.$/],
    ['a name that is not exported', "import { other } from './fields.ts'", /^HERE:1: .* export named 'other'\.$/],
    ['an import of a folder', "import './'", /^HERE: .*Name a file in it\.$/],
    ['code that throws', '\n\nnull.name', /^HERE:3: TypeError: Cannot read properties of null/],
    ['code that throws no error', "throw 'tea'", /^HERE: the definition threw tea\.$/],
    ['no default export', `${words}\nexport const x = 1`, /^HERE: nothing is exported as the default\. .*defineApi\(/],
    ['another default export', 'export default 1', /^HERE: the default export is a number, not an API\. /],
    [
      'an API under a name',
      `${words}\nexport const api = defineApi(${things})`,
      /exported as "api".*export default api$/,
    ],
    ['a bare definition', `${words}\nexport default ${things}`, /^HERE: .* not given to defineApi\. /],
    ['a collection', `${words}\nexport default collection({ fields: {} })`, /is a collection, not an API\. /],
    [
      'one fault in the definition',
      `${words}\nexport default defineApi({ title: 'T', resources: { thing: collection({ fields: { name: text() } }) } })`,
      /^HERE: the definition has a fault:\n {2}\S*thing\S*: [^\n]+$/,
    ],
    [
      'two faults in the definition',
      `${words}\nexport default defineApi({ title: 'T', resources: { thing: collection({ fields: {} }), metrics: collection({ fields: {} }) } })`,
      /^HERE: the definition has [2-9] faults:\n {2}[^\n]+\n {2}[^\n]+/,
    ],
  ] as const
  for (const [index, [name, source, message]] of rows.entries()) {
    it(name, async () => {
      const file = join(folder, `row-${index}.ts`)
      await writeFile(file, source)
      const loaded = await loadApi(file)
      assert.equal(loaded.kind, 'fault')
      const told = loaded.message.replaceAll(file, 'HERE')
      assert.match(told, message)
      assert.doesNotMatch(told, /^ +at /m, 'no stack')
    })
  }

  it('a file that is not there', async () => {
    const loaded = await loadApi('no/such/api.ts')
    assert.match(loaded.kind === 'fault' ? loaded.message : '', /^no\/such\/api\.ts is not there\. /)
  })
  it('a folder', async () => {
    const loaded = await loadApi(folder)
    assert.match(loaded.kind === 'fault' ? loaded.message : '', /is a folder; name the file/)
  })
})
