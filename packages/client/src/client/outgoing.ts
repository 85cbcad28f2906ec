// What a client is told to send, as a request: its own options, and those of the call over them.
import { type Fields, fieldValue } from '@comity/http'
import { contentOf } from '../exchange/content.ts'
import type { Content, Outgoing } from '../exchange/request.ts'
import { type Base, originOf, targetUrl } from '../exchange/target.ts'
import type { CallOptions } from '../layers/call.ts'
import { acceptOf } from '../layers/negotiate.ts'
import { acceptFor, checkNames, mergedFields, mergedParams, paramsFor, withoutSecrets } from './fields.ts'
import type { ClientOptions, RequestOptions } from './options.ts'
import type { Wanted } from './pending.ts'

export const noOptions: CallOptions & RequestOptions = Object.freeze({})

/** The Accept that these options ask for. */
export const askedFor = ({ negotiate }: CallOptions): string | undefined =>
  typeof negotiate === 'object' && negotiate.accept !== undefined ? acceptOf(negotiate.accept) : undefined

/** What holds for every request of a client; `fields` are merged from its options already. */
export type Own = { readonly options: ClientOptions; readonly base: Base | undefined; readonly fields: Fields }

/** @throws TypeError for what cannot be sent */
export function outgoingOf(
  { options: own, base, fields: ownFields }: Own,
  method: string,
  target: string,
  options: RequestOptions,
  wanted: Wanted,
): Outgoing {
  if (options !== noOptions) checkNames(options)
  const ownParams = own.params === undefined ? undefined : paramsFor(own.params, target, base?.origin)
  const { params } = ownParams === undefined ? options : mergedParams(ownParams, options.params)
  const url = targetUrl(base, target, options.path, params, options.arrays ?? own.arrays)
  // What the client sends to its own origin is not for another.
  let fields = base === undefined || originOf(url) === base.origin ? ownFields : withoutSecrets(ownFields)
  const accept = askedFor(options) ?? (wanted.accept === undefined ? undefined : acceptFor(wanted.accept))
  if (accept !== undefined) fields = { ...fields, accept }
  if (options.fields !== undefined) fields = mergedFields(fields, options.fields)
  let content: Content | undefined
  if (options.body !== undefined) {
    const typed = contentOf(options.body)
    content = typed.content
    if (fieldValue(fields, 'content-type') === undefined && typed.type !== undefined)
      fields = { ...fields, 'content-type': typed.type }
  }
  return { method, url, fields, content }
}
