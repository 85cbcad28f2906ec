// RFC 9110 §12.5.3: is there a content coding that the client accepts?
import { refuse, type Stop } from '../answer.ts'
import { codingOf, mayBeCoded } from '../coding/of-exchange.ts'
import type { Exchange } from '../exchange.ts'

export function codingAcceptable(x: Exchange): Stop | undefined {
  if (codingOf(x).best !== undefined || x.method === 'OPTIONS' || x.method === 'DELETE') return
  const available = [...(mayBeCoded(x) ? x.runtime.model.compression.codings : []), 'identity']
  return refuse(
    'coding-not-acceptable',
    `“${x.field('accept-encoding')}” allows none of the content codings available here: ${available.join(', ')}.`,
    { members: { available: available.map(coding => ({ coding })) } },
  )
}
