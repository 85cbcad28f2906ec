// What a scheme answers itself, beside the resources: pages to sign in, and where tokens are asked for.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Later } from '../store/store.ts'

/** Where a request of an endpoint stands. */
export type EndpointPlace = {
  /** Path and query below the prefix of the API: `/oauth1/token?x=1`. */
  readonly url: string
  /** What stands before every path of the API, or empty. */
  readonly prefix: string
  /** `https://api.example.org`, as the client sees it. */
  readonly origin: string
  /** Of the client, as far as proxies are believed. */
  readonly address: string
}

export type Endpoints = {
  /** First segment of their paths; no resource may have it. */
  readonly segment: string
  /** Answers anything at or below it. The content of the request is unread. */
  readonly answer: (request: IncomingMessage, response: ServerResponse, place: EndpointPlace) => Later<void>
}
