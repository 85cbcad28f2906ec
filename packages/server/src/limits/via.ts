// RFC 9110 §7.6.3: Via, by which a loop is told.
import { type Refused, refuse } from '../exchange/answer.ts'
import type { Exchange } from '../exchange/exchange.ts'

/** What a request that is made on behalf of `x` says in Via. */
export function viaOf(x: Exchange): string {
  const before = x.field('via')
  const own = `1.1 ${x.runtime.pseudonym}`
  return before === undefined ? own : `${before}, ${own}`
}

export function refusedAsLoop(x: Exchange): Refused | undefined {
  const via = x.field('via')
  const { pseudonym } = x.runtime
  if (via === undefined || !via.includes(pseudonym)) return undefined
  const hops = via.split(',').map(hop => hop.trim().split(/[ \t]+/)[1])
  if (!hops.includes(pseudonym)) return undefined
  return refuse('loop-detected', `The request has been here before: Via names ${pseudonym}, which is this server.`)
}
