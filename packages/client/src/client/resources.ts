// `client.accounts.get(id)`: calls by the names of resources, put together when a name is first used.
import type { ParamValue } from '../exchange/params.ts'
import { segment } from '../exchange/target.ts'
import type { Clock } from '../layers/call.ts'
import type { RequestOptions } from './options.ts'
import type { PendingResponse } from './pending.ts'
import type { PendingValue } from './typed.ts'
import type { Change, UpdateOptions } from './update.ts'

/** What resources ask of their client. */
export type Asker = {
  readonly request: (method: string, target: string, options?: RequestOptions) => PendingResponse
  readonly clock?: Clock
}

type Members = Readonly<Record<string, unknown>>
type Params = Readonly<Record<string, ParamValue>>

/** Names that other code asks any object for, to see what it is. */
const notResources: ReadonlySet<string> = new Set([
  'then',
  'toJSON',
  'nodeType',
  'tagName',
  'asymmetricMatch',
  '$$typeof',
])

/** Answers for every member that `known` does not have with the calls of the resource of that name. */
export function resourceNames(known: object, callsOf: (name: string, receiver: unknown) => unknown): object {
  return new Proxy(known, {
    get(target, name, receiver) {
      if (typeof name === 'symbol' || name in target || notResources.has(name))
        return Reflect.get(target, name, receiver)
      return callsOf(name, receiver)
    },
  })
}

/** The calls of the resource at `path`: a function, for a service, that has those of a collection. */
export function resourceCalls(client: Asker, path: string): object {
  const item = (id: string) => `${path}/${segment(id)}`
  const below = new Map<string, object>()
  let method: Promise<'GET' | 'POST'> | undefined

  async function call(input: Members = {}, options: RequestOptions = {}) {
    method ??= methodOf(client, path, options)
    const known = await method.catch(error => {
      method = undefined
      throw error
    })
    return client.request(
      known,
      path,
      known === 'POST'
        ? { ...options, body: input }
        : { ...options, params: { ...(input as Params), ...words(options) } },
    )
  }

  return Object.assign((input?: Members, options?: RequestOptions) => laterValue(call(input, options)), {
    list: (query: Params = {}, options: RequestOptions = {}) =>
      value(
        client.request('GET', path, {
          arrays: 'comma',
          ...options,
          params: lists({ ...query, ...words(options) }),
        }),
      ),
    get: (id: string, options?: RequestOptions) => value(client.request('GET', item(id), options)),
    create: (body: Members, options?: RequestOptions) => value(client.request('POST', path, { ...options, body })),
    put: (id: string, body: Members, options?: RequestOptions) =>
      value(client.request('PUT', item(id), { ...options, body })),
    update: async (id: string, change: Change<Members>, options?: UpdateOptions<Members>) => {
      const { update } = await import('./update.ts')
      return update(client, item(id), change, options)
    },
    delete: async (id: string, options?: RequestOptions) => {
      await (await client.request('DELETE', item(id), options)).discard()
    },
    of: (id: string) =>
      resourceNames({}, name => {
        const target = `${item(id)}/${segment(name)}`
        const known = below.get(target) ?? resourceCalls(client, target)
        if (below.size < 100) below.set(target, known)
        return known
      }),
  })
}

/** The query words that the options add; only a record can be joined with others. */
function words({ params = {} }: RequestOptions): Params {
  if (typeof params === 'string' || params instanceof URLSearchParams)
    throw new TypeError('params are joined with the query of this call, and so have to be a record')
  return params
}

/** `sort` and `fields` are lists in one text; of other words a comma is part of the value. */
function lists(params: Params): Params {
  const { sort, fields } = params
  return {
    ...params,
    ...(typeof sort === 'string' && { sort: sort.split(',') }),
    ...(typeof fields === 'string' && { fields: fields.split(',') }),
  }
}

/** Whether a service is asked by GET or by POST, which only its server knows (RFC 9110 §9.3.7, §10.2.1). */
async function methodOf(
  client: Asker,
  path: string,
  { signal, deadline, fields }: RequestOptions,
): Promise<'GET' | 'POST'> {
  const response = await client.request('OPTIONS', path, {
    ...(signal === undefined ? {} : { signal }),
    ...(deadline === undefined ? {} : { deadline }),
    ...(fields === undefined ? {} : { fields }),
  })
  await response.discard()
  const allowed = (response.field('allow') ?? '').split(/[ ,]+/)
  return allowed.includes('POST') || !allowed.includes('GET') ? 'POST' : 'GET'
}

function value(response: PendingResponse): PendingValue<unknown> {
  return Object.assign(response.json(), { response })
}

function laterValue(response: Promise<{ json: () => Promise<unknown> }>): PendingValue<unknown> {
  return Object.assign(
    response.then(each => each.json()),
    { response },
  ) as PendingValue<unknown>
}
