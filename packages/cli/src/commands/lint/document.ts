// The OpenAPI document that is to be checked: as it was written, or as the server would write it.
import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { isRecord } from '../../lint/record.ts'
import type { Place } from '../../lint/sarif.ts'
import { loadApi } from '../../load.ts'

export type Linted = {
  readonly document: Readonly<Record<string, unknown>>
  /** As it is told: the file or URL. */
  readonly name: string
  /** Where a pointer leads in the text; undefined where there is no text. */
  readonly placeOf: (pointer: string) => Place | undefined
}

/** Why there is nothing to check. */
export class LintError extends Error {
  readonly cure: string
  constructor(message: string, cure: string) {
    super(message)
    this.name = 'LintError'
    this.cure = cure
  }
}

const largest = 32 * 1024 * 1024

/** @throws LintError */
export async function documentFromSource(word: string, cwd: string): Promise<Linted> {
  if (/\.[cm]?[jt]s$/i.test(word)) return documentFromDefinition(resolve(cwd, word), word)
  const path = resolve(cwd, word)
  const found = await stat(path).catch(() => undefined)
  if (found === undefined)
    throw new LintError(`${word} is not there`, 'Name an OpenAPI document or a source of comity serve.')
  if (found.isFile() && /\.(json|ya?ml)$/i.test(word)) {
    if (found.size > largest) throw new LintError(`${word} has more than ${largest} bytes`, 'Check a smaller document.')
    const text = await readFile(path, 'utf8')
    if (isOpenApi(text)) return documentFromText(text, word)
  }
  return documentFromServed(word, path)
}

const isOpenApi = (text: string): boolean =>
  /^\s*["']?(openapi|swagger)["']?\s*:/m.test(text.slice(0, 100_000)) || /"(openapi|swagger)"\s*:\s*"/.test(text)

/** @throws LintError where it is no OpenAPI document */
export async function documentFromText(text: string, name: string): Promise<Linted> {
  const lines = new LineCounter()
  const parsed = parseDocument(text, { lineCounter: lines, uniqueKeys: false, logLevel: 'silent' })
  const [fault] = parsed.errors
  if (fault) throw new LintError(`${name} is neither JSON nor YAML: ${fault.message.split('\n')[0]}`, 'Mend it there.')
  const document: unknown = parsed.toJS({ maxAliasCount: 1_000 })
  if (!isRecord(document) || (document.openapi === undefined && document.swagger === undefined))
    throw new LintError(`${name} is no OpenAPI document`, 'It has to have a member “openapi”.')
  if (document.openapi === undefined)
    throw new LintError(`${name} is of Swagger 2, which is not read`, 'Convert it to OpenAPI 3 first.')
  return {
    document,
    name,
    placeOf(pointer) {
      const tokens = pointer
        .split('/')
        .slice(1)
        .map(token => token.replaceAll('~1', '/').replaceAll('~0', '~'))
      const node: unknown =
        parsed.getIn(
          tokens.map(token => (/^\d+$/.test(token) ? Number(token) : token)),
          true,
        ) ?? parsed.getIn(tokens, true)
      const [start] = isRecord(node) && Array.isArray(node.range) ? node.range : []
      if (typeof start !== 'number') return undefined
      const { line, col } = lines.linePos(start)
      return { line, column: col }
    },
  }
}

async function documentFromDefinition(path: string, name: string): Promise<Linted> {
  const loaded = await loadApi(path)
  if (loaded.kind === 'fault') throw new LintError(loaded.message, 'comity serve says the same')
  const { openApiDocument } = await import('@comity/server')
  return { document: { ...openApiDocument(loaded.api.model, { url: '' }) }, name, placeOf: () => undefined }
}

/** What is served without a definition; it is read, and nothing is written. */
async function documentFromServed(word: string, path: string): Promise<Linted> {
  const { openApiDocument, openSource, SourceError } = await import('@comity/server')
  try {
    const { api } = await openSource(path, { keep: 'memory' })
    return { document: { ...openApiDocument(api.model, { url: '' }) }, name: word, placeOf: () => undefined }
  } catch (error) {
    if (error instanceof SourceError) throw new LintError(error.message, error.cure)
    throw error
  }
}
