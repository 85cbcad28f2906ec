// Where what is downloaded goes.
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { UsageError } from '../../output/complain.ts'

export type Place = {
  /** With a slash at its end where it is a folder, in which servers name the files. */
  readonly path: string
  /** The user said the name. */
  readonly named: boolean
}

/** @throws UsageError where several files would have one name */
export async function placeFor(output: string | undefined, files: number, cwd: string): Promise<Place> {
  if (output === undefined) return { path: `${cwd}/`, named: false }
  if (output === '-')
    throw new UsageError('A download goes into a file', 'For standard output there is: comity get URL')
  const path = resolve(cwd, output)
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory() || /[/\\]$/.test(output)) return { path: `${path}/`, named: false }
  if (files === 1) return { path, named: true }
  if (found !== undefined)
    throw new UsageError(`${output} is a file, and ${files} are to be fetched`, 'Give a folder to --output.')
  return { path: `${path}/`, named: false }
}
