// Segments of paths, and what they stand for.
import type { Api, Response } from './api.ts'

/** `{id}` */
export const isGiven = (segment: string): boolean => segment.startsWith('{')

const pages: ReadonlySet<string> = new Set(
  'docs health healthz livez ready readyz metrics console status openapi swagger'.split(' '),
)

/** What belongs to the API as a whole: its documents and its health. */
export const isPage = (segment: string): boolean =>
  pages.has(segment) || segment.startsWith('.well-known') || /\.(json|ya?ml|css|js|html|txt|ico)$/.test(segment)

/** `v1`, `v2.1`, `api`: where an API begins. */
export const isPrefix = (segment: string): boolean => /^(v\d+(\.\d+)*|api|rest)$/i.test(segment)

/** `userAccounts`, `user-accounts`, `user_accounts` → user, accounts. */
export const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)

/** How many named things stand in a path. */
export const levelsOf = (segments: readonly string[]): number =>
  segments.filter((segment, index) => !isGiven(segment) && !(isPrefix(segment) && index < 2)).length

export const isSuccess = ({ status }: Response): boolean => status.startsWith('2')

/** Whether a response is a list, bare or in an envelope of one. */
export function isArray(api: Api, response: Response): boolean {
  if (!isSuccess(response)) return false
  return Object.entries(response.content).some(
    ([type, media]) => type.includes('json') && api.shapes(media.schema).some(({ type }) => type === 'array'),
  )
}
