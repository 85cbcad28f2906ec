// A file that is written aside and takes its name when it is whole: nobody sees half of it, whatever ends the process.
import { randomBytes } from 'node:crypto'
import { unlinkSync } from 'node:fs'
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

export type Aside = {
  readonly write: (piece: string | Uint8Array) => Promise<void>
  /** It is whole: on the disk, and under its name, or another in the same folder. */
  readonly keep: (name?: string) => Promise<void>
  /** It is not wanted. What was there under its name stays. */
  readonly drop: () => Promise<void>
}

/** Of this process, to be removed should it be ended. */
const unfinished = new Set<string>()
const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/** A link is followed, and the mode of what is there is kept. What is no plain file (a pipe, `/dev/null`) is written to. */
export async function openAside(path: string): Promise<Aside> {
  const target = await realpath(path).catch(() => path)
  const there = await stat(target).catch(() => undefined)
  if (there !== undefined && !there.isFile() && !there.isDirectory()) return straight(await open(target, 'w'))
  if (there?.isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR', path })
  const aside = join(dirname(target), `.${basename(target).slice(0, 180)}.${randomBytes(4).toString('hex')}.tmp`)
  const file = await open(aside, 'wx')
  remember(aside)
  const drop = async () => {
    await file.close()
    await rm(aside, { force: true })
    forget(aside)
  }
  return {
    write: piece => write(file, piece),
    async keep(name) {
      try {
        if (there !== undefined) await file.chmod(there.mode)
        await file.datasync()
        await rename(aside, name === undefined ? target : join(dirname(target), name))
      } catch (error) {
        await drop()
        throw error
      }
      await file.close()
      forget(aside)
    },
    drop,
  }
}

/** Writes all of `pieces`, or nothing. */
export async function writeFileAside(
  path: string,
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): Promise<void> {
  const aside = await openAside(path)
  try {
    for await (const piece of pieces) await aside.write(piece)
  } catch (error) {
    await aside.drop()
    throw error
  }
  await aside.keep()
}

async function write(file: FileHandle, piece: string | Uint8Array): Promise<void> {
  const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten
}

function straight(file: FileHandle): Aside {
  const close = () => file.close()
  return { write: piece => write(file, piece), keep: close, drop: close }
}

function remember(path: string): void {
  if (unfinished.size === 0) {
    process.on('exit', removeAll)
    // First of all listeners: it counts them, and those that listen once are gone when they have heard it.
    for (const name of Object.keys(signals)) process.prependListener(name, end)
  }
  unfinished.add(path)
}

function forget(path: string): void {
  unfinished.delete(path)
  if (unfinished.size > 0) return
  process.off('exit', removeAll)
  for (const name of Object.keys(signals)) process.off(name, end)
}

function removeAll(): void {
  for (const path of unfinished) {
    try {
      unlinkSync(path)
    } catch {
      // It is gone already.
    }
  }
}

// Who else listens ends the process in its own way, and drops what it opened.
function end(signal: keyof typeof signals): void {
  if (process.listenerCount(signal) > 1) return
  process.exit(signals[signal])
}
