// The bank of the examples, served on a free port for one test file.
import { after, before } from 'node:test'
import { type Api, type ServeOptions, serve } from '@comity/server'
import bank from '../../examples/bank/api.ts'
import { type Answered, agent, call, type Fields } from './call.ts'

export type Served = {
  /** `http://127.0.0.1:49152` */
  readonly url: string
  readonly call: (method: string, path: string, fields?: Fields, body?: unknown) => Promise<Answered>
  readonly close: () => Promise<void>
}

/** Serves an API in memory, until `close`. */
export async function startApi(api: Api, options: ServeOptions = {}): Promise<Served> {
  const { url, close } = await serve(api, { port: 0, database: 'sqlite::memory:', ...options })
  return { url, close, call: (method, path, fields, body) => call(method, url + path, fields, body) }
}

/** The seeded bank in memory, until `close`. */
export const startBank = (options: ServeOptions = {}): Promise<Served> => startApi(bank, options)

/** An API for all tests of the file or suite this stands in: started before the first, closed after the last. */
export function serving(start: () => Promise<Served>): Served {
  let served: Served | undefined
  const running = (): Served => {
    if (!served) throw new Error('the server is started before the first test')
    return served
  }
  before(async () => {
    served = await start()
  })
  after(async () => {
    agent.destroy()
    await served?.close()
  })
  return {
    get url() {
      return running().url
    },
    call: (...request) => running().call(...request),
    close: () => running().close(),
  }
}

/** A new account; nobody else knows it. */
export async function openAccount(bank: Served, members: Readonly<Record<string, unknown>> = {}) {
  const body = { type: 'current', name: 'Test', currency: 'EUR', ...members }
  const answer = await bank.call('POST', '/accounts', {}, body)
  if (answer.status !== 201) throw new Error(`no account: ${answer.status} ${answer.text}`)
  return { path: answer.fields.location ?? '', etag: answer.fields.etag ?? '', item: answer.json() }
}

let pairs = 0

/** A new exchange rate, at an id that was never used: AAA-AAB and so on. */
export async function fixRate(bank: Served) {
  const id = unusedPair()
  const [base, quote] = id.split('-')
  const body = { base, quote, rate: '1.500000', asOf: '2014-12-31T12:00:00.000Z' }
  const answer = await bank.call('PUT', `/rates/${id}`, { 'if-none-match': '*' }, body)
  if (answer.status !== 201) throw new Error(`no rate: ${answer.status} ${answer.text}`)
  return { path: `/rates/${id}`, etag: answer.fields.etag ?? '', item: answer.json() }
}

/** An id no rate has had. */
export function unusedPair(): string {
  const number = pairs++
  const letter = (at: number) => String.fromCharCode(65 + (Math.floor(number / 26 ** at) % 26))
  return `QQ${letter(2)}-X${letter(1)}${letter(0)}`
}
