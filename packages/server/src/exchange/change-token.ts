// A moment in a database's history, as a word that callers keep and send back: what has changed since?
import { Refusal } from '../define/refusal.ts'
import { after, type Clock, type Later, type Reads } from '../store/store.ts'

/** `m2x4k0qy.4q`: which database, and its revision. Plain: it holds nothing that revisions do not tell anyway. */
export const formatChangeToken = ({ origin, revision }: Pick<Clock, 'origin' | 'revision'>): string =>
  `${origin.toString(36)}.${revision.toString(36)}`

/** The moment a token names; undefined where it is none. */
export function parseChangeToken(token: string): Pick<Clock, 'origin' | 'revision'> | undefined {
  const [, origin, revision] = /^([0-9a-z]{1,10})\.([0-9a-z]{1,10})$/.exec(token) ?? []
  if (origin === undefined || revision === undefined) return undefined
  return { origin: Number.parseInt(origin, 36), revision: Number.parseInt(revision, 36) }
}

/** The token of the state that `reads` show. */
export const currentToken = (reads: Reads): Later<string> => after(reads.clock(), formatChangeToken)

/**
 * The revision that a token stands for; without a token, the beginning.
 * @throws Refusal `change-token-invalid` (400) where it is none, `change-token-expired` (410) where the database cannot
 * tell any more what happened since.
 */
export function revisionOf(reads: Reads, token: string | undefined): Later<number> {
  if (token === undefined) return 0
  const moment = parseChangeToken(token)
  if (moment === undefined)
    throw new Refusal('change-token-invalid', `“${token.slice(0, 60)}” is no token of this service.`)
  return after(reads.clock(), clock => {
    if (moment.origin !== clock.origin || moment.revision > clock.revision)
      throw new Refusal('change-token-expired', `The token “${token}” is of another state of the database.`)
    if (moment.revision < clock.forgotten)
      throw new Refusal('change-token-expired', `The token “${token}” is older than the deletions that are remembered.`)
    return moment.revision
  })
}
