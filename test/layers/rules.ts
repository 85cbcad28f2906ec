// The layering rules: http ← server | client ← sdk, console ← cli, and what keeps a module readable alone.
// Each takes modules and returns its findings, one sentence each; an empty list means that the rule is kept.
import { codeLines, type Module, targetOf } from './modules.ts'

/** What a package.json says that matters here. */
export type Manifest = {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
}

/** Lowest first. A package may import those of lower layers, never its neighbours. */
const layers = [['http'], ['server', 'client'], ['sdk', 'console'], ['cli']]

const purePackage = 'http'
const pureDependencies: readonly string[] = []
/** What a pure package may not reach for: the clock, chance, the process. */
const impure =
  /\b(?:Date\.now\(|new Date\(\)|Math\.random\(|performance\.\w|process\.\w|Buffer\.\w|setTimeout\(|globalThis\.\w)/
const quoted = /'(?:[^'\\]|\\.)*'/g

/** Files that are one table of data, and may be as long as their table. */
const tables: readonly string[] = []
const longest = 300

/** Imports that climb the layers, reach across them, or leave their package by a relative path (tests of internals may). */
export function directionFindings(modules: readonly Module[]): readonly string[] {
  return modules.flatMap(({ path, imports }) => {
    const own = packageOf(path)
    return imports.flatMap(({ specifier }) => {
      const target = targetOf(path, specifier)
      if (target !== undefined) {
        const inside = packageOf(target) === own || path.startsWith('test/')
        return inside ? [] : [`${path}: ${specifier} leaves its package; import a package by its name`]
      }
      const other = workspaceOf(specifier)
      if (own === undefined || other === undefined || layerOf(other) < layerOf(own)) return []
      return [`${path}: ${own} may not import ${other}`]
    })
  })
}

/** Packages imported without being among the package's own dependencies. Tests may also use the workspace's tools. */
export function undeclaredFindings(
  modules: readonly Module[],
  manifests: ReadonlyMap<string, Manifest>,
  tools: ReadonlySet<string>,
): readonly string[] {
  return modules.flatMap(({ path, imports }) => {
    const own = packageOf(path)
    if (own === undefined) return []
    const manifest = manifests.get(own)
    const declared = new Set(Object.keys(manifest?.dependencies ?? {}))
    return imports.flatMap(({ specifier }) => {
      if (specifier.startsWith('.') || specifier.startsWith('node:')) return []
      const name = nameOf(specifier)
      if (declared.has(name) || (isTest(path) && (tools.has(name) || name === manifest?.name))) return []
      return [`${path}: ${name} is not among the dependencies of packages/${own}`]
    })
  })
}

/** What makes the pure package impure: platform modules, other packages, the clock, chance. Its tests are free. */
export function purityFindings(modules: readonly Module[]): readonly string[] {
  return modules
    .filter(({ path }) => packageOf(path) === purePackage && !isTest(path))
    .flatMap(({ path, source, imports }) => [
      ...imports
        .filter(({ specifier }) => !specifier.startsWith('.') && !pureDependencies.includes(nameOf(specifier)))
        .map(({ specifier }) => `${path}: ${specifier} does not belong in @comity/${purePackage}`),
      ...codeLines(source)
        .filter(line => impure.test(line.replaceAll(quoted, '')))
        .map(line => `${path}: not pure: ${line.trim()}`),
    ])
}

/** Relative imports whose file has no `.ts`, is not there, or is a test, and imports of `test/` and beyond the repository. */
export function pathFindings(modules: readonly Module[]): readonly string[] {
  const present = new Set(modules.map(({ path }) => path))
  return modules.flatMap(({ path, imports }) =>
    imports.flatMap(({ specifier }) => {
      const target = targetOf(path, specifier)
      if (target === undefined) return []
      const finding = (problem: string) => [`${path}: ${specifier} ${problem}`]
      if (!target.endsWith('.ts')) return finding('does not end in .ts')
      if (target.startsWith('../')) return finding('lies outside the repository')
      if (target.startsWith('test/') && !path.startsWith('test/')) return finding('lies in test/')
      if (isTest(target) && !isTest(path)) return finding('is a test')
      return present.has(target) ? [] : finding('is not there')
    }),
  )
}

/** Modules that need each other before they can run; each cycle once, as `a → b → a`. Erased and called imports do not count. */
export function cycleFindings(modules: readonly Module[]): readonly string[] {
  const edges = new Map(
    modules.map(({ path, imports }) => [
      path,
      imports.flatMap(({ specifier, kind }) => (kind === 'value' ? (targetOf(path, specifier) ?? []) : [])),
    ]),
  )
  const finished = new Set<string>()
  const findings: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) {
      findings.push([...trail.slice(start), path].join(' → '))
    } else if (!finished.has(path)) {
      for (const next of edges.get(path) ?? []) visit(next, [...trail, path])
      finished.add(path)
    }
  }
  for (const path of edges.keys()) visit(path, [])
  return findings
}

/** Files of a package that hide a missing noun. Tests are tables of rows, and tables may be long. */
export function lengthFindings(modules: readonly Module[]): readonly string[] {
  return modules
    .filter(({ path }) => packageOf(path) !== undefined && !isTest(path) && !tables.includes(path))
    .map(({ path, source }) => ({ path, lines: codeLines(source).length }))
    .filter(({ lines }) => lines > longest)
    .map(({ path, lines }) => `${path}: ${lines} lines of code, more than ${longest}`)
}

const packageOf = (path: string): string | undefined => /^packages\/([^/]+)\//.exec(path)?.[1]
const isTest = (path: string): boolean => /(?:\.test\.ts|\/suite\.ts|\/(?:suite|fixtures)\/.*)$/.test(path)
const nameOf = (specifier: string): string => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
const layerOf = (name: string): number => layers.findIndex(layer => layer.includes(name))

function workspaceOf(specifier: string): string | undefined {
  const name = nameOf(specifier)
  return name === 'comity' ? 'cli' : /^@comity\/(.+)$/.exec(name)?.[1]
}
