// Which media types a folder takes.
import type { FileRules } from '../../model/model.ts'
import { refuse } from '../answer.ts'

/** What the folder takes, as Accept and Accept-Post say it. */
export const takenBy = ({ accept }: FileRules): string => (accept.length === 0 ? '*/*' : accept.join(', '))

/** Whether the folder takes files of this type. */
export const takes = ({ accept }: FileRules, essence: string): boolean =>
  accept.length === 0 ||
  accept.some(
    range => range === essence || range === '*/*' || (range.endsWith('/*') && essence.startsWith(range.slice(0, -1))),
  )

export const notTaken = (rules: FileRules, essence: string) =>
  refuse('unsupported-media-type', `Files of type ${essence} are not taken here. Send ${takenBy(rules)}.`, {
    fields: { accept: takenBy(rules) },
  })

/** Bytes that the boundaries and fields of the parts may have beside the files. */
export const multipartOverhead = 1_048_576
