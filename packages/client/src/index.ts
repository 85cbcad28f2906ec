export type { Content, Outgoing } from './exchange/request.ts'
export type { Incoming, ReceivedBody } from './exchange/response.ts'
export type { Call, CallOptions, Clock, TraceNote } from './layers/call.ts'
export { type Layer, type LayerName, layerOrder, type Send } from './layers/layer.ts'
