// RFC 9110 §12: what can be read is in every request's Accept; what a 406 offers instead is asked for once.
import { fieldValue, findLink, negotiateMediaType, parseLinks, parseProblem } from '@comity/http'
import { gathered } from '../exchange/gather.ts'
import type { Incoming } from '../exchange/response.ts'
import type { Layer } from './layer.ts'

export type NegotiateOptions = {
  /** Media types that can be read, the best first; asked for where a call does not say what it wants. */
  readonly accept?: readonly string[]
}

declare module './call.ts' {
  interface CallOptions {
    /** False takes a 406 as the answer. */
    readonly negotiate?: NegotiateOptions | false
  }
}

const mostRead = 64 * 1024

/** Media types in order of preference, as Accept. */
export const acceptOf = (types: readonly string[]): string =>
  types.map((type, index) => (index === 0 ? type : `${type};q=${Math.max(1, 10 - index) / 10}`)).join(', ')

/** Accept is written by the client itself, which knows how the content will be read; see `acceptOf`. */
export function negotiate(): Layer {
  return {
    name: 'negotiate',
    around: next => (request, call) => {
      if (call.options.negotiate === false) return next(request, call)
      return next(request, call).then(async incoming => {
        if (incoming.status !== 406) return incoming
        const { content } = request
        const { accept: asked } = request.fields
        const body = await gathered(incoming.body, mostRead)
        const refused = { ...incoming, body: body.complete ? again(await body.bytes()) : body }
        const available = body.complete ? await alternatives(incoming, await refused.body.bytes()) : []
        const type = available[negotiateMediaType(asked, available)]
        if (type === undefined || type === asked || (content?.kind === 'source' && content.reading === 'once')) {
          call.note('negotiate', '406, and nothing offered instead can be read', { asked, available })
          return refused
        }
        call.note('negotiate', `406; asked again for ${type}, which is offered instead`, { asked, available })
        return next({ ...request, fields: { ...request.fields, accept: type } }, call)
      })
    },
  }
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
