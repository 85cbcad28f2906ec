// What passes between a client and its servers, told to whoever records it. Without a recorder it costs one look.
import type { Outgoing } from '../exchange/request.ts'
import type { Incoming } from '../exchange/response.ts'
import type { Call } from './call.ts'
import type { Layer } from './layer.ts'

/** Is told of a request as it is sent, with credentials, and tells what to do with its end. */
export type Recorder = (
  request: Outgoing,
  call: Call,
) => { readonly answered: (answer: Incoming) => Incoming; readonly failed: (error: unknown) => void }

export type RecordLayer = Layer & { readonly recorders: Set<Recorder> }

/** It stands inside redirections, retries and authentication, and outside content codings. */
export function record(): RecordLayer {
  const recorders = new Set<Recorder>()
  return {
    name: 'record',
    recorders,
    around: next => (request, call) => {
      if (recorders.size === 0) return next(request, call)
      const told = [...recorders].map(recorder => recorder(request, call))
      return next(request, call).then(
        answer => told.reduce((so, { answered }) => answered(so), answer),
        error => {
          for (const { failed } of told) failed(error)
          throw error
        },
      )
    },
  }
}
