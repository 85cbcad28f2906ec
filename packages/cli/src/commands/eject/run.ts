// comity eject: what is understood of a source, as a definition in TypeScript.
import { writeFile } from 'node:fs/promises'
import { dirname, relative, resolve, sep } from 'node:path'
import { exitCodes } from '../../exit-codes.ts'
import { explainFailure } from '../../explain.ts'
import { complain } from '../../output/complain.ts'
import type { Io } from '../../terminal/io.ts'

export type EjectFlags = { readonly out?: string; readonly force?: boolean }

export async function ejectCommand(word: string, { out, force }: EjectFlags, io: Io): Promise<number> {
  const { ejected, isDefinition, openSource, SourceError } = await import('@comity/server')
  if (isDefinition(word))
    return complain(io.stderr, `${word} is a definition already`, 'Go on from it as it is.', exitCodes.usage)
  let text: string
  try {
    const source = await openSource(resolve(io.cwd, word), { keep: 'memory' })
    text = await ejected(
      source,
      word,
      pathFrom(out === undefined ? io.cwd : dirname(resolve(io.cwd, out)), resolve(io.cwd, word)),
    )
  } catch (error) {
    if (error instanceof SourceError) return complain(io.stderr, error.message, error.cure, exitCodes.usage)
    return complain(io.stderr, explainFailure(word, resolve(io.cwd, word), error), undefined, exitCodes.usage)
  }
  if (out === undefined) {
    io.stdout.write(text)
    return exitCodes.ok
  }
  try {
    await writeFile(resolve(io.cwd, out), text, { flag: force ? 'w' : 'wx' })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EEXIST')
      return complain(io.stderr, `${out} is there already`, 'Write over it with --force, or name another.')
    return complain(io.stderr, `${out} cannot be written: ${message}`)
  }
  io.stderr.write(`${out} is written. Serve it: comity serve ${out}\n`)
  return exitCodes.ok
}

/** As an import would have it: `./db.json`. */
function pathFrom(folder: string, file: string): string {
  const path = relative(folder, file).split(sep).join('/')
  return path.startsWith('.') ? path : `./${path}`
}
