// How far an import is, in a file beside the one that is imported: what a later run goes on with.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { UsageError } from '../output/complain.ts'
import { writeFileAside } from '../output/write-file.ts'
import { noRows } from './digest.ts'

export type ImportState = {
  /** Rows that are done with, and what they were. */
  readonly rows: number
  readonly digest: string
  /** Of them, those that the server refused. */
  readonly refused: number
  /** Length of the file that keeps them. */
  readonly refusedBytes: number
  /** Drawn anew where rows are to be imported once more. */
  readonly salt: string
  /** Sent, perhaps: so many rows more, up to this digest. What became of them is not known yet. */
  readonly pending?: { readonly rows: number; readonly digest: string }
}

export const nothingYet: ImportState = { rows: 0, digest: noRows, refused: 0, refusedBytes: 0, salt: '' }

type States = { readonly comity: 'import'; readonly imports: Readonly<Record<string, ImportState>> }

/** The state of one import among those of its file: what is imported to two places has two. */
export class ImportNotes {
  readonly #path: string
  readonly #target: string
  #others: Readonly<Record<string, ImportState>>
  state: ImportState

  private constructor(path: string, target: string, imports: Readonly<Record<string, ImportState>>) {
    this.#path = path
    this.#target = target
    this.#others = imports
    this.state = imports[target] ?? nothingYet
  }

  /** @throws UsageError where the file is something else */
  static async open(path: string, shown: string, method: string, url: string): Promise<ImportNotes> {
    // Hashed, since a URL may hold a key.
    const target = createHash('sha256').update(`${method} ${url}`).digest('base64url').slice(0, 22)
    const text = await readFile(path, 'utf8').catch(error => {
      if (error.code === 'ENOENT') return undefined
      throw new UsageError(`${shown} cannot be read: ${error.code}`)
    })
    if (text === undefined) return new ImportNotes(path, target, {})
    const states = statesIn(text)
    if (states === undefined)
      throw new UsageError(`${shown} does not tell of an import`, 'Remove it, or name another with --state FILE.')
    return new ImportNotes(path, target, states.imports)
  }

  async save(state: ImportState): Promise<void> {
    this.state = state
    this.#others = { ...this.#others, [this.#target]: state }
    const states: States = { comity: 'import', imports: this.#others }
    await writeFileAside(this.#path, [`${JSON.stringify(states, undefined, 2)}\n`])
  }
}

/** One key for one batch of rows of one import: whoever sends them again sends it again. */
export function keyOf(state: ImportState, digest: string, target: string): string {
  return createHash('sha256').update([target, state.salt, state.digest, digest].join('\n')).digest('base64url')
}

function statesIn(text: string): States | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const { comity, imports } = (value ?? {}) as Partial<States>
    if (comity !== 'import' || typeof imports !== 'object' || imports === null) return undefined
    return Object.values(imports).every(isState) ? { comity, imports } : undefined
  } catch {
    return undefined
  }
}

function isState(value: unknown): value is ImportState {
  const { rows, digest, refused, refusedBytes, salt, pending } = (value ?? {}) as {
    [Name in keyof ImportState]?: unknown
  }
  const isCount = (count: unknown) => Number.isSafeInteger(count) && Number(count) >= 0
  const isPending = (given: { readonly rows?: unknown; readonly digest?: unknown } | null) =>
    isCount(given?.rows) && typeof given?.digest === 'string'
  return (
    [rows, refused, refusedBytes].every(isCount) &&
    typeof digest === 'string' &&
    typeof salt === 'string' &&
    (pending === undefined || isPending(pending as never))
  )
}
