// Files on their way in: laid aside as they come, before anything is locked.
import { createHash } from 'node:crypto'
import type { FileRules } from '../../model/model.ts'
import { after, type Later } from '../../store/store.ts'
import { type Refused, refuse, type Stop } from '../answer.ts'
import { ContentLost } from '../content-lost.ts'
import type { Exchange } from '../exchange.ts'
import { Stopped } from '../failure.ts'
import { contentBounds } from '../gates/content-fields.ts'
import { digestsOf } from '../gates/digests.ts'
import { resourceExists } from '../gates/existence.ts'
import { preconditionsHold } from '../gates/preconditions.ts'
import type { ContentBounds } from '../incoming.ts'
import { beginUpload, isResumable } from '../uploads/begin.ts'
import { takeUpload } from '../uploads/take.ts'
import { nameOfUpload } from './name.ts'
import { receiveFile } from './one.ts'
import { receiveParts } from './parts.ts'

/** Lays the content aside, and notes what is in it. */
export async function receiveFiles(x: Exchange, rules: FileRules): Promise<Stop | undefined> {
  const name = nameOfUpload(x)
  if (typeof name === 'object') return closing(x, name)
  const stop = await standing(x)
  if (stop) return closing(x, stop)
  if (name !== undefined && (x.upload || isResumable(x))) return receiveUpload(x, rules, name)
  const digestFault = digestsOf(x)
  if (typeof digestFault !== 'function') return digestFault && closing(x, digestFault)
  const bounds = contentBounds(x)
  try {
    if (name === undefined) await receiveParts(x, rules, x.incoming.pieces(bounds))
    else await receiveFile(x, rules, { name, declared: x.field('content-type'), pieces: x.incoming.pieces(bounds) })
  } catch (error) {
    if (error instanceof Stopped) return closing(x, error.stop)
    if (error instanceof ContentLost) return lost(error, bounds)
    throw error
  }
  const mismatch = digestFault()
  if (mismatch) return mismatch
  noteFiles(x)
  return
}

/** Content that may come in several requests. */
async function receiveUpload(x: Exchange, rules: FileRules, name: string): Promise<Stop | undefined> {
  try {
    const stop = x.upload ? undefined : await beginUpload(x, rules)
    if (stop || x.upload === undefined) return stop
    const refused = await takeUpload(x, rules, name, x.upload)
    if (refused) return refused
  } catch (error) {
    if (error instanceof Stopped) return error.stop
    if (error instanceof ContentLost) return lost(error, contentBounds(x))
    throw error
  }
  noteFiles(x)
  return
}

function noteFiles(x: Exchange): void {
  x.input = { kind: 'files', files: x.files }
  const told = x.files.map(file => [file.name, file.mediaType, file.laid.sha256])
  x.content = createHash('sha256').update(JSON.stringify(told)).digest()
}

/** What the state says before the content comes. It is asked again where it cannot change any more. */
function standing(x: Exchange): Later<Stop | undefined> {
  return after(resourceExists(x), stop => stop ?? preconditionsHold(x))
}

/** Content up to this is read to its end even where it is refused, so that the connection can go on. In bytes. */
const worthReading = 65_536

/** A refusal before the content is here: what may be long is not waited for. */
function closing(x: Exchange, stop: Stop): Stop {
  const isShort = Number(x.field('content-length') ?? Number.POSITIVE_INFINITY) <= worthReading
  if (stop.kind !== 'refused' || isShort) return stop
  return { ...stop, fields: { ...stop.fields, connection: 'close' } }
}

function lost({ how, message }: ContentLost, { timeout, limit }: ContentBounds): Refused {
  const fields = { connection: 'close' }
  switch (how) {
    case 'aborted':
      return refuse('malformed-request', 'The connection ended before the content did.')
    case 'timeout':
      return refuse('request-timeout', `Nothing of the content arrived for ${timeout / 1000} seconds.`, { fields })
    case 'undecodable':
      return refuse('undecodable-content', message, { fields })
    case 'too-large':
      return refuse('content-too-large', `The content unfolds to more than is taken; that is ${limit} bytes.`, {
        fields,
        members: { limit },
      })
  }
}
