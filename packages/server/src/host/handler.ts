// From a Fastify request to its answer, where there is room for one more.
import { corsFields } from '@comity/http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { majorOf } from '../define/names.ts'
import { Exchange } from '../exchange/exchange.ts'
import { run } from '../exchange/run.ts'
import type { Runtime } from '../exchange/runtime.ts'
import type { Trace } from '../exchange/trace.ts'
import type { Costs, Load } from '../limits/load.ts'
import { FastifyIncoming, type Mount } from './incoming.ts'
import { send } from './send.ts'
import { shedding } from './shed.ts'
import { inTurn } from './turns.ts'

export type Handler = (request: FastifyRequest, reply: FastifyReply) => FastifyReply | Promise<FastifyReply>

/** `load` undefined: as many requests are taken as come. */
export function handlerOf(
  runtime: Runtime,
  mount: Mount,
  load: Load | undefined,
  trace: ((trace: Trace) => void) | undefined,
): Handler {
  const answer = answering(runtime, mount, trace)
  if (load === undefined) return answer
  const base = mount.publicUrl?.pathname.replace(/\/$/, '') ?? mount.prefix
  const said = { 'api-version': majorOf(runtime.model.version), ...runtime.securityFields?.answers }
  const shed = shedding(base, said, trace)
  return (request, reply) => {
    const over = load.enter(() => costsOf(runtime, mount, request))
    if (over !== undefined)
      return shed(over, reply, runtime.cors ? corsFields(runtime.cors, request.headers.origin) : {})
    const answered = answer(request, reply)
    if (!(answered instanceof Promise)) {
      load.leave()
      return answered
    }
    return answered.finally(load.leave)
  }
}

function answering(runtime: Runtime, mount: Mount, trace: ((trace: Trace) => void) | undefined): Handler {
  return (request, reply) => {
    const incoming = new FastifyIncoming(request, reply, mount)
    const x = new Exchange(runtime, incoming)
    if (trace || runtime.traces) x.trace = []
    const answer = inTurn(request.raw, () => run(x))
    if (!(answer instanceof Promise)) return send(x, reply, answer, trace)
    return answer.then(later => {
      const left = [incoming.discard(), ...x.files.map(({ laid }) => laid.discard())]
      Promise.all(left).catch(error => runtime.report(error, runtime.newId()))
      return send(x, reply, later, trace)
    })
  }
}

/** Whether the process lives, and what is there as bytes already, is told when nothing else is. */
function costsOf({ isKept }: Runtime, { prefix }: Mount, { raw }: FastifyRequest): Costs {
  if (raw.method !== 'GET' && raw.method !== 'HEAD') return 'first'
  const url = (raw.url ?? '/').slice(prefix.length)
  return url === '/livez' || url === '/readyz' || isKept(url) ? 'last' : 'first'
}
