// The import direction of the packages, and the rules of a module. The rows prove that each rule finds its violation.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { moduleOf, readModules } from './layers/modules.ts'
import {
  cycleFindings,
  directionFindings,
  lengthFindings,
  type Manifest,
  pathFindings,
  purityFindings,
  undeclaredFindings,
} from './layers/rules.ts'

const root = new URL('../', import.meta.url)
const modules = ['packages', 'examples', 'scripts', 'bench', 'test']
  .filter(folder => existsSync(new URL(folder, root)))
  .flatMap(folder => readModules(root, folder))
const manifests = new Map(
  readdirSync(new URL('packages/', root)).map(name => [name, manifestOf(`packages/${name}/package.json`)]),
)
const tools = new Set(Object.keys(manifestOf('package.json').devDependencies ?? {}))

function manifestOf(path: string): Manifest & { readonly devDependencies?: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(new URL(path, root), 'utf8'))
}

describe('the source', () => {
  const rules = [
    ['imports only lower layers', directionFindings(modules)],
    ['imports only declared packages', undeclaredFindings(modules, manifests, tools)],
    ['keeps @comity/http pure', purityFindings(modules)],
    ['imports files by their .ts, never from test/', pathFindings(modules)],
    ['has no cycle', cycleFindings(modules)],
    ['has no overlong file', lengthFindings(modules)],
  ] as const
  for (const [rule, findings] of rules) it(rule, () => assert.deepEqual(findings, []))
})

describe('the rules find', () => {
  const names = ['http', 'server', 'client', 'sdk', 'console', 'cli'] as const
  const nameOf = (name: string) => (name === 'cli' ? 'comity' : `@comity/${name}`)
  const file = (path: string, source: string) => moduleOf(path, source)

  // Row imports column.
  const directions = {
    http: [],
    server: ['http'],
    client: ['http'],
    sdk: ['http', 'server', 'client'],
    console: ['http', 'server', 'client'],
    cli: ['http', 'server', 'client', 'sdk', 'console'],
  } as const
  for (const from of names) {
    it(`what ${from} may import`, () => {
      const allowed = names.filter(to => {
        const statement = `import { x } from '${nameOf(to)}'`
        return directionFindings([file(`packages/${from}/src/a.ts`, statement)]).length === 0
      })
      assert.deepEqual(allowed, directions[from])
    })
  }

  const a = 'packages/server/src/a.ts'
  const b = 'packages/server/src/b.ts'
  const pure = 'packages/http/src/a.ts'
  const rows = [
    ['a type import across', directionFindings, [file(a, "import type { X } from '@comity/client'")]],
    ['an import() across', directionFindings, [file(a, "const x = await import('@comity/client')")]],
    ['an inline type across', directionFindings, [file(a, "type X = import('@comity/client').X")]],
    ['a re-export across', directionFindings, [file(a, "export * from '@comity/client'")]],
    ['a subpath across', directionFindings, [file(a, "import '@comity/client/x'")]],
    ['an import of several lines', directionFindings, [file(a, "import {\n  x,\n  y,\n} from '@comity/client'")]],
    ['a relative path across', directionFindings, [file(a, "import { x } from '../../http/src/a.ts'")]],
    [
      'a relative path into a package',
      directionFindings,
      [file('examples/x/api.ts', "import '../../packages/http/x.ts'")],
    ],
    ['a platform module', purityFindings, [file(pure, "import { readFile } from 'node:fs'")]],
    ['another package', purityFindings, [file(pure, "import { z } from 'zod'")]],
    ['the clock', purityFindings, [file(pure, 'export const age = () => Date.now()')]],
    ['chance', purityFindings, [file(pure, 'const jitter = Math.random()')]],
    ['no extension', pathFindings, [file(a, "import './b'"), file(b, '')]],
    ['a .js that is a .ts', pathFindings, [file(a, "import './b.js'"), file(b, '')]],
    ['a file that is not there', pathFindings, [file(a, "import './c.ts'"), file(b, '')]],
    ['a file beyond the repository', pathFindings, [file('test/a.ts', "import '../../shared/a.ts'")]],
    ['a file of test/', pathFindings, [file('examples/a.ts', "import '../test/b.ts'"), file('test/b.ts', '')]],
    ['a test', pathFindings, [file(a, "import './b.test.ts'"), file('packages/server/src/b.test.ts', '')]],
    ['a cycle of two', cycleFindings, [file(a, "import './b.ts'"), file(b, "export { x } from './a.ts'")]],
    ['a module that imports itself', cycleFindings, [file(a, "import './a.ts'")]],
    ['a long file', lengthFindings, [file(a, 'x()\n'.repeat(301))]],
  ] as const
  for (const [name, rule, given] of rows) it(name, () => assert.equal(rule(given).length, 1))

  it('a package that is not declared', () => {
    const declared = new Map([['server', { name: '@comity/server', dependencies: { fastify: '5' } }]])
    const find = (path: string, specifier: string) =>
      undeclaredFindings([file(path, `import '${specifier}'`)], declared, new Set(['ajv'])).length
    assert.deepEqual(
      [find(a, 'fastify'), find(a, 'fastify/x'), find(a, 'ajv'), find('packages/server/src/a.test.ts', 'ajv')],
      [0, 0, 1, 0],
    )
  })
})

describe('the rules let pass', () => {
  const a = 'packages/server/src/a.ts'
  const b = 'packages/server/src/b.ts'
  const rows = [
    ['an import in a comment', directionFindings, [moduleOf(a, "// import '@comity/client'\n/** import('comity') */")]],
    [
      'types in a circle',
      cycleFindings,
      [moduleOf(a, "import './b.ts'"), moduleOf(b, "import type { A } from './a.ts'")],
    ],
    [
      'a lazy circle',
      cycleFindings,
      [moduleOf(a, "import './b.ts'"), moduleOf(b, `const a = () => import(${JSON.stringify('./a.ts')})`)],
    ],
    ['a clock in a test', purityFindings, [moduleOf('packages/http/src/a.test.ts', 'Date.now()')]],
    ['a clock in words', purityFindings, [moduleOf('packages/http/src/a.ts', "const x = 'a call of Date.now()'")]],
    ['a time given', purityFindings, [moduleOf('packages/http/src/a.ts', 'const d = new Date(now)')]],
    ['a long table of rows', lengthFindings, [moduleOf('packages/http/src/a.test.ts', 'x()\n'.repeat(301))]],
    ['long comments', lengthFindings, [moduleOf(a, '// why\n\n'.repeat(301))]],
  ] as const
  for (const [name, rule, given] of rows) it(name, () => assert.deepEqual(rule(given), []))
})
