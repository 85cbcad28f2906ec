// The way of a request, in order. Each gate asks one small question: undefined is yes, go on; anything else answers.
// A gate sets no field and writes nothing; it may note on the exchange what it has found out.
import type { Later } from '../store/store.ts'
import type { Stop } from './answer.ts'
import type { Exchange } from './exchange.ts'
import { authenticated, contentSigned } from './gates/caller.ts'
import { codingAcceptable } from './gates/coding.ts'
import { contentValid } from './gates/content.ts'
import { contentLengthKnown, contentSmallEnough, contentUnderstood, expectationMet } from './gates/content-fields.ts'
import { resourceExists } from './gates/existence.ts'
import { keyUsable } from './gates/key.ts'
import { addressWithinLimits, notALoop, notBlockedByLaw, withinLimits } from './gates/limits.ts'
import { preferencesUnderstood, representationChosen } from './gates/negotiation.ts'
import { notAPreflight } from './gates/origin.ts'
import { permitted } from './gates/permitted.ts'
import { preconditionsHold } from './gates/preconditions.ts'
import { queryUnderstood } from './gates/query.ts'
import { rangeSatisfiable } from './gates/range.ts'
import {
  hostServed,
  messageUnderstood,
  methodAllowed,
  methodKnown,
  routeFound,
  serviceAvailable,
  uriAcceptable,
  versionServed,
} from './gates/target.ts'

export type Gate = {
  readonly name: string
  readonly section: string
  readonly ask: (x: Exchange) => Later<Stop | undefined>
}

const gate = (name: string, _statuses: string, section: string, ask: Gate['ask']): Gate => ({ name, section, ask })

/** Asked of the message alone, before anything is opened or locked. */
export const gatesOfTheRequest: readonly Gate[] = [
  gate('message understood', '505, 501, 431, 400', 'RFC 9112 §2.3, §3.2, §6.1', messageUnderstood),
  gate('method known', '501', 'RFC 9110 §15.6.2', methodKnown),
  gate('URI acceptable', '414, 400', 'RFC 9110 §15.5.15', uriAcceptable),
  gate('host served', '421', 'RFC 9110 §15.5.20', hostServed),
  gate('not a loop', '508', 'RFC 9110 §7.6.3', notALoop),
  gate('address within limits', '429, 402', 'RFC 6585 §4', addressWithinLimits),
  gate('route found', '404, 308', 'RFC 9110 §15.5.5', routeFound),
  gate('version served', '404, 410', 'RFC 9110 §15.5.5', versionServed),
  gate('method allowed', '405', 'RFC 9110 §15.5.6', methodAllowed),
  gate('service available', '503', 'RFC 9110 §15.6.4', serviceAvailable),
  gate('not a preflight', '204', 'Fetch §3.3', notAPreflight),
  gate('authenticated', '401', 'RFC 9110 §15.5.2', authenticated),
  gate('permitted', '403', 'RFC 9110 §15.5.4', permitted),
  gate('within limits', '429, 402', 'RFC 6585 §4', withinLimits),
  gate('not blocked by law', '451', 'RFC 7725 §3', notBlockedByLaw),
  gate('expectation met', '417', 'RFC 9110 §10.1.1', expectationMet),
  gate('content length known', '411', 'RFC 9110 §15.5.12', contentLengthKnown),
  gate('content small enough', '413', 'RFC 9110 §15.5.14', contentSmallEnough),
  gate('content understood', '415, 400', 'RFC 9110 §15.5.16, §14.5', contentUnderstood),
  gate('preferences understood', '400', 'RFC 7240 §2', preferencesUnderstood),
  gate('representation chosen', '406', 'RFC 9110 §12.5.1', representationChosen),
  gate('coding acceptable', '406', 'RFC 9110 §12.5.3', codingAcceptable),
  gate('query understood', '400', 'RFC 9110 §15.5.1', queryUnderstood),
  gate('content well-formed and valid', '400, 408, 413, 507', 'RFC 9110 §15.5.1', contentValid),
  gate('content signed', '401, 429, 402', 'RFC 7616 §3.4.3', x => contentSigned(x)),
  gate('key usable', '400', 'draft-ietf-httpapi-idempotency-key-header-07 §2', keyUsable),
]

/** Asked of the resource's state: for a write, inside its transaction. */
export const gatesOfTheState: readonly Gate[] = [
  gate('resource exists', '404, 410', 'RFC 9110 §15.5.5', resourceExists),
  gate('preconditions hold', '412, 304, 428, 400', 'RFC 9110 §13.2.2', preconditionsHold),
]

/** Asked of the representation, once it is built and coded: only then is its length known. */
export const gatesOfTheRepresentation: readonly Gate[] = [
  gate('range satisfiable', '416', 'RFC 9110 §14.2', rangeSatisfiable),
]
