// Names as sources have them, made fit for paths and members. Most of them are already, and stay.
import { isFoundMember, isFoundSegment, isVersionSegment, reservedPaths, reservedWords } from '../../define/names.ts'

/** `Video Title (en)` → `Video`, `Title`, `en` */
const wordsOf = (name: string): readonly string[] => name.match(/[\p{L}\p{N}_]+/gu) ?? []

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/** A member for each name, all different: `user_id` stays, `Video Title` becomes `videoTitle`. */
export function memberNames(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(names.filter(isMember))
  return new Map(
    names.map(name => {
      if (isMember(name)) return [name, name]
      const [first = 'member', ...rest] = wordsOf(name)
      const joined = [first.charAt(0).toLowerCase() + first.slice(1), ...rest.map(capitalised)].join('')
      const fit = isFoundMember(joined) ? joined : `member${capitalised(joined)}`
      return [name, free(isSpoken(fit) ? `${fit}Value` : fit, taken, '')]
    }),
  )
}

/** Words that every query understands, and what every object of JavaScript has. */
const isSpoken = (name: string): boolean => reservedWords.has(name) || name.startsWith('__') || name in {}

const isMember = (name: string): boolean => isFoundMember(name) && !isSpoken(name)

/** A path segment for each name, all different. */
export function segmentNames(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(names.filter(isSegment))
  return new Map(
    names.map(name => {
      if (isSegment(name)) return [name, name]
      const ascii = name.normalize('NFKD').replace(/\p{M}/gu, '')
      const joined = (ascii.match(/[A-Za-z0-9_]+/g) ?? []).join('-')
      const fit = isFoundSegment(joined) && joined.length > 1 ? joined : `list-${joined}`.replace(/-$/, '')
      return [name, free(isTaken(fit) ? `${fit}-data` : fit, taken, '-')]
    }),
  )
}

const isTaken = (name: string): boolean => reservedPaths.has(name) || isVersionSegment(name)
const isSegment = (name: string): boolean => isFoundSegment(name) && name.length > 1 && !isTaken(name)

function free(name: string, taken: Set<string>, hyphen: string): string {
  let fit = name
  for (let number = 2; taken.has(fit); number++) fit = `${name}${hyphen}${number}`
  taken.add(fit)
  return fit
}
