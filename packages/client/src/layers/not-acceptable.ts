// RFC 9110 §15.5.7: what a 406 offers instead, asked for where it can be read.
import { fieldValue, findLink, negotiateMediaType, parseLinks, parseProblem } from '@comity/http'
import { gathered } from '../exchange/gather.ts'
import type { Outgoing } from '../exchange/request.ts'
import type { Incoming } from '../exchange/response.ts'
import type { Call } from './call.ts'
import type { Send } from './layer.ts'

const mostRead = 64 * 1024

/** The answer to the request with the best that was offered, or the 406 where nothing offered can be read. */
export async function askAgain(refusing: Incoming, request: Outgoing, call: Call, next: Send): Promise<Incoming> {
  const { content } = request
  const { accept: asked } = request.fields
  const body = await gathered(refusing.body, mostRead)
  const refused = { ...refusing, body: body.complete ? again(await body.bytes()) : body }
  const available = body.complete ? await alternatives(refusing, await refused.body.bytes()) : []
  const type = available[negotiateMediaType(asked, available)]
  if (type === undefined || type === asked || (content?.kind === 'source' && content.reading === 'once')) {
    call.note('negotiate', '406, and nothing offered instead can be read', { asked, available })
    return refused
  }
  call.note('negotiate', `406; asked again for ${type}, which is offered instead`, { asked, available })
  return next({ ...request, fields: { ...request.fields, accept: type } }, call)
}

/** Content that may be read more than once: here, and by whom it was meant for. */
const again = (bytes: Uint8Array): Incoming['body'] => ({
  complete: true,
  bytes: async () => bytes,
  discard: async () => {},
  async *[Symbol.asyncIterator]() {
    if (bytes.length > 0) yield bytes
  },
})

/** The media types that a 406 names: `available` of its problem details, or links to alternates (RFC 9110 §15.5.7). */
async function alternatives({ fields }: Incoming, content: Uint8Array): Promise<readonly string[]> {
  const types: string[] = []
  if (/^application\/(?:problem\+)?json\b/i.test(fieldValue(fields, 'content-type') ?? '')) {
    try {
      const available = parseProblem(JSON.parse(new TextDecoder().decode(content)))?.available
      if (Array.isArray(available)) for (const row of available.slice(0, 100)) types.push(row?.type ?? row)
    } catch {
      // Not JSON: nothing is offered by it.
    }
  }
  for (const link of parseLinks(fieldValue(fields, 'link') ?? '')) {
    const { type } = link.params
    if (findLink([link], 'alternate') !== undefined && type !== undefined) types.push(type)
  }
  return types.filter(type => typeof type === 'string' && /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(type))
}
