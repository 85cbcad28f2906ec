// RFC 6585 §4, RFC 9110 §15.5.3: how much may be asked for?
import { refusedByLaw } from '../../limits/blocked.ts'
import { refusedAsLoop } from '../../limits/via.ts'
import type { Later } from '../../store/store.ts'
import type { Stop } from '../answer.ts'
import type { Exchange } from '../exchange.ts'

/** Before credentials are looked at, since looking at them costs something. */
export function addressWithinLimits(x: Exchange): Later<Stop | undefined> {
  return x.runtime.limits === undefined || x.run !== undefined ? undefined : x.runtime.limits.ask(x, 'before')
}

/** What a job does was counted when it was asked for. Of who has not proved yet who they are, it is asked once they have. */
export function withinLimits(x: Exchange): Later<Stop | undefined> {
  const { runtime, run, contentSigned } = x
  return runtime.limits === undefined || run !== undefined || contentSigned !== undefined
    ? undefined
    : runtime.limits.ask(x, 'after')
}

export const notALoop = (x: Exchange): Stop | undefined => refusedAsLoop(x)

/** After all that could keep a caller from knowing that there is something. RFC 7725 */
export const notBlockedByLaw = (x: Exchange): Stop | undefined => refusedByLaw(x)
