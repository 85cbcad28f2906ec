// One connection to the bank that lives as long as the server lets it, and what was learned over it.
import { randomUUID } from 'node:crypto'
import { openWire, type Wire, type WireAnswer } from '../support/wire.ts'
import type { Plan } from './plans.ts'
import { bytesOf, type SentRequest } from './request.ts'

export type Conversation = {
  /** The request that the plan means now. */
  readonly resolve: (plan: Plan) => Promise<SentRequest>
  /** The final answer; undefined where the server closed the connection without one. */
  readonly send: (request: SentRequest) => Promise<WireAnswer | undefined>
  /** The request that became the job of this path; undefined where it was not seen. */
  readonly becameJob: (path: string) => SentRequest | undefined
  /** How many connections it took so far. */
  readonly connections: () => number
  readonly close: () => void
}

export async function converse(url: string): Promise<Conversation> {
  let wire: Wire | undefined
  let connections = 0
  let cursor = 'none'
  let token = 'none'
  const jobs = new Map<string, SentRequest>()
  const transactions = new Map<string, readonly string[]>()

  async function send(request: SentRequest): Promise<WireAnswer | undefined> {
    if (wire === undefined) {
      wire = await openWire(url)
      connections++
    }
    wire.send(bytesOf(request))
    const head = request.method === 'HEAD' ? 'HEAD' : undefined
    let answer = await wire.next(head)
    while (answer !== undefined && answer.status < 200) answer = await wire.next(head)
    if (answer === undefined || answer.fields.connection?.toLowerCase() === 'close') {
      wire.close()
      wire = undefined
    }
    if (answer !== undefined) learn(request, answer)
    return answer
  }

  function learn(request: SentRequest, { status, fields, body }: WireAnswer): void {
    const job = status === 202 ? /\/jobs\/([^/]+)$/.exec(fields.location ?? '')?.[1] : undefined
    if (job !== undefined && !jobs.has(job)) jobs.set(job, request)
    token = /"token":"([^"]+)"/.exec(body.subarray(0, 100).toString())?.[1] ?? token
    const created = status === 201 ? /\/accounts\/([^/]+)$/.exec(fields.location ?? '')?.[1] : undefined
    if (created !== undefined) accounts.unshift(created)
    cursor = /[?&]after=([^&>]+)/.exec(fields.link ?? '')?.[1] ?? cursor
  }

  async function read(target: string): Promise<readonly { readonly id: string }[]> {
    const answer = await send({ method: 'GET', target, fields: [], content: undefined })
    return answer?.status === 200 ? JSON.parse(answer.body.toString()) : []
  }

  async function resolve({ method, path, query, fields, content }: Plan): Promise<SentRequest> {
    const ids = [...jobs.keys()].reverse()
    const named = meant(path).replace(/@job:(\d+)/g, (_, nth) => known(ids, nth))
    const target = (await withTransactions(named)) + query.replace('@cursor', cursor)
    const type = content !== undefined && content.type !== '' && !fields.some(([name]) => name === 'content-type')
    const described = type ? ([['content-type', content.type]] as const) : []
    const sent = content && bytes(content.text)
    const asked = { target, fields: [...fields.filter(([name]) => name === 'accept'), ...described] }
    const tagged = fields.some(([, value]) => value.includes('@etag'))
    const tag = tagged ? await currentTag({ ...asked, method, content: sent }) : ''
    const lines = fields.map(
      ([name, value]) => [name, value.replace('@etag', tag).replace('@key', () => randomUUID())] as const,
    )
    return { method, target, fields: [...lines, ...described], content: sent }
  }

  function bytes(text: string | Uint8Array): Uint8Array {
    if (typeof text !== 'string') return text
    return Buffer.from(meant(text).replace('@token', token))
  }

  const meant = (text: string): string =>
    text.replace(/@account:(\d+)/g, (_, nth) => known(accounts, nth)).replace(/@fresh:(\d+)/g, fresh)

  async function withTransactions(path: string): Promise<string> {
    const [, account] = /^(?:\/v2)?\/accounts\/([^/]+)\/transactions\/@/.exec(path) ?? []
    if (account === undefined) return path.replace(/@transaction:\d+/, 'x')
    const ids =
      transactions.get(account) ?? (await read(`/accounts/${account}/transactions?limit=5`)).map(({ id }) => id)
    transactions.set(account, ids)
    return path.replace(/@transaction:(\d+)/, (_, nth) => known(ids, nth))
  }

  /** Of the representation that the same Accept selects; for a QUERY, of the answer to its question. */
  async function currentTag(request: SentRequest): Promise<string> {
    const asks = request.method === 'QUERY'
    const answer = await send(asks ? request : { ...request, method: 'HEAD', content: undefined })
    return answer?.fields.etag ?? '"never"'
  }

  const accounts = (await read('/accounts?limit=1000&fields=id')).map(({ id }) => id)
  const becameJob = (path: string) => jobs.get(/\/jobs\/([^/.?]+)/.exec(path)?.[1] ?? '')
  return { resolve, send, becameJob, connections: () => connections, close: () => wire?.close() }
}

const known = (ids: readonly string[], nth: string): string => ids[Number(nth) % ids.length] ?? 'none'
const fresh = (_: string, nth: string): string => `0149f2c1-5c00-7a3e-8f4d-2b6c9e1d${nth.padStart(4, '0')}`
