// RFC 9309 §2.3: robots.txt of an origin, fetched when it is first needed and kept for a day at most
import { allowAll, disallowAll, nextRequest, parseRobots, productToken, type Robots, robotsLimit } from '@comity/http'
import type { Outgoing } from '../../exchange/request.ts'
import type { Incoming } from '../../exchange/response.ts'
import type { Call } from '../call.ts'
import { ownCall, unlessAborted } from '../common-wait.ts'
import type { Send } from '../layer.ts'

const day = 86_400_000
/** Ms until one that could not be reached is asked for again. */
const soon = 60_000
/** Ms that one may take to come, redirections included. */
const longest = 30_000
/** §2.3.1.2 */
const mostHops = 5
const mostOrigins = 1000

type Kept = { readonly robots: Robots; readonly until: number; readonly reached: boolean }

export type RobotsFor = (origin: string, call: Call) => Promise<Robots>

export function robotsOf(send: Send, userAgent: string): RobotsFor {
  const kept = new Map<string, Kept>()
  const pending = new Map<string, Promise<Robots>>()

  async function fetched(origin: string, call: Call): Promise<Robots> {
    const now = call.clock.now()
    const answer = await ask(origin, call).catch(() => undefined)
    // §2.4: an old copy serves longer only where a new one cannot be reached.
    const old = kept.get(origin)
    const robots = answer ?? (old?.reached ? old.robots : disallowAll)
    if (kept.size >= mostOrigins) kept.clear()
    kept.set(origin, {
      robots,
      until: now + (answer ? day : soon),
      reached: answer !== undefined || old?.reached === true,
    })
    call.note('pace', answer ? `read ${origin}/robots.txt` : `${origin}/robots.txt cannot be reached`)
    return robots
  }

  /** `undefined`: unreachable. */
  async function ask(origin: string, call: Call): Promise<Robots | undefined> {
    let request: Outgoing = {
      method: 'GET',
      url: `${origin}/robots.txt`,
      fields: { accept: 'text/plain', 'user-agent': userAgent },
      content: undefined,
    }
    let hops: readonly string[] = []
    for (;;) {
      const response = await send(request, call)
      const { status } = response
      if (status >= 300 && status < 400 && status !== 304) {
        await response.body.discard()
        const next = nextRequest(
          { ...request, hasContent: false },
          { status, location: response.fields.location },
          hops,
          mostHops,
        )
        // §2.3.1.2: more redirections than that are as if it were not there.
        if (next.kind === 'stop') return allowAll
        request = { ...request, url: next.request.url }
        hops = next.hops
        continue
      }
      if (status >= 200 && status < 300) return parseRobots(await beginning(response), productToken(userAgent))
      await response.body.discard()
      // §2.3.1.3, §2.3.1.4
      return status >= 500 ? undefined : allowAll
    }
  }

  return (origin, call) => {
    const found = kept.get(origin)
    if (found !== undefined && found.until > call.clock.now()) return Promise.resolve(found.robots)
    let asked = pending.get(origin)
    if (asked === undefined) {
      asked = fetched(origin, ownCall(call, longest)).finally(() => pending.delete(origin))
      pending.set(origin, asked)
    }
    return unlessAborted(asked, call.signal)
  }
}

/** §2.5: so much of it, up to the last whole line. */
async function beginning({ body }: Incoming): Promise<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let text = ''
  let size = 0
  for await (const piece of body) {
    const left = robotsLimit - size
    text += decoder.decode(piece.subarray(0, left), { stream: true })
    size += piece.length
    if (size >= robotsLimit) return text.slice(0, Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1)
  }
  return text + decoder.decode()
}
