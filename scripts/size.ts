// npm run size: what @comity/client weighs in a browser, minified by rolldown and compressed by gzip. A bundle that has the
// core alone may weigh 20 kB. What is loaded when it is first used (`import()`) is told apart.
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type OutputChunk, rolldown } from 'rolldown'

/** Bytes of gzip that the core may have. */
export const budget = 20_000

/** What is there at once and what later, in bytes of gzip; a lazy chunk is named by its first module. */
export type Size = { readonly initial: number; readonly lazy: ReadonlyMap<string, number> }

const entry = fileURLToPath(new URL('../packages/client/src/browser.ts', import.meta.url))

/** The weight of a script that uses these exports of the browser entry; all of them where none is told. */
export async function sizeOf(names: readonly string[] = []): Promise<Size> {
  // As an application uses it: a script that exports nothing, of which chunks that are loaded later may import.
  const shown = names.length === 0 ? '* as used' : `{ ${names.join(', ')} }`
  const kept = names.length === 0 ? 'used' : `[${names.join(', ')}]`
  const code = `import ${shown} from ${JSON.stringify(entry)}\nglobalThis.used = ${kept}\n`
  const build = await rolldown({
    input: 'used',
    platform: 'browser',
    // The sources, which are what dist/ has without its types.
    resolve: { conditionNames: ['@comity/source', 'browser', 'import'] },
    logLevel: 'silent',
    plugins: [
      {
        name: 'used',
        resolveId: id => (id === 'used' ? '\0used' : undefined),
        load: id => (id === '\0used' ? code : undefined),
      },
    ],
  })
  const { output } = await build.generate({ format: 'es', minify: true })
  await build.close()
  const chunks = new Map(output.filter(made => made.type === 'chunk').map(chunk => [chunk.fileName, chunk]))
  const first = [...chunks.values()].filter(chunk => chunk.isEntry)
  const initial = withImports(first, chunks)
  const lazy = [...chunks.values()].filter(chunk => !initial.has(chunk))
  return {
    initial: [...initial].reduce((sum, chunk) => sum + weight(chunk), 0),
    lazy: new Map(lazy.map(chunk => [chunk.name, weight(chunk)])),
  }
}

function withImports(from: readonly OutputChunk[], chunks: ReadonlyMap<string, OutputChunk>): Set<OutputChunk> {
  const found = new Set(from)
  for (const { imports } of found) {
    for (const name of imports) {
      const chunk = chunks.get(name)
      if (chunk !== undefined) found.add(chunk)
    }
  }
  return found
}

const weight = ({ code }: OutputChunk): number => gzipSync(code, { level: 9 }).length

const features: readonly (readonly [what: string, ...names: readonly string[]])[] = [
  ['cache, in memory', 'cache', 'memoryStore'],
  ['sharing of equal requests', 'dedupe'],
  ['API key, Basic, bearer', 'apiKey', 'basic', 'bearer'],
  ['Digest', 'digest'],
  ['OAuth 1.0a', 'oauth1'],
  ['OAuth 2, client credentials', 'clientCredentials'],
  ['OAuth 2, device code', 'deviceCode'],
]

async function report(): Promise<void> {
  const core = await sizeOf(['createClient'])
  const rows: [string, number, string][] = [['createClient: the core', core.initial, '']]
  for (const [what, ...names] of features) {
    const { initial } = await sizeOf(['createClient', ...names])
    rows.push([`with ${what}`, initial, `+${kB(initial - core.initial)}`])
  }
  const all = await sizeOf()
  rows.push(['with all that the browser entry exports', all.initial, `+${kB(all.initial - core.initial)}`])
  for (const [name, bytes] of [...core.lazy].sort(([, a], [, b]) => b - a))
    rows.push([`loaded when first used: ${name}`, bytes, ''])
  for (const [what, bytes, more] of rows)
    console.log(`${what.padEnd(46)} ${kB(bytes).padStart(6)} kB ${more.padStart(7)}`)
  if (core.initial > budget) {
    console.error(`\nThe core weighs ${kB(core.initial)} kB; it may weigh ${kB(budget)} kB.`)
    process.exitCode = 1
  }
}

const kB = (bytes: number): string => (bytes / 1000).toFixed(1)

if (import.meta.main) await report()
