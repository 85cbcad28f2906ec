// RFC 9110 §15: status codes, with every row of the IANA registry and the well-known unregistered ones

import { informational } from './status/1xx.ts'
import { successful } from './status/2xx.ts'
import { redirection } from './status/3xx.ts'
import { clientError } from './status/4xx.ts'
import { serverError } from './status/5xx.ts'
import type { Status, StatusRow } from './status/kind.ts'
import { unregisteredClientError } from './status/unregistered-4xx.ts'
import { unregisteredServerError } from './status/unregistered-5xx.ts'

export type { Advice, Status } from './status/kind.ts'

function registered(kind: Status['kind'], rows: readonly StatusRow[]): readonly Status[] {
  return rows.map(row => ({ cacheable: 'explicitly', ...row, kind, registered: true }))
}

function unregistered(kind: Status['kind'], rows: readonly StatusRow[]): readonly Status[] {
  return rows.map(row => ({ cacheable: 'explicitly', ...row, kind, registered: false, usedBy: row.source }))
}

/** Every known status by its code, in ascending order. */
export const statuses: ReadonlyMap<number, Status> = new Map(
  [
    registered('informational', informational),
    registered('successful', successful),
    registered('redirection', redirection),
    registered('client-error', clientError),
    registered('server-error', serverError),
    unregistered('client-error', unregisteredClientError),
    unregistered('server-error', unregisteredServerError),
  ]
    .flat()
    .sort((a, b) => a.code - b.code)
    .map(status => [status.code, status]),
)

/** The reason phrase of a known code, `''` for any other, which HTTP/1.1 allows (RFC 9112 §4). */
export function reasonOf(code: number): string {
  return statuses.get(code)?.reason ?? ''
}

/**
 * The row by which a client acts on any code: its own where known, else x00 of its class; a code outside 100 to 599 is
 * read as a server error. RFC 9110 §15.
 */
export function understand(code: number): Status {
  const own = statuses.get(code)
  if (own !== undefined) return own
  const isInRange = Number.isInteger(code) && code >= 100 && code <= 599
  return statuses.get(isInRange ? code - (code % 100) : 500) as Status
}
