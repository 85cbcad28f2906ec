// WHATWG Fetch §5.4, with a client behind it: real Headers, Request and Response.
import { NetworkError } from '../errors.ts'
import { typedContent } from '../exchange/content.ts'
import type { RequestOptions } from './options.ts'
import type { PendingResponse } from './pending.ts'
import type { HttpResponse } from './response.ts'

type Asker = { readonly request: (method: string, target: string, options?: RequestOptions) => PendingResponse }

/** Statuses whose Response cannot have a body. */
const bodiless: ReadonlySet<number> = new Set([101, 204, 205, 304])

/**
 * As `fetch`: any status resolves, a failure of the network rejects with TypeError (the NetworkError is its cause), an
 * abort with its reason. `init` is what the request was made of. What browsers alone can keep (`mode`, `credentials`, `cache`)
 * is not looked at.
 */
export async function fetchThrough(client: Asker, request: Request, init?: RequestInit): Promise<Response> {
  const fields: Record<string, string> = Object.fromEntries(request.headers)
  const { method, signal } = request
  const body = request.body === null ? undefined : await contentOf(request, init)
  if (signal.aborted) throw signal.reason
  let response: HttpResponse
  try {
    response = await client.request(method, request.url, {
      fields,
      signal,
      throwOnError: false,
      ...(request.redirect === 'follow' ? {} : { redirect: false as const }),
      ...(body === undefined ? {} : { body }),
    })
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (error instanceof NetworkError) throw new TypeError('fetch failed', { cause: error })
    throw error
  }
  if (request.redirect === 'error' && response.status >= 300 && response.status < 400 && response.status !== 304) {
    await response.discard()
    throw new TypeError('fetch failed', { cause: new Error('there was a redirection') })
  }
  return platformResponse(response, request)
}

/** A stream goes out as it comes; all else is in memory, and can be sent again. */
async function contentOf(request: Request, init: RequestInit | undefined): Promise<unknown> {
  const type = request.headers.get('content-type') ?? undefined
  if (init?.body instanceof ReadableStream) return request.body
  return typedContent({ kind: 'bytes', bytes: new Uint8Array(await request.arrayBuffer()) }, type)
}

async function platformResponse(response: HttpResponse, request: Request): Promise<Response> {
  const headers = new Headers()
  for (const [name, value] of Object.entries(response.fields))
    if (value !== undefined && name !== 'set-cookie') headers.set(name, value)
  for (const cookie of response.cookies) headers.append('set-cookie', cookie)
  const isBare = bodiless.has(response.status) || request.method === 'HEAD'
  if (isBare) await response.discard()
  const { status, reason, url, redirects } = response
  // A status beyond 599 cannot be given to the constructor, though servers send it and `fetch` shows it.
  const known = status >= 200 && status <= 599
  const made = new Response(isBare ? null : response.stream(), {
    status: known ? status : 200,
    statusText: reason,
    headers,
  })
  if (!known) Object.defineProperties(made, { status: { value: status }, ok: { value: false } })
  Object.defineProperty(made, 'url', { value: url })
  Object.defineProperty(made, 'redirected', { value: redirects.length > 0 })
  return made
}
