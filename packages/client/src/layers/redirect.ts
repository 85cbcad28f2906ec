// RFC 9110 §15.4: redirections, by the rules of @comity/http.
import { fieldValue, nextRequest, type RedirectOptions as RedirectRules, type RedirectStop } from '@comity/http'
import type { Outgoing } from '../exchange/request.ts'
import type { Hop, Incoming } from '../exchange/response.ts'
import { shownUrl } from '../exchange/target.ts'
import type { Call } from './call.ts'
import type { Layer, Send } from './layer.ts'

/** `limit`: redirections that are followed, 5 by default. */
export type RedirectOptions = RedirectRules & { readonly limit?: number }

declare module './call.ts' {
  interface CallOptions {
    /** False returns redirections as they are. */
    readonly redirect?: RedirectOptions | false
  }
}

export function redirect(options: RedirectOptions = {}): Layer {
  return {
    name: 'redirect',
    around: next => (request, call) => {
      const own = call.options.redirect
      if (own === false) return next(request, call)
      return next(request, call).then(incoming =>
        incoming.status < 300 || incoming.status > 399 || incoming.status === 304
          ? incoming
          : follow(next, request, incoming, call, own === undefined ? options : { ...options, ...own }),
      )
    },
  }
}

async function follow(
  next: Send,
  first: Outgoing,
  redirecting: Incoming,
  call: Call,
  options: RedirectOptions,
): Promise<Incoming> {
  let request = first
  let incoming = redirecting
  let visited: readonly string[] = []
  const hops: Hop[] = []
  for (;;) {
    const { content } = request
    const asked = {
      ...request,
      hasContent: content !== undefined,
      contentReplayable: content?.kind !== 'source' || content.reading === 'again',
    }
    const location = fieldValue(incoming.fields, 'location')
    const found = nextRequest(asked, { status: incoming.status, location }, visited, options.limit ?? 5, options)
    if (found.kind === 'stop') {
      if (found.why === 'not-a-redirect') return hops.length === 0 ? incoming : { ...incoming, hops }
      call.note('redirect', `${incoming.status} not followed: ${words[found.why]}`, { why: found.why })
      return { ...incoming, hops, notFollowed: words[found.why] }
    }
    hops.push({ status: incoming.status, method: request.method, url: request.url, location: found.request.url })
    const dropped = found.dropped.length === 0 ? '' : `, without ${found.dropped.join(', ')}`
    call.note(
      'redirect',
      `${incoming.status} followed to ${found.request.method} ${shownUrl(found.request.url)}${dropped}`,
      { status: incoming.status, dropped: found.dropped },
    )
    visited = found.hops
    const { method, url, fields, hasContent } = found.request
    // A fragment is for whoever reads the answer, not for the server.
    const hash = url.indexOf('#')
    request = { method, url: hash === -1 ? url : url.slice(0, hash), fields, content: hasContent ? content : undefined }
    await incoming.body.discard()
    incoming = await next(request, call)
  }
}

const words: Readonly<Record<RedirectStop, string>> = {
  'not-a-redirect': 'it is no redirection',
  'location-absent': 'it does not say where to',
  'location-invalid': 'its Location is no URL',
  'scheme-refused': 'it leads out of HTTP',
  'too-many': 'there were too many redirections',
  loop: 'the redirections go round in a circle',
  'downgrade-refused': 'it would carry credentials or content from https to http',
  'content-spent': 'the content was a stream that can be sent only once',
  'content-to-other-origin': 'it would carry the content to another origin',
}
