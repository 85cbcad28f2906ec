// Where files are sent and read.
import type { FileRules } from '../../model/model.ts'
import type { Exchange } from '../exchange.ts'

/** The rules of the files that this request brings; undefined where it brings none. */
export function rulesOfUpload(x: Exchange): FileRules | undefined {
  const { place } = x.target
  if (place.kind === 'file') return x.method === 'PUT' ? place.collection.files : undefined
  return place.kind === 'collection' && x.method === 'POST' ? place.collection.files : undefined
}
