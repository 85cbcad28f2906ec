// A content into a file: resumed where it broke off, over as many connections as pay, checked, and then given its name.
import { createHash } from 'node:crypto'
import { lstat, mkdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fieldValue } from '@comity/http'
import type { HttpResponse } from '../../client/response.ts'
import { TransferError } from '../../errors.ts'
import type { Ask, Downloaded, DownloadOptions } from '../../exchange/transfers.ts'
import type { Clock } from '../../layers/call.ts'
import { type Checksum, holds, parseChecksum, promised } from './checksum.ts'
import { Changed, fileError, Unpartable } from './failures.ts'
import { fileName } from './file-name.ts'
import { PartFile } from './part-file.ts'
import { Meter } from './progress.ts'
import { type Beginning, Transfer } from './transfer.ts'

/** How often another version may appear before it is given up. */
const mostVersions = 4
const underWay = new Set<string>()

/** @throws NetworkError, HttpError, DeadlineError; TransferError where the content or the disk is at fault */
export async function download(
  ask: Ask,
  clock: Clock,
  url: string,
  given: string,
  options: DownloadOptions,
): Promise<Downloaded> {
  const expected = options.digest === undefined ? undefined : parseChecksum(options.digest)
  let beginning: Beginning = { kind: 'nothing' }
  let path = resolve(given)
  if (given.endsWith('/') || (await isFolder(path))) {
    const response = await ask({}, options.signal ?? new AbortController().signal)
    beginning = { kind: 'answer', response }
    await mkdir(path, { recursive: true })
    path = join(path, fileName(response.fields, response.url))
  }
  if (options.existing === 'refuse' && (await isThere(path))) {
    if (beginning.kind === 'answer') await beginning.response.discard()
    throw new TransferError('exists', `${path} is there already`)
  }
  options.onPath?.(path)
  if (underWay.has(path)) throw new TransferError('file', `${path} is being downloaded already`)
  underWay.add(path)
  const part = await PartFile.open(path).catch(error => {
    underWay.delete(path)
    throw new TransferError('file', `${path}.part cannot be opened: ${String(error.code)}`, { cause: error })
  })
  try {
    return await fetched(part, path, beginning, expected)
  } catch (error) {
    throw fileError(error, part.path)
  } finally {
    underWay.delete(path)
    await part.close()
  }

  async function fetched(
    part: PartFile,
    path: string,
    first: Beginning,
    expected: Checksum | undefined,
  ): Promise<Downloaded> {
    const target = createHash('sha256').update(url).digest('hex')
    const { begin, most } = connectionsOf(options)
    const meter = new Meter(clock.now, options.onProgress)
    let beginning = options.resume === false ? first : await resumed(part, target, first)
    const resumedBytes = beginning.kind === 'notes' ? hereOf(beginning) : 0
    let parts: 'may' | 'never' = 'may'
    let requests = first.kind === 'answer' ? 1 : 0
    let received = 0
    for (let versions = 1; ; ) {
      if (beginning.kind !== 'notes') {
        await part.clear()
        meter.reset()
      }
      const settings = {
        ask,
        clock,
        part,
        meter,
        begin,
        most,
        attempts: options.attempts ?? 8,
        signal: options.signal,
        target,
      }
      const transfer = new Transfer(settings, beginning, parts)
      try {
        await transfer.run()
        const checksum = expected ?? promised(fieldValue(transfer.head?.fields ?? {}, 'repr-digest'))
        if (checksum !== undefined && !(await holds(checksum, part.read()))) {
          await part.clear()
          // Perhaps parts were put together that do not belong together: once more, in one.
          if (transfer.requests > 1 && parts === 'may') throw new Unpartable('the digest is wrong')
          throw new TransferError('digest', `what was received is not what ${checksum.algorithm} says`)
        }
        await part.finish(path, transfer.length)
        return {
          path,
          bytes: transfer.length,
          received: received + transfer.received,
          resumedBytes,
          requests: requests + transfer.requests,
          connections: transfer.connections,
          verified: checksum?.algorithm,
        }
      } catch (error) {
        requests += transfer.requests
        received += transfer.received
        if (error instanceof Unpartable && parts === 'may') parts = 'never'
        else if ((error instanceof Changed || error instanceof Unpartable) && ++versions > mostVersions) {
          if (error instanceof Changed) await error.response?.discard()
          throw new TransferError('changed', 'it changes, or breaks off, faster than it can be received')
        } else if (!(error instanceof Changed || error instanceof Unpartable)) throw error
        const response: HttpResponse | undefined = error instanceof Changed ? error.response : undefined
        beginning = response === undefined ? { kind: 'nothing' } : { kind: 'answer', response }
      }
    }
  }
}

async function resumed(part: PartFile, target: string, first: Beginning): Promise<Beginning> {
  const notes = await part.notes(target)
  if (notes === undefined || hereOf(notes) === 0) return first
  if (first.kind === 'answer') await first.response.discard()
  return { kind: 'notes', ...notes }
}

function hereOf({
  length,
  missing,
}: {
  length: number | undefined
  missing: readonly { at: number; end: number | undefined }[]
}): number {
  if (length === undefined) return missing[0]?.at ?? 0
  return missing.reduce((rest, { at, end }) => rest - ((end ?? length) - at), length)
}

function connectionsOf({ connections = 4 }: DownloadOptions): { readonly begin: number; readonly most: number } {
  const { begin, most } = typeof connections === 'number' ? { begin: 1, most: connections } : connections
  if (!(Number.isInteger(most) && most >= 1 && most <= 32 && begin >= 1 && begin <= most))
    throw new TypeError('connections: from 1 to 32')
  return { begin, most }
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    found => found.isDirectory(),
    () => false,
  )
}
