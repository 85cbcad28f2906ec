// RFC 7578: several files in one multipart/form-data, each laid aside as it comes.
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import type { FileRules } from '../../model/model.ts'
import { refuse } from '../answer.ts'
import type { Exchange } from '../exchange.ts'
import { Stopped } from '../failure.ts'
import { fitting, lastOf } from './name.ts'
import { receiveFile } from './one.ts'
import { multipartOverhead } from './types-taken.ts'

/** Of a part's own fields. */
const mostHeaderBytes = 8_192

/** Fields of a form that are no files are read and forgotten. @throws Stopped */
export async function receiveParts(x: Exchange, rules: FileRules, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const { parts } = x.runtime.model.limits
  const { Busboy } = await import('@fastify/busboy')
  const limits = { parts, files: parts, fields: parts, fieldSize: 65_536, headerPairs: 50, headerSize: mostHeaderBytes }
  let reader: InstanceType<typeof Busboy>
  try {
    reader = new Busboy({ headers: { 'content-type': x.field('content-type') ?? '' }, limits })
  } catch (error) {
    throw malformed((error as Error).message)
  }
  let failure: unknown
  let receiving: Promise<void> = Promise.resolve()
  let coming: Readable | undefined
  const fail = (error: unknown) => {
    failure ??= error
    reader.destroy()
  }
  const take = async (stream: Readable, filename: string | undefined, type: string) => {
    const name = fitting(lastOf(filename ?? ''))
    if (typeof name === 'object') throw new Stopped(name)
    await receiveFile(x, rules, { name, declared: type, pieces: stream })
  }
  reader.on('file', (_field, stream, filename, _encoding, type) => {
    coming = stream
    receiving = receiving.then(() => (failure === undefined ? take(stream, filename, type) : undefined))
    receiving.catch(fail)
    // Its end without an end is the reader's own failure.
    stream.on('error', () => {})
  })
  const tooMany = () => fail(malformed(`There are more than ${parts} parts`))
  reader.on('partsLimit', tooMany).on('filesLimit', tooMany).on('fieldsLimit', tooMany)
  const finished = new Promise<void>((resolve, reject) => {
    reader.once('finish', resolve).once('close', () => reject(failure ?? malformed('The content ends early')))
    reader.on('error', (error: Error) => {
      failure ??= malformed(error.message)
      reject(failure)
    })
  })
  finished.catch(() => {})
  try {
    let size = 0
    for await (const piece of pieces) {
      size += piece.length
      if (size > rules.size + multipartOverhead) throw tooLarge(rules)
      if (failure !== undefined) break
      if (!reader.write(piece)) await Promise.race([once(reader, 'drain').catch(() => {}), finished])
    }
    reader.end()
    await finished
    await receiving
    if (failure !== undefined) throw failure
  } catch (error) {
    // A file that will not come to its end is given up, and its half with it.
    failure ??= error
    coming?.destroy(new Error('the form ended early'))
    await receiving.catch(() => {})
    throw failure
  }
  if (x.files.length === 0) throw malformed('There is no file in the form')
}

const tooLarge = (rules: FileRules): Stopped =>
  new Stopped(
    refuse('content-too-large', `The files together are larger than the ${rules.size} bytes that are taken at once.`, {
      fields: { connection: 'close' },
      members: { limit: rules.size },
    }),
  )

const malformed = (detail: string): Stopped =>
  new Stopped(refuse('malformed-content', `The content is not multipart/form-data: ${detail.replace(/\.$/, '')}.`))
