// Source files as the layering rules see them: which module imports what, read from the text of import statements.
import { readdirSync, readFileSync } from 'node:fs'

export type Import = {
  /** As written: `./x.ts`, `@comity/http`, `node:fs`. */
  readonly specifier: string
  /** `type`: erased before the module runs. `call`: import(), when the call is reached. */
  readonly kind: 'value' | 'type' | 'call'
}

export type Module = {
  /** From the root of the repository, with slashes: `packages/http/src/date.ts`. */
  readonly path: string
  readonly source: string
  readonly imports: readonly Import[]
}

/** All TypeScript files below `folder` (from the root of the repository), in order of path. */
export function readModules(root: URL, folder: string): readonly Module[] {
  return filesBelow(root, folder)
    .filter(path => path.endsWith('.ts'))
    .sort()
    .map(path => moduleOf(path, readFileSync(new URL(path, root), 'utf8')))
}

/** A module from its text. */
export function moduleOf(path: string, source: string): Module {
  const statements = statementPatterns.flatMap(pattern =>
    [...source.matchAll(pattern)].map(
      ([, type, specifier = '']): Import => ({ specifier, kind: type === undefined ? 'value' : 'type' }),
    ),
  )
  const calls = codeLines(source)
    .flatMap(line => [...line.matchAll(callPattern)])
    .map(([, specifier = '']): Import => ({ specifier, kind: 'call' }))
  return { path, source, imports: [...statements, ...calls] }
}

/** Where a relative specifier leads, from the root of the repository; undefined for a package. */
export function targetOf(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined
  const base = new URL(from, 'file:///a/b/c/')
  const target = new URL(specifier, base).pathname
  return target.startsWith('/a/b/c/') ? target.slice('/a/b/c/'.length) : `../${target.slice('/a/b/'.length)}`
}

/** Lines that hold code: neither empty nor only comment. */
export function codeLines(source: string): readonly string[] {
  return source.split('\n').filter(line => !/^\s*($|\/\/|\/\*|\*)/.test(line))
}

// Statements begin their line, as the formatter writes them; what is quoted in a comment never does.
const statementPatterns = [
  /^import\s+(type\s+)?[\w$*{][^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^import(\s+type)?\s*['"]([^'"]+)['"]/gm,
  /^export\s+(type\s+)?[*{][^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
]
const callPattern = /\bimport\(\s*['"]([^'"]+)['"]/g

function filesBelow(root: URL, folder: string): readonly string[] {
  return readdirSync(new URL(`${folder}/`, root), { withFileTypes: true }).flatMap(entry => {
    const path = `${folder}/${entry.name}`
    if (!entry.isDirectory()) return [path]
    return entry.name === 'node_modules' || entry.name === 'dist' ? [] : filesBelow(root, path)
  })
}
