// A file is written whole or not at all: beside it, to the disk, and then in its place.
import { closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Which state of a file it is: another one after every write, by whomever. */
export const stampOf = (path: string): string => {
  const { mtimeNs, size, ino } = statSync(path, { bigint: true })
  return `${mtimeNs} ${size} ${ino}`
}

/** Some files are in their places, and one could not be put there; names those that are. */
export class PartlyWritten extends Error {}

/**
 * All of these are on the disk when it returns, each written whole: first every one beside its place, then each put
 * there. Should a rename fail after another has succeeded, some are new and some old.
 * @throws PartlyWritten then, and else what the file system says; what is left beside is taken away
 */
export function writeWhole(files: ReadonlyMap<string, string>): void {
  const placed: string[] = []
  const ready: { readonly path: string; readonly beside: string }[] = []
  try {
    for (const [named, text] of files) {
      // A link stays one.
      const path = realpathSync(named)
      const beside = `${path}.${process.pid}.new`
      ready.push({ path, beside })
      writeSynced(beside, text, statSync(path).mode)
    }
    for (const { path, beside } of ready) {
      renameSync(beside, path)
      placed.push(path)
    }
  } catch (error) {
    for (const { beside } of ready) takeAway(beside)
    if (placed.length > 0) throw new PartlyWritten(placed.join(', '), { cause: error })
    throw error
  }
  for (const folder of new Set(ready.map(({ path }) => dirname(path)))) syncFolder(folder)
}

function takeAway(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Why it could not be written says more.
  }
}

function writeSynced(path: string, text: string, mode: number): void {
  const file = openSync(path, 'w', mode)
  try {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** That a file has come to its name is on the disk too; systems that cannot sync a folder do so by themselves. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r')
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
  } catch {
    // Windows has no such thing.
  }
}
