// One image, whole and beside where it will be, before it has its name.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { type Client, fileName } from '@comity/client'
import { type Aside, openAside } from '../../output/write-file.ts'
import type { ImageReference } from '../../pages/images.ts'
import { withEnding } from '../../pages/names.ts'

export type FetchedImage = {
  readonly kind: 'fetched'
  /** What it would be called, were nothing else called so. */
  readonly name: string
  readonly bytes: number
  readonly sha256: string
  readonly aside: Aside
}

/** @param most bytes. @throws ComityError; Error where it is no image, or too large */
export async function fetchImage(
  client: Client,
  { url }: ImageReference,
  folder: string,
  most: number,
  signal: AbortSignal,
): Promise<FetchedImage> {
  const source = url.startsWith('data:') ? await withinUrl(url) : await answered(client, url, signal)
  const aside = await openAside(join(folder, source.name))
  const hash = createHash('sha256')
  let bytes = 0
  try {
    for await (const piece of source.pieces) {
      bytes += piece.length
      if (bytes > most) throw new Error(`it is larger than ${most.toLocaleString('en')} bytes; --max-size takes more`)
      hash.update(piece)
      await aside.write(piece)
    }
  } catch (error) {
    await aside.drop()
    throw error
  }
  return { kind: 'fetched', name: source.name, bytes, sha256: hash.digest('hex'), aside }
}

type Source = { readonly name: string; readonly pieces: AsyncIterable<Uint8Array> }

async function answered(client: Client, url: string, signal: AbortSignal): Promise<Source> {
  const response = await client.get(url, { signal, fields: { accept: 'image/*, */*;q=0.1' } })
  const name = withEnding(fileName(response.fields, response.url), response.type)
  if (isImage(response.type, name)) return { name, pieces: response }
  await response.discard()
  throw new Error(`it is ${response.type === '' ? 'of no type' : response.type}, not an image`)
}

/** Servers that know no better say of any file that it is a stream of bytes, or nothing. */
function isImage(type: string, name: string): boolean {
  if (type === '' || type === 'application/octet-stream')
    return /\.(?:apng|avif|bmp|gif|ico|jpe?g|jxl|png|svgz?|tiff?|webp)$/i.test(name)
  return type.startsWith('image/')
}

async function withinUrl(url: string): Promise<Source> {
  // RFC 2397; this fetch asks nobody.
  const response = await fetch(url).catch(() => {
    throw new Error('it is no valid data: URL')
  })
  const type = (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim() ?? ''
  const bytes = new Uint8Array(await response.arrayBuffer())
  return { name: withEnding('inline', type), pieces: pieceOf(bytes) }
}

async function* pieceOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
