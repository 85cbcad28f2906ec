// RFC 9110 §15.6.4: the 503 of a server that has too much to do: bytes that were made before, and nothing read.
import { problemKinds } from '@comity/http'
import type { FastifyReply } from 'fastify'
import { refuse } from '../exchange/answer.ts'
import { problemAnswer } from '../exchange/problem-answer.ts'
import type { Trace } from '../exchange/trace.ts'
import type { Overload } from '../limits/load.ts'

const details: Readonly<Record<Overload['kind'], string>> = {
  delay: 'Requests wait too long for those before them.',
  'under-way': 'Too many requests are under way.',
  memory: 'The memory of the server is nearly full.',
}

/** Who is told to come back is told so for different times, so that not all come back at once; in seconds. */
const waits = [1, 2, 3] as const

export type Shed = (over: Overload, reply: FastifyReply, fields: Readonly<Record<string, string>>) => FastifyReply

/** `base`: the path of the API. `said`: what every answer of the server says. */
export function shedding(
  base: string,
  said: Readonly<Record<string, string>>,
  trace: ((trace: Trace) => void) | undefined,
): Shed {
  const kind = problemKinds.get('overloaded')
  if (kind === undefined) throw new TypeError('no problem overloaded')
  const prepared = (about: Overload['kind']) => {
    const context = { kind, base, instance: 'about:blank', accept: undefined, acceptLanguage: undefined }
    return waits.map(wait => {
      const answer = problemAnswer(
        refuse('overloaded', details[about], { fields: { 'retry-after': String(wait) } }),
        context,
      )
      const { vary: _, ...fields } = answer.fields
      return { body: answer.body as Uint8Array, fields: { ...said, ...fields } }
    })
  }
  const answers = { delay: prepared('delay'), 'under-way': prepared('under-way'), memory: prepared('memory') }
  let turn = 0
  return (over, reply, more) => {
    turn = (turn + 1) % waits.length
    const { fields, body } = answers[over.kind][turn] as (typeof answers)['delay'][number]
    const { method, url = '/' } = reply.request.raw
    if (trace) {
      const because = `overloaded: ${details[over.kind]}`
      const step = { gate: 'service available', section: 'RFC 9110 §15.6.4', outcome: 'answered', because } as const
      trace({ method: method ?? '', url, status: 503, steps: [step] })
    }
    reply.hijack()
    reply.raw.writeHead(503, { ...fields, ...more })
    reply.raw.end(method === 'HEAD' ? undefined : body)
    return reply
  }
}
