// What was answered, as this client gets it: the last step of `respond`, for every answer alike.
import { withLimits } from '../limits/fields.ts'
import { after, type Later } from '../store/store.ts'
import { announced } from '../versions/announce.ts'
import type { Answer } from './answer.ts'
import { forCaller, withCacheStatus } from './caching.ts'
import { settled } from './coding/settle.ts'
import { withCors } from './cors.ts'
import { noteWritten } from './difference.ts'
import { withContentDigest, withReprDigest } from './digests.ts'
import type { Exchange } from './exchange.ts'
import { partial } from './partial.ts'

/** Pure but for reading what is sent. Each step takes what the one before it made: ranges are of what is coded. */
export function deliver(x: Exchange, answer: Answer): Later<Answer> {
  noteWritten(x, answer)
  return after(settled(x, announced(x, answer)), coded =>
    after(partial(x, withReprDigest(x, coded)), sent =>
      withCookies(
        answer,
        withCors(x, withLimits(x, withCallerFields(x, withCacheStatus(x, forCaller(x, withContentDigest(x, sent)))))),
      ),
    ),
  )
}

/** RFC 9110 §11.6.3: what the caller's scheme says beside any answer; and what the audit log calls the request. */
function withCallerFields(x: Exchange, answer: Answer): Answer {
  const { callerFields, toldUnder } = x
  if (callerFields === undefined && toldUnder === undefined) return answer
  return {
    ...answer,
    fields: { ...answer.fields, ...callerFields, ...(toldUnder !== undefined && { 'x-request-id': toldUnder }) },
  }
}

/** Whatever was made of the answer on the way. */
const withCookies = ({ cookies }: Answer, sent: Answer): Answer => (cookies === undefined ? sent : { ...sent, cookies })
