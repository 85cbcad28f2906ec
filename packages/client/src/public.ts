// What both entries make public.
export { type CallEvent, Client } from './client/client.ts'
export type { ClientOptions, GivenFields, RequestOptions, SharedOptions } from './client/options.ts'
export { PendingResponse } from './client/pending.ts'
export { type Asked, HttpResponse } from './client/response.ts'
export {
  ComityError,
  DeadlineError,
  DecodeError,
  HttpError,
  NetworkError,
  type NetworkErrorKind,
  type Phase,
} from './errors.ts'
export { type BodyValue, type TypedContent, typedContent } from './exchange/content.ts'
export { completeBody, Inbox } from './exchange/inbox.ts'
export { type ArrayStyle, encodeParams, type Params, type ParamValue } from './exchange/params.ts'
export type { Row, XmlNode } from './exchange/reading.ts'
export type { Content, Outgoing } from './exchange/request.ts'
export type { Hop, Incoming, ReceivedBody, Timings } from './exchange/response.ts'
export type { Transport, TransportOptions } from './exchange/transport.ts'
export type { Call, CallOptions, Clock, TraceNote } from './layers/call.ts'
export { type Layer, type LayerName, layerOrder, type Send } from './layers/layer.ts'
