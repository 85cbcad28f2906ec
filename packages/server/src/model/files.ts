// Files as a collection: what is known of each is an item, whose bytes lie beside the database.
import type { Collection } from '../define/collection.ts'
import { integer, text } from '../define/fields.ts'
import type { Files } from '../define/files.ts'
import type { CollectionModel, FileRules, Limits } from './model.ts'

/** Bytes that a name may have, in UTF-8: what every file system keeps. */
export const longestName = 255

/** The members of a file; its id, its parent's and its times come by themselves. */
export const fileFields: Collection['definition']['fields'] = {
  name: text({ readOnly: true, min: 1, max: longestName, description: 'As its sender named it.', example: 'tea.pdf' }),
  mediaType: text({ readOnly: true, description: 'As declared, or as its bytes show.', example: 'application/pdf' }),
  size: integer({ readOnly: true, min: 0, description: 'In bytes.', example: 48_213 }),
  sha256: text({
    readOnly: true,
    pattern: '^[0-9a-f]{64}$',
    max: 64,
    description: 'SHA-256 of its bytes, in hexadecimal.',
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  }),
}

/** The collection of what is known of each file. */
export function collectionOfFiles({ definition }: Files): Collection {
  const { accept: _, size: __, most: ___, disposition: ____, trusted: _____, ...rest } = definition
  return { kind: 'collection', definition: { ...rest, fields: fileFields } }
}

export function fileRules({ definition }: Files, limits: Limits): FileRules {
  const { accept = [], size = limits.file, most, disposition = 'attachment', trusted = [] } = definition
  return { accept, size, most: most ?? Number.POSITIVE_INFINITY, disposition, trusted: new Set(trusted) }
}

/** What an item of files is called in the store, where ids are one of a kind over all parents. */
export const idOfFile = (parent: string | undefined, name: string): string =>
  parent === undefined ? name : `${parent}/${name}`

/** How the path of an item ends: what stands for it below its collection. */
export const segmentOf = (
  { files }: Pick<CollectionModel, 'files'>,
  values: Readonly<Record<string, unknown>>,
): string => encodeURIComponent(String(files === undefined ? values.id : values.name))

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const unfit = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069/\\]/u

/** What is wrong with a name for a file, in words that follow it; undefined when nothing is. */
export function faultOfName(name: string): string | undefined {
  if (name === '') return 'is empty'
  if (name === '.' || name === '..') return 'is a place, not a name'
  if (!name.isWellFormed() || unfit.test(name)) return 'holds a slash, or a character that cannot be seen'
  if (Buffer.byteLength(name) > longestName) return `has more than ${longestName} bytes`
  return
}
