// Names for images, in the order of the page: nothing is replaced, and what is there already is not there twice.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { Names } from '../../pages/names.ts'
import type { FetchedImage } from './fetch-image.ts'

export type Placed = { readonly kind: 'saved' | 'there'; readonly name: string; readonly bytes: number }

export class Placing {
  readonly #folder: string
  readonly #names = new Names()

  constructor(folder: string) {
    this.#folder = folder
  }

  async place({ name, bytes, sha256, aside }: FetchedImage): Promise<Placed> {
    for (;;) {
      const free = this.#names.take(name)
      const path = join(this.#folder, free)
      const found = await lstat(path).catch(() => undefined)
      if (found === undefined) {
        await aside.keep(free)
        return { kind: 'saved', name: free, bytes }
      }
      if (found.isFile() && found.size === bytes && (await hashOf(path)) === sha256) {
        await aside.drop()
        return { kind: 'there', name: free, bytes }
      }
    }
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece)
  return hash.digest('hex')
}
