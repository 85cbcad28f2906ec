import type { Contents } from '../../store/files/contents.ts'
import type { Exchange } from '../exchange.ts'

/** @throws TypeError where the API has no files */
export function contentsOf({ runtime: { contents } }: Exchange): Contents {
  if (contents === undefined) throw new TypeError('there is no place for files')
  return contents
}
