// RFC 9110 §12: what can be read is in every request's Accept; what a 406 offers instead is asked for once.
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
        const { askAgain } = await import('./not-acceptable.ts')
        return askAgain(incoming, request, call, next)
      })
    },
  }
}
