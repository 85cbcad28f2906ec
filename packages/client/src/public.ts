// What both entries make public.
export { memoryStore } from './cache/memory.ts'
export type { CacheStore, Keeping, Kept, StoreBounds } from './cache/store.ts'
export { type CallEvent, Client } from './client/client.ts'
export type { ClientOf } from './client/client-of.ts'
export type { ContractClient, OperationOptions, ResultOf } from './client/contract.ts'
export type { ClientOptions, GivenFields, RequestOptions, SharedOptions } from './client/options.ts'
export { PendingResponse } from './client/pending.ts'
export { type Asked, HttpResponse } from './client/response.ts'
export type { Change, UpdateOptions } from './client/update.ts'
export {
  AuthError,
  ComityError,
  DeadlineError,
  DecodeError,
  DisallowedError,
  HttpError,
  NetworkError,
  type NetworkErrorKind,
  type Phase,
  TransferError,
} from './errors.ts'
export { type BodyValue, type TypedContent, typedContent } from './exchange/content.ts'
export { completeBody, Inbox } from './exchange/inbox.ts'
export { type ArrayStyle, encodeParams, type Params, type ParamValue } from './exchange/params.ts'
export type { Row, XmlNode } from './exchange/reading.ts'
export type { Content, Outgoing } from './exchange/request.ts'
export type { Hop, Incoming, ReceivedBody, Timings } from './exchange/response.ts'
export type {
  Downloaded,
  DownloadOptions,
  Progress,
  TransferOptions,
  Uploaded,
  UploadOptions,
} from './exchange/transfers.ts'
export type { Transport, TransportOptions } from './exchange/transport.ts'
export type { Har, HarOptions, HarRecording } from './har/har.ts'
export { apiKey } from './layers/auth/api-key.ts'
export { basic } from './layers/auth/basic.ts'
export { bearer } from './layers/auth/bearer.ts'
export { type DigestOptions, digest } from './layers/auth/digest.ts'
export type { Hashes } from './layers/auth/hashes.ts'
export { type OAuth1Options, oauth1 } from './layers/auth/oauth1.ts'
export { clientCredentials, type DevicePrompt, deviceCode } from './layers/auth/oauth2/grants.ts'
export type { OAuth2Options, TokenStore, Tokens } from './layers/auth/oauth2/options.ts'
export type { Answered, AuthScheme, Exchange, Next, Secret } from './layers/auth/scheme.ts'
export { type AuthOptions, auth } from './layers/auth.ts'
export { type BreakerOptions, breaker } from './layers/breaker.ts'
export { type CacheLayer, type CacheOptions, type CacheWish, cache } from './layers/cache/cache.ts'
export type { Call, CallOptions, Clock, TraceNote } from './layers/call.ts'
export type { CodingOptions } from './layers/coding.ts'
export type { CookieOptions } from './layers/cookies.ts'
export { type DedupeOptions, dedupe } from './layers/dedupe.ts'
export { type IdempotencyOptions, idempotency } from './layers/idempotency.ts'
export { type Layer, type LayerName, layerOrder, type Send } from './layers/layer.ts'
export { type NegotiateOptions, negotiate } from './layers/negotiate.ts'
export { type PoliteOptions, pace } from './layers/pace.ts'
export { type RedirectOptions, redirect } from './layers/redirect.ts'
export { type RetryBudget, type RetryOptions, retry } from './layers/retry.ts'
export { Metrics, type MetricsOptions, type MetricsReport } from './metrics/metrics.ts'
export type { Attempts, Durations, RouteReport } from './metrics/tally.ts'
export { type NextPage, type Page, Pages, type PagesOptions } from './paging/pages.ts'
