// Why a definition could not be imported, in words and with its place; never a stack.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** What importing the definition threw, as sentences. `path` is what the user wrote, `file` the same made absolute. */
export function explainFailure(path: string, file: string, error: unknown): string {
  if (!(error instanceof Error)) return `${path}: the definition threw ${String(error)}.`
  const faults = faultsOf(error)
  if (faults !== undefined) return explainFaults(path, faults)
  const code = 'code' in error ? error.code : undefined
  if (code === 'ERR_MODULE_NOT_FOUND') return explainMissing(path, error)
  if (code === 'ERR_UNSUPPORTED_DIR_IMPORT') return `${path}: ${error.message.split('\n')[0]}. Name a file in it.`
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION' || code === 'ERR_IMPORT_ATTRIBUTE_MISSING') {
    return `${path}: ${error.message}. A definition is a .ts, .mts, .js or .mjs file.`
  }
  if (error instanceof SyntaxError) return explainSyntax(path, file, error)
  return `${placeOf(error, file) ?? path}: ${error.name}: ${error.message}`
}

type Fault = { readonly place: string; readonly problem: string }

// By its shape and not its class: the definition may use another copy of the server package than this command.
function faultsOf(error: Error): readonly Fault[] | undefined {
  const named = error.name === 'DefinitionError' && 'places' in error && Array.isArray(error.places)
  return named ? (error.places as readonly Fault[]) : undefined
}

function explainFaults(path: string, faults: readonly Fault[]): string {
  const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`
  return [`${path}: the definition has ${count}:`, ...faults.map(fault => `  ${fault.place}: ${fault.problem}`)].join(
    '\n',
  )
}

function explainMissing(path: string, error: Error): string {
  const [, kind, target = '', importer] =
    /^Cannot find (package|module) '(.+?)'(?: imported from (.+))?$/m.exec(error.message) ?? []
  const place = importer === undefined ? path : shown(importer)
  if (kind === 'package') return `${place}: the package "${target}" is not installed. Install it: npm install ${target}`
  if (kind !== 'module') return `${place}: ${error.message}`
  const written = target.replace(/\.[cm]?js$/, '')
  const near = ['.ts', '.js', '.mts', '.mjs', '/index.ts'].map(ending => written + ending).find(existsSync)
  const cure = near === undefined ? '' : ` There is ${shown(near)}: imports name the file with its ending.`
  return `${place}: the imported file ${shown(target)} is not there.${cure}`
}

function explainSyntax(path: string, file: string, error: SyntaxError): string {
  const place = syntaxPlace(error.stack ?? '') ?? syntaxPlace(reportOf(file)) ?? path
  const cure = error.message.includes('not supported in strip-only mode')
    ? ' Node runs TypeScript by removing its types; write what remains when they are gone.'
    : ''
  return `${place}: ${error.message.replace(/\.?$/, '.')}${cure}`
}

/** `examples/api.ts:3` from a report that opens with `file:///…/api.ts:3` or `/…/api.ts:3`. */
function syntaxPlace(report: string): string | undefined {
  const [, file, line] = /^(file:\/\/\/.+|\/.+|[A-Za-z]:\\.+):(\d+)\n/.exec(report) ?? []
  return file === undefined ? undefined : `${shown(file)}:${line}`
}

// The line of a syntax error in JavaScript is told only to who lets it go uncaught.
function reportOf(file: string): string {
  const statement = `import ${JSON.stringify(pathToFileURL(file).href)}`
  const asked = ['--no-warnings', ...process.execArgv, '--input-type=module', '--eval', statement]
  return spawnSync(process.execPath, asked, { encoding: 'utf8', timeout: 5000 }).stderr ?? ''
}

/** The line in the user's own files that was running when the error was thrown. */
function placeOf(error: Error, file: string): string | undefined {
  const frames = [...(error.stack ?? '').matchAll(/\(?(file:\/\/\/[^\s)]+?):(\d+):\d+\)?$/gm)]
    .map(([, url = '', line]) => ({ path: fileURLToPath(url), line }))
    .filter(frame => !frame.path.includes('node_modules'))
  const own = frames.find(frame => frame.path === file) ?? frames.find(frame => frame.path.startsWith(dirname(file)))
  return own && `${shown(own.path)}:${own.line}`
}

/** A path as a person would write it from here. */
function shown(path: string): string {
  const plain = path.startsWith('file:') ? fileURLToPath(path) : path
  const near = relative(process.cwd(), plain)
  return near.startsWith('..') ? plain : near
}
