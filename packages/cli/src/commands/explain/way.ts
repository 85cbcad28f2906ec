// The way of a request through the gates of a Comity server, from the trace that its answer names.
import type { Client, RequestOptions } from '@comity/client'
import { fieldValue } from '@comity/http'
import type { Asked } from './observe.ts'

export type Gate = {
  readonly gate: string
  readonly section: string
  readonly outcome: 'passed' | 'answered' | 'not-asked'
  readonly because?: string
}

export type Way = {
  readonly id: string
  readonly at: string
  readonly method: string
  readonly url: string
  readonly status: number
  readonly gates: readonly Gate[]
}

/** Undefined where the server keeps none. Only the server that answered is asked, in the name of who asked it. */
export async function wayOf(client: Client, { url, answer }: Asked, options: RequestOptions): Promise<Way | undefined> {
  const place = fieldValue(answer.fields, 'x-trace')
  if (place === undefined || !URL.canParse(place, url)) return undefined
  const target = new URL(place, url)
  if (target.origin !== new URL(url).origin) return undefined
  const credentials = ['authorization', 'x-api-key', 'cookie']
  const given = Object.entries(options.fields ?? {}).filter(([name]) => credentials.includes(name.toLowerCase()))
  const fields = { accept: 'application/json', ...Object.fromEntries(given) }
  const response = await client.get(target.href, { fields, throwOnError: false })
  if (response.status !== 200) {
    await response.discard()
    return undefined
  }
  const way: unknown = await response.json()
  return isWay(way) ? way : undefined
}

const outcomes: readonly unknown[] = ['passed', 'answered', 'not-asked']

const isWay = (value: unknown): value is Way =>
  isRecord(value) &&
  typeof value.method === 'string' &&
  typeof value.status === 'number' &&
  Array.isArray(value.gates) &&
  value.gates.every(
    gate =>
      isRecord(gate) &&
      typeof gate.gate === 'string' &&
      typeof gate.section === 'string' &&
      outcomes.includes(gate.outcome),
  )

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
