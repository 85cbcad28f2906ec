// What was answered, as this client gets it: the last step of `respond`, for every answer alike.
import type { Answer } from './answer.ts'
import type { Exchange } from './exchange.ts'

/** Pure but for reading what is sent. */
export function deliver(_x: Exchange, answer: Answer): Answer {
  return answer
}
