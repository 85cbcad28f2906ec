// Through the gates, one after the other, until one answers.
import type { Later } from '../store/store.ts'
import type { Stop } from './answer.ts'
import type { Exchange } from './exchange.ts'
import type { Gate } from './gates.ts'

/** What the first gate that does not let the request pass says; undefined when all do. */
export function decide(gates: readonly Gate[], x: Exchange, from = 0): Later<Stop | undefined> {
  for (let index = from; index < gates.length; index++) {
    const gate = gates[index] as Gate
    const verdict = gate.ask(x)
    if (verdict instanceof Promise)
      return verdict.then(stop => {
        note(x, gate, stop)
        return stop ?? decide(gates, x, index + 1)
      })
    if (x.trace !== undefined) note(x, gate, verdict)
    if (verdict !== undefined) return verdict
  }
  return undefined
}

function note(x: Exchange, { name, section }: Gate, stop: Stop | undefined): void {
  if (stop === undefined) x.trace?.push({ gate: name, section, outcome: 'passed' })
  else x.trace?.push({ gate: name, section, outcome: 'answered', because: explain(stop) })
}

function explain(stop: Stop): string {
  switch (stop.kind) {
    case 'refused':
      return `${stop.code}: ${stop.detail}`
    case 'answered':
      return `${stop.answer.status}`
    case 'moved':
    case 'found-at':
      return `moved to ${stop.to}`
    case 'not-modified':
      return `${stop.field} names the current representation`
  }
}
