// What type a file is of: what is declared, where its folder takes that and its bytes do not belie it.
import { parseMediaType } from '@comity/http'
import { disagreement, type Shown } from '../../content/sniff.ts'
import { formatByName } from '../../formats/registry.ts'
import type { FileRules } from '../../model/model.ts'
import { refuse } from '../answer.ts'
import { Stopped } from '../failure.ts'
import { notTaken, takes } from './types-taken.ts'

/** @throws Stopped where the folder does not take the type, or the bytes show another one */
export function typeOf(rules: FileRules, name: string, declared: string | undefined, shown: Shown): string {
  const type = declared === undefined ? undefined : parseMediaType(declared)
  const essence = type?.essence ?? guessed(name, shown)
  if (!takes(rules, essence)) throw new Stopped(notTaken(rules, essence))
  const fault = type && disagreement(essence, shown)
  if (fault !== undefined)
    throw new Stopped(refuse('media-type-mismatch', `“${name}” is sent as ${essence}, and ${fault}.`))
  return type && declared !== undefined ? declared.trim() : essence
}

/** What a file without a declared type is: what its bytes show; of text, what its name says. */
function guessed(name: string, shown: Shown): string {
  if (shown.kind === 'nothing') return 'application/octet-stream'
  const format = shown.kind === 'text' ? formatByName(name.slice(name.lastIndexOf('.') + 1).toLowerCase()) : undefined
  return format?.mediaType ?? shown.essence
}
