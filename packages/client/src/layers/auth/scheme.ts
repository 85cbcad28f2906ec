// RFC 9110 §11: an authentication scheme, as the layer sees it. It yields requests and receives responses; sending them
// is the layer's part.
import type { Outgoing } from '../../exchange/request.ts'
import type { Incoming } from '../../exchange/response.ts'
import type { Call } from '../call.ts'
import type { Send } from '../layer.ts'

/**
 * What nobody else may know: the text itself, or what tells it when it is needed. `refresh`: what it told last was
 * refused. Text is never taken for a reference to a file or variable; in Node `secret('env:NAME')` makes one.
 */
export type Secret = string | ((asked?: { readonly refresh?: boolean }) => string | Promise<string>)

/** What a scheme has at hand when it is asked. */
export type Exchange = {
  readonly call: Call
  /** To ask others than the resource: a token endpoint. */
  readonly send: Send
}

/** An answer, and what it answered. */
export type Answered = {
  readonly response: Incoming
  /** As it was sent, with credentials. */
  readonly sent: Outgoing
  /** As it was before. */
  readonly request: Outgoing
  /** How often it has been sent, this time included. */
  readonly tries: number
}

export type AuthScheme = {
  /** For traces: `Basic`, `Digest`. */
  readonly name: string
  /**
   * Who is authorized, the same as long as it is the same one, in every process: a cache tells answers apart by it, and
   * keeps no more than a digest. Left out, each scheme is somebody else.
   */
  readonly who?: () => string
  /** The request with credentials, as far as they are known yet. */
  readonly sign: (request: Outgoing, exchange: Exchange) => Outgoing | Promise<Outgoing>
  /** What follows from the answer; undefined: it stands. */
  readonly receive?: (answered: Answered, exchange: Exchange) => Next | undefined | Promise<Next | undefined>
}

/** `send`: the request to send next. `stand`: the answer, with content that is looked at as it is read. */
export type Next =
  | { readonly kind: 'send'; readonly request: Outgoing }
  | { readonly kind: 'stand'; readonly response: Incoming }

/** `who` of a scheme, where its secret is told outright. */
export function whoHas(secret: Secret, name = ''): Pick<AuthScheme, 'who'> {
  return typeof secret === 'string' ? { who: () => `${name}:${secret}` } : {}
}

/** The text of a secret; a promise only where it has to be waited for. */
export function told(secret: Secret, asked?: { readonly refresh?: boolean }): string | Promise<string> {
  return typeof secret === 'string' ? secret : secret(asked)
}

/** The request with one more field. */
export function withField(request: Outgoing, name: string, value: string): Outgoing {
  return { ...request, fields: { ...request.fields, [name]: value } }
}

/** `then` of what may be here already. */
export function after<T, U>(value: T | Promise<T>, next: (value: T) => U): U | Promise<Awaited<U>> {
  return value instanceof Promise ? (value.then(next) as Promise<Awaited<U>>) : next(value)
}
